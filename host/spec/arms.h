// [[arm]]: what holds for a part of the product. And keys that refer to stages.
#pragma once

#include <string>
#include <vector>

#include "spec/outline.h"

namespace umm::spec {

// [after all axes were read]
void read_arm(Context& context, Outline& outline, const Value& table);

// Keys "stage.<name>...." must name a [[stage]] of the spec.
void check_stage_keys(Context& context, const Outline& outline);

// Reports keys that two arms set for the run `label` (S150). `arms`: those that hold for it.
void check_arms_agree(Context& context, const std::vector<const Arm*>& arms, const std::string& label);

}  // namespace umm::spec
