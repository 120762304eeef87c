#include "loader/guard.h"

#include "process/exception_text.h"
#include "umm/error.h"

namespace umm {

std::string named(PluginKind kind, std::string_view id) {
  return detail::concat(to_text(kind), " `", id, "`");
}

void rethrow_named(const std::string& plugin, std::string_view doing) {
  const std::string text = detail::concat(plugin, ", while ", doing, ": ", exception_text());
  try {
    throw;
  } catch (const InputError&) {
    throw InputError(text);
  } catch (...) {
    throw Error(text);
  }
}

}  // namespace umm
