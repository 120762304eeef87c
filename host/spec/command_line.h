// `--set` and `--only`: what a command changes of a spec, and which of its runs it means.
#pragma once

#include <vector>

#include "spec/experiment.h"
#include "spec/outline.h"

namespace umm::spec {

// A key that an axis sweeps replaces that axis's values: one value, or all of a list. One key of a coupled
// axis has the value in every row; rows that are then equal become one.
void read_command_line(Context& context, Outline& outline, const std::vector<Entry>& entries);

// Leaves the runs that every pattern fits: `axis=pattern` on the label of a run's choice, `reference=pattern`
// on the name of a reference. Returns how many were left out. Reports S171 (no such axis), S172 (none fits).
int64_t keep_only(Problems& problems, const Outline& outline, const std::vector<Entry>& patterns,
                  std::vector<RunConfig>& runs);

// `*` stands for any characters, `?` for one; numbers are also compared by value: 4e-4 fits 0.0004.
bool fits(const std::string& pattern, const std::string& text);

}  // namespace umm::spec
