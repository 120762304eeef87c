// [resources]: what a run asks of a machine. No identity depends on it.
#pragma once

#include <optional>
#include <string>

#include "spec/context.h"
#include "spec/experiment.h"

namespace umm::spec {

ResourceConfig bind_resources(Context& context, Merged& settings);

// Whether a variable of the environment may be called so.
bool is_variable_name(const std::string& text);

// "https://host/v1" of "https://user:key@host/v1?api-key=key".
std::string url_without_secrets(const std::string& url);

// Whether a URL may be stored as it is: no user, no fragment and no query, but for Azure's "?api-version=".
bool is_keyless_url(const std::string& url);

// Seconds of "12h", "90m", "30s", "1h30m": each unit once, larger ones first; nullopt: not so, or zero.
std::optional<double> seconds_of(const std::string& duration);

}  // namespace umm::spec
