// Options as JSON: in a stored protocol, and in the file of a run.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "umm/options.h"

namespace umm {

nlohmann::json to_json(const Options& options);

// The values that `json` has, each of the type that the schema declares; none of those that it lacks.
// InputError: a name that is not declared, a value of another type.
std::map<std::string, OptionValue> option_values(const OptionSchema& schema, const nlohmann::json& json);

}  // namespace umm
