#include "bundle/differences.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "loader/identity.h"
#include "results/database.h"
#include "results/protocol_difference.h"
#include "spec/identity.h"
#include "umm/error.h"

namespace umm {
namespace {

constexpr size_t kShortHash = 12;  // hex digits

void add(std::vector<std::string>& differences, const std::string& text) {
  if (std::count(differences.begin(), differences.end(), text) == 0) differences.push_back(text);
}

const LoadedPlugin* find(const Catalogue& catalogue, const results::RunPlugin& wanted) {
  for (const auto& plugin : catalogue.entries())
    if (plugin.entry.id == wanted.plugin && to_text(plugin.entry.kind) == wanted.kind) return &plugin;
  return nullptr;
}

// Hashes of libraries and of what was trained before: those differ with every build.
bool follows_from_build(const std::string& key) {
  return key == "trained" || key == "previous" || key.ends_with(" library") || key.ends_with(".libraries");
}

void compare(const std::string& what, const std::string& stored, const std::string& here,
             std::vector<std::string>& differences) {
  for (const auto& setting : results::differing_settings(stored, here))
    if (!follows_from_build(setting.setting))
      add(differences, fmt::format("{}: {} = {}, here {}", what, setting.setting, setting.a, setting.b));
}

}  // namespace

void add_build_differences(const BundleManifest& stored, const std::string& program_version,
                           std::vector<std::string>& differences) {
  const auto& then = stored.submitted;
  if (then.program_version != program_version)
    add(differences, fmt::format("ummbench: version {}, here {}", then.program_version, program_version));
  const std::string torch = host_identity()["torch_version"];
  if (then.torch_version != torch)
    add(differences, fmt::format("LibTorch: version {}, here {}", then.torch_version, torch));
}

void add_plugin_differences(const std::vector<results::RunPlugin>& stored, const Catalogue& catalogue,
                            std::vector<std::string>& differences) {
  std::vector<std::string> missing;
  for (const auto& plugin : stored) {
    const LoadedPlugin* here = find(catalogue, plugin);
    if (here == nullptr)
      add(missing, fmt::format("{} {}, version {}", plugin.kind, plugin.plugin, plugin.version));
    else if (here->content_hash != plugin.content_hash)
      add(differences, fmt::format("{} {}: version {} ({}), here {} ({})", plugin.kind, plugin.plugin,
                                   plugin.version, plugin.content_hash.substr(0, kShortHash), here->version,
                                   here->content_hash.substr(0, kShortHash)));
  }
  UMM_CHECK_INPUT(missing.empty(), "the runs need plugins that are not here:", as_list(missing),
                  "\ngive the folder that they lie in: ummbench --plugins FOLDER reproduce ...");
}

void add_setting_differences(const results::Store& store, const results::RunRow& stored,
                             const RunConfig& here, std::vector<std::string>& differences) {
  if (stored.identity == here.identity) return;
  compare(here.name, stored.canonical_config, here.canonical, differences);
  results::Statement stage(store.handle(),
                           "SELECT stage.canonical_config FROM run_stage JOIN stage ON stage.id = stage_id "
                           "JOIN run ON run.id = run_id WHERE run.identity = ? ORDER BY position");
  stage.bind(stored.identity);
  for (const auto& config : here.stages) {
    if (!stage.step()) break;
    compare(here.name + ", " + config.name, stage.text(0), config.canonical, differences);
  }
}

const EvaluationConfig& evaluation_of(const RunConfig& run, const results::Cell& cell,
                                      const std::vector<std::string>& differences) {
  const auto is_on = [&](const EvaluationConfig& one) {
    return one.evaluator.id == cell.benchmark || one.name == cell.benchmark;
  };
  const auto fit = [&](const EvaluationConfig& one) {
    return std::tuple(is_on(one), one.protocol_hash == cell.protocol_hash, one.weights == cell.weights,
                      canonical_text(one.sampling) == cell.sampling_text);
  };
  const auto found = std::max_element(run.evaluations.begin(), run.evaluations.end(),
                                      [&](const auto& a, const auto& b) { return fit(a) < fit(b); });
  UMM_CHECK_INPUT(found != run.evaluations.end() && is_on(*found), run.name, ": is no longer evaluated on ",
                  cell.benchmark);
  UMM_CHECK_INPUT(
      found->protocol_hash == cell.protocol_hash, run.name, ": ", cell.benchmark, " has the protocol ",
      found->protocol_hash, " with what is here, and the stored scores have ", cell.protocol_hash,
      ": they do not compare. Plugins of other versions may have other options:", as_list(differences));
  return *found;
}

std::string as_list(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += "\n  " + line;
  return text.empty() ? " none" : text;
}

}  // namespace umm
