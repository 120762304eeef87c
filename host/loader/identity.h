// The build identity of a plugin, read from its file without running anything of it, against that of this
// program.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "loader/refusal.h"

namespace umm {

using Identity = std::map<std::string, std::string>;  // "torch_cpu_build_id" -> "feae..."

Identity parse_identity(std::string_view text);
Identity host_identity();

std::string plugin_name(const Identity& identity);  // "harmon 0.4.1"

struct PluginFile {
  std::filesystem::path file;
  std::string identity_text;  // the section umm_plugin_meta
  Identity identity;
  std::string content_hash;          // SHA-256 of the file, hex
  bool registers_operators = false;  // with LibTorch, while it is being opened
};

// Throws PluginRefused, P001 to P009 but P008, for the first rule that the file breaks, with all facts of
// that rule. Order and rules: ARCHITECTURE.md, "Exact build identity".
PluginFile inspect_plugin(const std::filesystem::path& file, const Identity& host);

// The part of it that compares: P003 to P007.
void check_identity(const std::filesystem::path& file, const Identity& plugin, const Identity& host);

// Whether this is the file name of a LibTorch that is not the program's: "libtorch_cpu-9f3c.so".
bool is_foreign_libtorch(const std::string& library);

// What may differ but can explain a failure: the compiler. "" if nothing.
std::string identity_warning(const Identity& plugin, const Identity& host);

}  // namespace umm
