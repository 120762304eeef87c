#include "train/freeze.h"

#include <ATen/core/Tensor.h>

#include <algorithm>
#include <set>

#include "umm/error.h"

namespace umm {
namespace {

void check_known(const StageConfig& stage, const Architecture& model, const std::vector<std::string>& groups,
                 const char* purpose) {
  std::set<std::string> known;
  std::string names;
  for (const auto& group : model.parameter_groups()) {
    known.insert(group.name);
    names += (names.empty() ? "" : ", ") + group.name;
  }
  for (const auto& group : groups) {
    UMM_CHECK_INPUT(known.contains(group), "stage ", stage.name, ": no parameter group \"", group, "\" to ",
                    purpose, "; the architecture has ", names);
  }
}

}  // namespace

void check_groups(const StageConfig& stage, const Architecture& model) {
  check_known(stage, model, stage.train.trained_groups, "train");
  check_known(stage, model, stage.train.undecayed_groups, "leave without weight decay");
  check_known(stage, model, stage.train.reinitialized_groups, "reinitialize");
}

std::vector<Parameter> freeze(Architecture& model, const Method& method, const StageConfig& stage) {
  check_groups(stage, model);
  const auto& chosen = stage.train.trained_groups;
  const auto groups = chosen.empty() ? method.trained_groups(model) : chosen;
  check_known(stage, model, groups, "train");
  std::vector<Parameter> trained;
  for (auto& parameter : model.parameters()) {
    const bool train = std::find(groups.begin(), groups.end(), parameter.group) != groups.end();
    parameter.value.mutable_grad() = Tensor();
    if (parameter.value.is_floating_point()) parameter.value.requires_grad_(train);
    if (train) trained.push_back(parameter);
  }
  UMM_CHECK_INPUT(!trained.empty(), "stage ", stage.name, " trains no parameter of the model");
  return trained;
}

}  // namespace umm
