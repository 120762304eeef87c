// Each fault makes an honest toy break a promise; the check of that promise must say so.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "toy_plugins.h"

namespace umm::testing {

struct Fault {
  std::string check;  // that must catch it
  std::string name;
  std::string says;  // by the check, so that it is not caught by accident
  std::function<void(PluginEntry&)> spoil;
};

// Of architectures.
std::vector<Fault> entry_faults();  // what any plugin may break
std::vector<Fault> weight_faults();
std::vector<Fault> loss_faults();
std::vector<Fault> condition_faults();
std::vector<Fault> capability_faults();

std::vector<Fault> method_faults();
std::vector<Fault> dataset_faults();
std::vector<Fault> prompt_set_faults();
std::vector<Fault> detector_faults();
std::vector<Fault> answerer_faults();
std::vector<Fault> judge_faults();
std::vector<Fault> evaluator_faults();

}  // namespace umm::testing
