#include "loader/catalogue.h"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <sstream>

#include "loader/attach.h"
#include "loader/hash.h"
#include "loader/identity.h"
#include "loader/installation.h"
#include "loader/operators.h"
#include "umm/build_identity.h"
#include "umm/error.h"
#include "umm/log.h"

namespace umm {
namespace {

namespace fs = std::filesystem;

Refusal deadly(const PluginFile& plugin, const std::string& fault) {
  return {
      .code = "P012",
      .what = "plugin crashed or hung while being described, and is in quarantine",
      .file = plugin.file,
      .plugin = plugin_name(plugin.identity),
      .facts = {{"reason", fault}},
      .fix =
          "move CUDA and file work out of global constructors; try again with `ummbench plugin list --retry`",
      .has_run = true};
}

std::vector<fs::path> plugin_files(const fs::path& place) {
  if (fs::is_regular_file(place)) return {place};
  std::vector<fs::path> files;
  std::error_code missing;
  for (const auto& entry : fs::directory_iterator(place, missing)) {
    if (entry.path().string().ends_with(".umm.so")) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

Catalogue Catalogue::load(const std::vector<fs::path>& places) {
  Probe probe;
  return load(places, probe);
}

Catalogue Catalogue::load(const std::vector<fs::path>& places, Probe& probe, const AskGpus& gpus) {
  Catalogue catalogue;
  catalogue.places_ = places;
  const Identity host = host_identity();
  std::set<std::string> taken;  // content hashes: a copy of a library is no second one
  for (const auto& place : places) {
    for (const auto& file : plugin_files(place)) {
      try {
        const PluginFile plugin = inspect_plugin(file, host);
        if (!taken.insert(plugin.content_hash).second) continue;
        check_cuda(plugin, host, gpus);
        const std::string warning = identity_warning(plugin.identity, host);
        if (!warning.empty()) log_warning(warning);
        const auto attach = [&] { return attach_plugin(plugin, catalogue.entries_); };
        const std::string key =
            hash_text(plugin.content_hash + UMM_BUILD_IDENTITY_TEXT + operators_before(plugin));
        const std::string fault = probe.fault(key, attach);
        if (!taken_namespace(fault).empty()) throw PluginRefused(namespace_taken(plugin, fault));
        if (!fault.empty()) throw PluginRefused(deadly(plugin, fault));
        for (auto& entry : attach())
          catalogue.entries_.push_back(
              {std::move(entry), file, plugin.identity.at("version"), plugin.content_hash});
      } catch (const PluginRefused& refused) {
        catalogue.rejected_.push_back(refused.refusal);
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
  const char* path = std::getenv("UMM_PLUGIN_PATH");
  if (path == nullptr) return {installed_plugins()};
  std::vector<fs::path> folders;
  std::istringstream parts(path);
  for (std::string part; std::getline(parts, part, ':');) {
    if (!part.empty()) folders.emplace_back(part);
  }
  return folders;
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
  for (const auto& refusal : rejected_) message += "\n" + to_text(refusal);
  throw InputError(message);
}

}  // namespace umm
