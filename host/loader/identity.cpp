#include "loader/identity.h"

#include <algorithm>
#include <array>
#include <boost/core/demangle.hpp>
#include <charconv>
#include <sstream>
#include <vector>

#include "loader/elf_file.h"
#include "loader/hash.h"
#include "umm/build_identity.h"
#include "umm/error.h"
#include "umm/file.h"

namespace umm {
namespace {

constexpr std::string_view kMagic = "UMMPLUG1\n";
constexpr const char* kRebuild = "configure and build it again with the UmmSdk of this program";

struct Rule {
  const char* code;
  const char* what;
  std::vector<const char*> keys;  // must be equal
  const char* fix;
};

const std::vector<Rule>& rules() {
  static const std::vector<Rule> all = {
      {"P003", "plugin has another entry layout or SDK epoch", {"entry_abi", "sdk_epoch"}, kRebuild},
      {"P007", "plugin was built with a newer SDK than this program's", {"sdk_version"}, "update ummbench"},
      {"P004", "plugin was built against other SDK headers", {"sdk_fingerprint"}, kRebuild},
      {"P005",
       "plugin was built against another LibTorch",
       {"torch_version", "torch_cpu_build_id", "c10_build_id"},
       kRebuild},
      {"P006",
       "plugin was compiled for another C++ ABI",
       {"cplusplus", "cxx11_abi", "standard_library", "abi_version", "sanitizers", "debug_containers"},
       "compile it with C++20 and the flags of umm_add_plugin(), without sanitizers or debug containers of "
       "its own"}};
  return all;
}

std::string value_of(const Identity& identity, const std::string& key) {
  const auto found = identity.find(key);
  return found == identity.end() ? "(absent)" : found->second;
}

std::array<int, 3> version_parts(const std::string& text) {
  std::array<int, 3> parts{};
  const char* at = text.data();
  const char* const end = text.data() + text.size();
  for (int& part : parts) {
    at = std::from_chars(at, end, part).ptr;
    if (at == end || *at++ != '.') break;
  }
  return parts;
}

// An older plugin of the same epoch is let through to the fingerprint, which knows what has changed.
bool breaks(const std::string& key, const Identity& plugin, const Identity& host) {
  const std::string needs = value_of(plugin, key), has = value_of(host, key);
  if (key == "sdk_version") return version_parts(needs) > version_parts(has);
  // Families number it differently; within one it must be equal.
  if (key == "abi_version" && needs.substr(0, needs.find(' ')) != has.substr(0, has.find(' '))) return false;
  return needs != has;
}

bool is_of_libtorch(std::string_view mangled) {
  static constexpr std::array<std::string_view, 6> kPrefixes = {"_ZN3c10", "_ZNK3c10",  "_ZN2at",
                                                                "_ZNK2at", "_ZN5torch", "_ZNK5torch"};
  return std::any_of(kPrefixes.begin(), kPrefixes.end(),
                     [&](std::string_view prefix) { return mangled.starts_with(prefix); });
}

std::string library_bytes(const std::filesystem::path& file) {
  try {
    return read_file(file);
  } catch (const InputError& error) {
    throw PluginRefused(
        {.code = "P001", .what = error.what(), .file = file, .fix = "make it readable, or copy it again"});
  }
}

// TORCH_LIBRARY and its like; the class before them; LibTorch's stable ABI.
bool registers_operators(const ElfFile& elf) {
  static constexpr std::array<std::string_view, 3> kMakers = {
      "_ZN5torch7LibraryC", "_ZN3c1017RegisterOperators", "aoti_torch_library_init"};
  const auto imported = elf.imported_symbols();
  return std::any_of(imported.begin(), imported.end(), [](const std::string& name) {
    return std::any_of(kMakers.begin(), kMakers.end(),
                       [&](std::string_view maker) { return name.starts_with(maker); });
  });
}

// P009, and P003 where there is no entry.
void check_linkage(const std::filesystem::path& file, const std::string& plugin, const ElfFile& elf) {
  Refusal own{.code = "P009",
              .what = "plugin brings a LibTorch of its own",
              .file = file,
              .plugin = plugin,
              .fix = "link umm::sdk alone, which brings this program's LibTorch"};
  for (const std::string& library : elf.needed_libraries())
    if (is_foreign_libtorch(library)) own.facts.emplace_back("links", library);
  const auto exported = elf.exported_symbols();
  const auto inside = std::find_if(exported.begin(), exported.end(), is_of_libtorch);
  if (inside != exported.end()) own.facts.emplace_back("defines", boost::core::demangle(inside->c_str()));
  if (!own.facts.empty()) throw PluginRefused(std::move(own));
  if (std::find(exported.begin(), exported.end(), "umm_plugin_entry_v1") == exported.end())
    throw PluginRefused({.code = "P003",
                         .what = "plugin exports no umm_plugin_entry_v1",
                         .file = file,
                         .plugin = plugin,
                         .fix = "end one of its sources with UMM_PLUGIN(function)"});
}

}  // namespace

Identity parse_identity(std::string_view text) {
  Identity identity;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    const auto equals = line.find('=');
    if (equals != std::string::npos) identity[line.substr(0, equals)] = line.substr(equals + 1);
  }
  return identity;
}

Identity host_identity() {
  return parse_identity(UMM_BUILD_IDENTITY_TEXT);
}

std::string plugin_name(const Identity& identity) {
  return value_of(identity, "id") + " " + value_of(identity, "version");
}

void check_identity(const std::filesystem::path& file, const Identity& plugin, const Identity& host) {
  for (const Rule& rule : rules()) {
    Refusal refusal{
        .code = rule.code, .what = rule.what, .file = file, .plugin = plugin_name(plugin), .fix = rule.fix};
    for (const std::string key : rule.keys) {
      if (!breaks(key, plugin, host)) continue;
      refusal.facts.emplace_back("needs", key + " " + value_of(plugin, key));
      refusal.facts.emplace_back("host", key + " " + value_of(host, key));
    }
    if (!refusal.facts.empty()) throw PluginRefused(std::move(refusal));
  }
}

bool is_foreign_libtorch(const std::string& library) {
  static constexpr std::array<std::string_view, 6> kOurs = {"libtorch.so",    "libtorch_cpu.so",
                                                            "libc10.so",      "libtorch_cuda.so",
                                                            "libc10_cuda.so", "libtorch_global_deps.so"};
  return (library.starts_with("libtorch") || library.starts_with("libc10")) &&
         std::find(kOurs.begin(), kOurs.end(), library) == kOurs.end();
}

std::string identity_warning(const Identity& plugin, const Identity& host) {
  const std::string theirs = value_of(plugin, "compiler"), ours = value_of(host, "compiler");
  if (theirs == ours) return "";
  return "plugin " + plugin_name(plugin) + " was compiled by " + theirs + ", this program by " + ours;
}

PluginFile inspect_plugin(const std::filesystem::path& file, const Identity& host) {
  std::string bytes = library_bytes(file);
  const std::string content_hash = hash_text(bytes);
  const auto elf = ElfFile::parse(std::move(bytes));
  if (!elf)
    throw PluginRefused({.code = "P001",
                         .what = "not a shared library for this machine, or only a part of one",
                         .file = file,
                         .facts = {{"host", "64-bit x86-64 ELF"}},
                         .fix = "build it here, or copy it whole"});
  const std::string_view section = elf->section("umm_plugin_meta");
  const std::string text(section.substr(0, section.find('\0')));
  if (!text.starts_with(kMagic))
    throw PluginRefused({.code = "P002",
                         .what = "library carries no ummbench identity",
                         .file = file,
                         .fix = "build it with umm_add_plugin(); other libraries do not end in .umm.so"});
  const Identity plugin = parse_identity(text);
  for (const char* key : {"id", "kind", "version", "cuda_architectures", "cuda_version"})
    if (!plugin.contains(key))
      throw PluginRefused({.code = "P002",
                           .what = "library's identity is incomplete",
                           .file = file,
                           .facts = {{"misses", key}},
                           .fix = "build it with umm_add_plugin(), which writes the identity"});
  check_identity(file, plugin, host);
  check_linkage(file, plugin_name(plugin), *elf);
  return {file, text, plugin, content_hash, registers_operators(*elf)};
}

}  // namespace umm
