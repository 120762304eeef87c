// A plan in words, and as JSON for programs. The keys of the latter are described in docs/plan.md and are
// added to, never renamed.
#pragma once

#include <optional>
#include <string>

#include "plan/diff.h"
#include "plan/plan.h"

namespace umm::cli {

void print_plan(const Plan& plan, const std::optional<Diff>& diff);

std::string plan_json(const Plan& plan, const std::optional<Diff>& diff);

}  // namespace umm::cli
