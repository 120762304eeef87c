// Refusals carry the codes of the plugin contract: P001 not an ELF file of this machine, P002 no identity,
// P003 another entry layout, P005 built differently, P010 cannot be bound, P011 duplicate id,
// P013 failed while registering.
#include "loader/catalogue.h"

#include <algorithm>
#include <boost/dll/runtime_symbol_info.hpp>
#include <boost/dll/shared_library.hpp>
#include <cstdlib>
#include <memory>

#include "loader/hash.h"
#include "loader/identity.h"
#include "umm/error.h"

namespace umm {
namespace {

namespace fs = std::filesystem;

// Libraries stay open until the process ends: their code may still be referenced by tensors' deleters.
std::vector<std::unique_ptr<boost::dll::shared_library>>& open_libraries() {
  static auto* libraries = new std::vector<std::unique_ptr<boost::dll::shared_library>>;
  return *libraries;
}

class CollectingRegistry : public Registry {
 public:
  explicit CollectingRegistry(const std::vector<LoadedPlugin>& known) : known_(known) {}

  void add(PluginEntry entry) override {
    const auto same = [&](const PluginEntry& other) {
      return other.kind == entry.kind && other.id == entry.id;
    };
    for (const auto& plugin : known_) {
      UMM_CHECK(!same(plugin.entry), "P011 ", to_text(entry.kind), " `", entry.id,
                "` is already provided by ", plugin.file.string());
    }
    UMM_CHECK(std::none_of(entries.begin(), entries.end(), same), "P011 ", to_text(entry.kind), " `",
              entry.id, "` is registered twice");
    entries.push_back(std::move(entry));
  }

  std::vector<PluginEntry> entries;

 private:
  const std::vector<LoadedPlugin>& known_;
};

void check_identity(const fs::path& file) {
  const std::string mismatch = identity_mismatch(read_identity(file), host_identity());
  UMM_CHECK_INPUT(mismatch.empty(), "P005 ", file.string(), ": built differently from this program:\n",
                  mismatch,
                  "  fix: rebuild the plugin with this SDK and LibTorch; nothing of the plugin was executed");
}

std::vector<PluginEntry> attach(const fs::path& file, const std::vector<LoadedPlugin>& known) {
  auto library = std::make_unique<boost::dll::shared_library>();
  try {
    library->load(file, boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
  } catch (const std::exception& error) {
    throw InputError(detail::concat("P010 ", file.string(), ": cannot be bound: ", error.what()));
  }
  auto& kept = *open_libraries().emplace_back(std::move(library));
  UMM_CHECK_INPUT(kept.has("umm_plugin_entry_v1"), "P003 ", file.string(),
                  ": exports no umm_plugin_entry_v1; is UMM_PLUGIN(...) missing?");
  const auto* entry = kept.get<const UmmPluginEntry*()>("umm_plugin_entry_v1")();
  UMM_CHECK_INPUT(entry != nullptr && entry->struct_size == sizeof(UmmPluginEntry) && entry->entry_abi == 1,
                  "P003 ", file.string(), ": its entry has another layout than this program's");
  CollectingRegistry registry(known);
  try {
    entry->attach(&registry);
  } catch (const std::exception& error) {
    throw InputError(detail::concat("P013 ", file.string(), ": failed while registering: ", error.what()));
  }
  return std::move(registry.entries);
}

std::vector<fs::path> plugin_files(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code missing;
  for (const auto& entry : fs::directory_iterator(folder, missing)) {
    if (entry.path().string().ends_with(".umm.so")) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

Catalogue Catalogue::load(const std::vector<fs::path>& folders) {
  Catalogue catalogue;
  for (const auto& folder : folders) {
    for (const auto& file : plugin_files(folder)) {
      try {
        check_identity(file);
        const std::string content_hash = hash_file(file);
        for (auto& entry : attach(file, catalogue.entries_)) {
          catalogue.entries_.push_back({std::move(entry), file, content_hash});
        }
      } catch (const Error& error) {
        catalogue.rejected_.push_back({file, error.what()});
      }
    }
  }
  return catalogue;
}

Catalogue Catalogue::of(std::vector<LoadedPlugin> entries) {
  Catalogue catalogue;
  catalogue.entries_ = std::move(entries);
  return catalogue;
}

std::vector<fs::path> Catalogue::default_folders() {
  std::vector<fs::path> folders;
  if (const char* path = std::getenv("UMM_PLUGIN_PATH")) {
    std::istringstream parts(path);
    for (std::string part; std::getline(parts, part, ':');) {
      if (!part.empty()) folders.emplace_back(part);
    }
    return folders;
  }
  return {fs::path(boost::dll::program_location().string()).parent_path() / "plugins"};
}

const LoadedPlugin* Catalogue::find(PluginKind kind, std::string_view id) const {
  const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const LoadedPlugin& plugin) {
    return plugin.entry.kind == kind && plugin.entry.id == id;
  });
  return found == entries_.end() ? nullptr : &*found;
}

const LoadedPlugin& Catalogue::at(PluginKind kind, const std::string& id) const {
  if (const LoadedPlugin* found = find(kind, id)) return *found;
  std::string message =
      detail::concat(to_text(kind), " `", id, "` is not provided by any plugin; there are:");
  for (const auto& plugin : entries_) {
    if (plugin.entry.kind == kind) message += " " + plugin.entry.id;
  }
  for (const auto& plugin : rejected_) message += "\nrejected " + plugin.message;
  throw InputError(message);
}

}  // namespace umm
