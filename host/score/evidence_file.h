// Evidence about a prompt set in JSON lines {"item", "image", "evidence"}: the form that the database has.
#pragma once

#include <string>
#include <vector>

#include "evaluate/benchmark.h"

namespace umm {

// Whether the first line that is not blank is such a one; else it is perhaps a log that others published.
bool is_evidence_file(const std::string& text);

// InputError with file and line: what is no evidence, or none that the benchmark can score, or about no
// picture that it asks for, or there twice.
std::vector<results::EvidenceRow> read_evidence_file(const std::string& text, const std::string& file,
                                                     const Benchmark& benchmark);

}  // namespace umm
