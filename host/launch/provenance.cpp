#include "launch/provenance.h"

#include "cuda/cuda_driver.h"
#include "launch/freeze.h"
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
  for (const LoadedPlugin* plugin : plugins_of(run, catalogue))
    sources.plugins.push_back(
        {to_text(plugin->entry.kind), plugin->entry.id, plugin->version, plugin->content_hash});
  return sources;
}

}  // namespace umm
