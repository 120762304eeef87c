#include "loader/attach.h"

#include <link.h>

#include <algorithm>
#include <boost/core/demangle.hpp>
#include <boost/dll/shared_library.hpp>
#include <memory>
#include <set>

#include "loader/operators.h"
#include "umm/error.h"

namespace umm {
namespace {

// Libraries stay open until the process ends: their code may still be referenced by tensors' deleters.
std::vector<std::unique_ptr<boost::dll::shared_library>>& open_libraries() {
  static auto* libraries = new std::vector<std::unique_ptr<boost::dll::shared_library>>;
  return *libraries;
}

Refusal refusal_of(const PluginFile& plugin, const char* code, std::string what, std::string fix) {
  return {.code = code,
          .what = std::move(what),
          .file = plugin.file,
          .plugin = plugin_name(plugin.identity),
          .fix = std::move(fix),
          .has_run = true};
}

class CollectingRegistry : public Registry {
 public:
  CollectingRegistry(const PluginFile& plugin, const std::vector<LoadedPlugin>& known)
      : plugin_(plugin), known_(known) {}

  void add(PluginEntry entry) override {
    const auto same = [&](const PluginEntry& other) {
      return other.kind == entry.kind && other.id == entry.id;
    };
    const auto taken = [&](const std::string& by) {
      Refusal refusal = refusal_of(plugin_, "P011", "plugin registers an id that is taken",
                                   "give it another id, or take the other library out of the folders");
      refusal.facts = {{"id", detail::concat(to_text(entry.kind), " ", entry.id)}, {"held by", by}};
      return PluginRefused(std::move(refusal));
    };
    for (const auto& known : known_)
      if (same(known.entry)) throw taken(known.file.string());
    if (std::any_of(entries.begin(), entries.end(), same)) throw taken("the same library");
    entries.push_back(std::move(entry));
  }

  std::vector<PluginEntry> entries;

 private:
  const PluginFile& plugin_;
  const std::vector<LoadedPlugin>& known_;
};

// Where a name that the linker missed should have come from.
std::string home_of(const std::string& symbol) {
  if (symbol.starts_with("c10::")) return "libc10.so";
  if (symbol.starts_with("at::") || symbol.starts_with("torch::")) return "libtorch_cpu.so";
  if (symbol.starts_with("umm::")) return "libumm_sdk.so or libumm_common.so";
  return "none of the host's libraries";
}

// What the system's loader said, out of Boost's words around it.
std::string loader_message(const std::string& text) {
  static constexpr std::string_view kBefore = "dlerror system message: ";
  const auto at = text.find(kBefore);
  if (at == std::string::npos) return text;
  return text.substr(at + kBefore.size(), text.rfind(')') - at - kBefore.size());
}

Refusal unbound(const PluginFile& plugin, const std::string& reason) {
  Refusal refusal = refusal_of(plugin, "P010", "plugin cannot be bound", "");
  static constexpr std::string_view kUndefined = "undefined symbol: ";
  const auto at = reason.find(kUndefined);
  if (at == std::string::npos) {
    refusal.facts = {{"reason", reason}};
    refusal.fix = "put the libraries that it links where the loader finds them";
  } else {
    const auto begin = at + kUndefined.size();
    const std::string mangled = reason.substr(begin, reason.find_first_of(" ,:)\n", begin) - begin);
    const std::string symbol = boost::core::demangle(mangled.c_str());
    refusal.facts = {{"misses", symbol}, {"home", home_of(symbol)}};
    refusal.fix = "link the library that defines it, or remove the use";
  }
  refusal.has_run = false;
  return refusal;
}

std::set<std::string> mapped_libraries() {
  std::set<std::string> files;
  const auto add = [](dl_phdr_info* info, size_t, void* set) {
    static_cast<std::set<std::string>*>(set)->insert(info->dlpi_name);
    return 0;
  };
  dl_iterate_phdr(add, &files);
  return files;
}

// A library that the plugin links may itself bring another LibTorch, or the program's from another folder.
void check_single_libtorch(const PluginFile& plugin, const std::set<std::string>& before) {
  Refusal refusal = refusal_of(plugin, "P009", "a library that the plugin links brings a LibTorch of its own",
                               "link libraries that use this program's LibTorch, or none");
  for (const auto& file : mapped_libraries()) {
    const std::string name = std::filesystem::path(file).filename().string();
    const bool is_libtorch = name.starts_with("libtorch") || name.starts_with("libc10");
    const auto has_name = [&](const std::string& other) {
      return std::filesystem::path(other).filename() == name;
    };
    if (!before.contains(file) && is_libtorch &&
        (is_foreign_libtorch(name) || std::any_of(before.begin(), before.end(), has_name)))
      refusal.facts.emplace_back("brings", file);
  }
  if (!refusal.facts.empty()) throw PluginRefused(std::move(refusal));
}

const UmmPluginEntry& entry_of(const boost::dll::shared_library& library, const PluginFile& plugin) {
  const auto& entry = library.get<const UmmPluginEntry>("umm_plugin_entry_v1");
  if (entry.struct_size != sizeof(UmmPluginEntry) || entry.entry_abi != UMM_ENTRY_ABI)
    throw PluginRefused(refusal_of(plugin, "P003", "plugin's entry has another layout than this program's",
                                   "build it again with the UmmSdk of this program"));
  if (entry.identity != plugin.identity_text)
    throw PluginRefused(refusal_of(plugin, "P014", "plugin's section and symbol name different identities",
                                   "build it again from nothing; no tool may rewrite its sections"));
  const TypeSizes host = type_sizes();
  Refusal sizes = refusal_of(plugin, "P006", "plugin sees types of other sizes than this program",
                             "compile it without options that change layouts");
  for (size_t i = 0; i < host.size(); ++i) {
    if (entry.sizes[i] == host[i]) continue;
    sizes.facts.emplace_back("needs", detail::concat("sizeof(", kSizedTypes[i], ") ", entry.sizes[i]));
    sizes.facts.emplace_back("host", detail::concat("sizeof(", kSizedTypes[i], ") ", host[i]));
  }
  if (!sizes.facts.empty()) throw PluginRefused(std::move(sizes));
  return entry;
}

}  // namespace

std::vector<PluginEntry> attach_plugin(const PluginFile& plugin, const std::vector<LoadedPlugin>& known) {
  auto library = std::make_unique<boost::dll::shared_library>();
  const auto before = mapped_libraries();
  try {
    open_operators(plugin, [&] {
      // A bare file name would be looked for in the system's folders.
      library->load(std::filesystem::absolute(plugin.file),
                    boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
    });
  } catch (const std::exception& error) {
    throw PluginRefused(unbound(plugin, loader_message(error.what())));
  }
  const auto& kept = *open_libraries().emplace_back(std::move(library));
  check_single_libtorch(plugin, before);
  const auto& entry = entry_of(kept, plugin);
  CollectingRegistry registry(plugin, known);
  const auto failed = [&](const std::string& reason) {
    Refusal refusal = refusal_of(plugin, "P013", "plugin failed while registering", "see the reason");
    refusal.facts = {{"reason", reason}};
    return PluginRefused(std::move(refusal));
  };
  try {
    entry.attach(&registry);
  } catch (const PluginRefused&) {
    throw;
  } catch (const std::exception& error) {
    throw failed(error.what());
  } catch (...) {
    throw failed("it threw something that is no std::exception");
  }
  return std::move(registry.entries);
}

}  // namespace umm
