// Calls of plugin code. Whatever it throws leaves as the project's own Error, with the plugin's name and what
// it was doing, so that one bad plugin fails one run by name.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "umm/plugin.h"

namespace umm {

// "method `reca`"
std::string named(PluginKind kind, std::string_view id);

// Throws the exception in flight as InputError where it is one, else as Error:
// "method `reca`, while computing the loss: index out of range". [within a catch block]
[[noreturn]] void rethrow_named(const std::string& plugin, std::string_view doing);

//   guarded(named(PluginKind::method, "reca"), "computing the loss", [&] { return method.loss(...); });
template <typename Call>
decltype(auto) guarded(const std::string& plugin, std::string_view doing, Call&& call) {
  try {
    return std::forward<Call>(call)();
  } catch (...) {
    rethrow_named(plugin, doing);
  }
}

}  // namespace umm
