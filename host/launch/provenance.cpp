#include "launch/provenance.h"

#include "cuda/cuda_driver.h"
#include "launch/git_state.h"
#include "loader/identity.h"
#include "meter/phase_meter.h"
#include "process/owner.h"

namespace umm {
namespace {

std::vector<std::string> device_names() {
  std::vector<std::string> names;
  for (int device = 0; device < cuda_driver_device_count(); ++device)
    names.push_back(cuda_device_name(device));
  if (names.empty()) names.push_back(device_name(c10::Device("cpu")));
  return names;
}

}  // namespace

results::Submission submission_of(const Experiment& experiment, const std::string& program_version) {
  results::Submission from;
  from.host = ProcessOwner::of_this_process().host;
  from.devices = device_names();
  from.program_version = program_version;
  from.torch_version = host_identity()["torch_version"];
  from.overrides = experiment.overrides;
  if (const auto git = git_state(experiment.spec_path)) {
    from.git_commit = git->commit;
    from.git_dirty = git->dirty;
    from.git_diff = git->diff;
  }
  return from;
}

results::RunSources sources_of(const RunConfig& run, const Catalogue& catalogue) {
  results::RunSources sources;
  sources.inputs = run.inputs;
  const auto add = [&](PluginKind kind, const std::string& id) {
    const LoadedPlugin* plugin = id.empty() ? nullptr : catalogue.find(kind, id);
    if (plugin != nullptr)
      sources.plugins.push_back({to_text(kind), id, plugin->version, plugin->content_hash});
  };
  add(PluginKind::architecture, run.architecture.id);
  for (const auto& stage : run.stages) {
    add(PluginKind::method, stage.method.id);
    for (const auto& [name, flow] : stage.flows) add(PluginKind::dataset, flow.dataset.id);
  }
  for (const auto& evaluation : run.evaluations) {
    add(PluginKind::evaluator, evaluation.evaluator.id);
    add(PluginKind::prompt_set, evaluation.prompt_set.id);
    add(PluginKind::detector, evaluation.detector.id);
  }
  return sources;
}

}  // namespace umm
