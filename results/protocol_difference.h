// In what two protocols differ.
#pragma once

#include <string>
#include <vector>

namespace umm::results {

struct SettingDifference {
  std::string setting;  // "images_per_prompt", "evaluator_options.threshold"
  std::string a, b;     // its values; "unset" where a side does not have it
};

// Texts are JSON objects, or lines of "key = value". Empty: they say the same.
std::vector<SettingDifference> differing_settings(const std::string& a, const std::string& b);

}  // namespace umm::results
