// The parts of a spec that refer to others: arms to axes, `--set` to what it replaces, keys to stages.
#pragma once

#include <vector>

#include "spec/outline.h"

namespace umm::spec {

// [after all axes were read]
void read_arm(Context& context, Outline& outline, const Value& table);

// A key that an axis sweeps replaces that axis's values: one value, or all of a list.
void read_command_line(Context& context, Outline& outline, const std::vector<Entry>& entries);

// Keys "stage.<name>...." must name a [[stage]] of the spec.
void check_stage_keys(Context& context, const Outline& outline);

// Reports keys that two arms set for the run `label` (S150). `arms`: those that hold for it.
void check_arms_agree(Context& context, const std::vector<const Arm*>& arms, const std::string& label);

}  // namespace umm::spec
