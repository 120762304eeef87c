// What [report] of a stored sweep's spec asks of its report. Read from the spec's text in the database, so it
// holds wherever the database lies; recipes of tables are read from their files.
#pragma once

#include <string>

#include "results/report/spec_report.h"
#include "results/store.h"

namespace umm {

results::SpecReport spec_report(const results::Store& store, const std::string& sweep);

}  // namespace umm
