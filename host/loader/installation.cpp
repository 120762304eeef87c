#include "loader/installation.h"

#include <boost/dll/runtime_symbol_info.hpp>
#include <initializer_list>

namespace umm {
namespace {

namespace fs = std::filesystem;

fs::path program_folder() {
  return fs::path(boost::dll::program_location().string()).parent_path();
}

fs::path first_folder(std::initializer_list<const char*> candidates) {
  const fs::path program = program_folder();
  for (const char* candidate : candidates)
    if (fs::is_directory(program / candidate)) return (program / candidate).lexically_normal();
  return (program / *candidates.begin()).lexically_normal();
}

}  // namespace

fs::path installed_plugins() {
  return first_folder({"plugins", "../lib/ummbench/plugins", "../plugins"});
}

fs::path tiny_world_files() {
  return first_folder({"../../experiments/tiny", "../share/ummbench/tiny", "../experiments/tiny"});
}

fs::path plugin_templates() {
  return first_folder({"../../templates", "../share/ummbench/templates"});
}

fs::path installed_protocols() {
  return first_folder(
      {"../../experiments/protocols", "../share/ummbench/protocols", "../experiments/protocols"});
}

fs::path sdk_prefix() {
  const fs::path prefix = program_folder().parent_path();
  return fs::exists(prefix / "lib/cmake/UmmSdk/UmmSdkConfig.cmake") ? prefix : fs::path();
}

}  // namespace umm
