#include "launch/freeze.h"

#include <link.h>
#include <unistd.h>

#include <algorithm>
#include <set>

#include "loader/hash.h"
#include "train/files.h"
#include "umm/error.h"
#include "umm/file.h"

namespace umm {
namespace {

namespace fs = std::filesystem;

// Every library that this process has loaded.
std::vector<fs::path> loaded_libraries() {
  std::vector<fs::path> files;
  dl_iterate_phdr(
      [](dl_phdr_info* info, size_t, void* found) {
        const std::string name = info->dlpi_name;
        if (name.find('/') != std::string::npos)
          static_cast<std::vector<fs::path>*>(found)->emplace_back(name);
        return 0;
      },
      &files);
  return files;
}

bool belongs_to_system(const fs::path& library) {
  const std::string text = library.lexically_normal().string();
  return text.starts_with("/lib") || text.starts_with("/usr/lib");
}

fs::path freeze_file(const fs::path& output, const fs::path& file) {
  const fs::path copy = output / "frozen" / hash_file(file).substr(0, 16) / file.filename();
  if (fs::exists(copy)) return copy;
  make_folders(copy.parent_path());
  const fs::path pending =
      copy.parent_path() / (".new-" + std::to_string(getpid()) + "-" + file.filename().string());
  write_text_file(pending, read_file(file));
  fs::permissions(pending, fs::status(file).permissions());
  std::error_code failed;
  fs::rename(pending, copy, failed);
  UMM_CHECK(!failed, copy.string(), ": cannot be made: ", failed.message());
  return copy;
}

}  // namespace

std::vector<const LoadedPlugin*> plugins_of(const RunConfig& run, const Catalogue& catalogue) {
  std::vector<const LoadedPlugin*> plugins;
  const auto add = [&](PluginKind kind, const std::string& id) {
    const LoadedPlugin* plugin = id.empty() ? nullptr : catalogue.find(kind, id);
    if (plugin != nullptr && std::find(plugins.begin(), plugins.end(), plugin) == plugins.end())
      plugins.push_back(plugin);
  };
  add(PluginKind::architecture, run.architecture.id);
  for (const auto& stage : run.stages) {
    add(PluginKind::method, stage.method.id);
    for (const auto& [name, flow] : stage.flows) add(PluginKind::dataset, flow.dataset.id);
  }
  for (const auto& evaluation : run.evaluations) {
    add(PluginKind::evaluator, evaluation.evaluator.id);
    add(PluginKind::prompt_set, evaluation.prompt_set.id);
    for (const auto& [kind, use] : evaluation.providers) add(kind, use.id);
  }
  return plugins;
}

FrozenProgram freeze_program(const Experiment& experiment, const Catalogue& catalogue) {
  const fs::path output = fs::absolute(experiment.output);
  FrozenProgram frozen;
  frozen.program = freeze_file(output, fs::read_symlink("/proc/self/exe"));
  for (const auto& run : experiment.runs) {
    if (!run.awaits.empty()) continue;
    for (const LoadedPlugin* plugin : plugins_of(run, catalogue)) {
      if (frozen.plugins.contains(plugin->file)) continue;
      // Identities hold the content that was loaded.
      UMM_CHECK_INPUT(hash_file(plugin->file) == plugin->content_hash, plugin->file.string(),
                      ": was built again since this command began; give it once more");
      frozen.plugins[plugin->file] = freeze_file(output, plugin->file);
    }
  }
  // Ours are copied; what is beside them (LibTorch, a bundle's own libraries) is found where it lies, for the
  // copies no longer lie where their run paths start from.
  std::vector<fs::path> beside;
  for (const auto& library : loaded_libraries()) {
    if (belongs_to_system(library)) continue;
    if (library.filename().string().starts_with("libumm_"))
      frozen.library_folders.push_back(freeze_file(output, library).parent_path());
    else if (!library.filename().string().ends_with(".umm.so"))
      beside.push_back(fs::absolute(library).lexically_normal().parent_path());
  }
  std::set<fs::path> seen;
  for (const auto& folder : beside)
    if (seen.insert(folder).second) frozen.library_folders.push_back(folder);
  return frozen;
}

}  // namespace umm
