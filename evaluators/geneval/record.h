// Reading and writing of GenEval's records and of our evidence, both one JSON object each.
//   record    {"tag", "prompt", "include": [clause, ...], "exclude"?: [clause, ...]}
//   clause    {"class", "count", "color"?, "position"?: [relation, index of an earlier clause]}
//   evidence  {"detections": [{"label", "score", "box": [x1, y1, x2, y2], "color_scores"?: [10]}]}
#pragma once

#include <string>
#include <vector>

#include "rules.h"

namespace umm::geneval {

// Throws InputError that starts with `where` ("prompts.jsonl:17").
Record parse_record(const std::string& text, const std::string& where);

// Throws InputError unless the records, of which each line is one, are the published ones: GenEval's own, or
// the rewritten ones that BAGEL and RecA use.
enum class Published { plain, rewritten };
void expect_published(const std::vector<std::string>& records, Published which, const std::string& where);

// The prompt's name by its line, from 0: "00017".
std::string id_of_line(size_t line);

// Whether a number is one as float32, neither infinite nor not a number.
bool fits_float(double value);

std::string evidence_text(const std::vector<Evidence>& evidence);

// Throws Error where `text` is not what evidence_text() writes of finite numbers.
std::vector<Evidence> parse_evidence(const std::string& text);

}  // namespace umm::geneval
