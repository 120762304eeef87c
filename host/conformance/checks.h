// The lists of checks that conformance.h puts together, one source file each.
#pragma once

#include "conformance/conformance.h"

namespace umm::conformance {

std::vector<Check> any_plugin_checks();
std::vector<Check> architecture_checks();  // parameters, objectives, checkpoints
std::vector<Check> condition_checks();     // words, pictures, dropout, gradient scale
std::vector<Check> capability_checks();    // what an architecture does besides: encode, generate, answer, ...
std::vector<Check> method_checks();
std::vector<Check> dataset_checks();
std::vector<Check> evaluation_checks(PluginKind kind);  // prompt sets, detectors, evaluators

}  // namespace umm::conformance
