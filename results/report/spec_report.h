// What [report] of a sweep's spec asks of its report; host/tables reads it.
#pragma once

#include <map>
#include <string>

namespace umm::results {

struct SpecReport {
  std::map<std::string, std::string> baseline = {};  // axis -> label, as runs have it; empty: every two rows
  bool correct = true;                               // p-values, for their number
  std::string tables_html = {};  // of recipes; one that cannot be made says why in its place
};

}  // namespace umm::results
