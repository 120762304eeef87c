// Plugins as JSON, for scripts: what `plugin list` and `plugin show` print with --json.
#pragma once

#include <nlohmann/json.hpp>

#include "loader/catalogue.h"

namespace umm::cli {

const char* type_name(OptionType type);  // "boolean", "integer", "number", "text", "path"

// kind, id, version, doc, file, sha256, provides, needs (at its defaults), options and sampling: lists of
// name, type, default, minimum, maximum, choices, doc; bounds and choices where there are any.
nlohmann::ordered_json to_json(const LoadedPlugin& plugin);

nlohmann::ordered_json to_json(const Refusal& refusal);  // code, what, file, plugin, facts, fix, has_run

}  // namespace umm::cli
