#include "plan/history.h"

#include <algorithm>
#include <functional>
#include <sstream>

#include "estimate/shape.h"
#include "results/database.h"
#include "spec/identity.h"

namespace umm {
namespace {

// Lines of canonical text that `matters` names by their key, without builds of plugins and contents of files.
std::string lines_of(const std::string& canonical, const std::function<bool(const std::string&)>& matters) {
  std::string kept;
  std::istringstream lines(canonical);  // "key = value"
  for (std::string line; std::getline(lines, line);) {
    const auto equals = line.find(" = ");
    const std::string key = line.substr(0, equals);
    const bool is_file = line.find(" = \"sha256:") != std::string::npos;
    if (!key.ends_with(" library") && !is_file && matters(key)) kept += line + "\n";
  }
  return kept;
}

std::string update_shape(const std::string& canonical) {
  return lines_of(cost_shape(canonical), [](const std::string& key) {
    return key != "train.updates" && key != "program" &&
           !(key.starts_with("data.") && key.ends_with(".seed"));
  });
}

std::string picture_shape(const std::string& run_canonical, const std::string& benchmark,
                          const std::string& sampling_text) {
  return lines_of(run_canonical, [](const std::string& key) { return key.starts_with("architecture"); }) +
         benchmark + "\n" + sampling_text;
}

const Paces& find(const std::map<std::string, Paces>& by_shape, const std::string& shape) {
  static const Paces none;
  const auto found = by_shape.find(shape);
  return found == by_shape.end() ? none : found->second;
}

bool is_cpu(const std::string& device) {
  return device.starts_with("cpu");
}

std::vector<double> seconds_where(const Paces& samples, const std::function<bool(const std::string&)>& fits) {
  std::vector<double> seconds;
  for (const auto& sample : samples)
    if (fits(sample.device)) seconds.push_back(sample.seconds);
  std::sort(seconds.begin(), seconds.end());
  return seconds;
}

}  // namespace

void History::add(const results::Store& store) {
  results::Statement stages(store.handle(),
                            "SELECT stage.canonical_config, cost.device_name, "
                            "sum(cost.device_seconds) / attempt.updates FROM attempt "
                            "JOIN stage ON stage.id = attempt.stage_id "
                            "JOIN cost ON cost.attempt_id = attempt.id AND cost.phase = 'train' "
                            "WHERE attempt.status = 'complete' AND attempt.updates > 0 GROUP BY attempt.id");
  while (stages.step()) updates_[update_shape(stages.text(0))].push_back({stages.text(1), stages.real(2)});

  // The picture's maker gives the device its name; loading and scoring are part of what it takes.
  results::Statement evaluations(
      store.handle(),
      "SELECT run.canonical_config, evaluation.benchmark, evaluation.sampling_text, generated.device_name, "
      "(SELECT sum(device_seconds) FROM cost WHERE evaluation_id = evaluation.id) / generated.images "
      "FROM evaluation "
      "JOIN cost AS generated ON generated.evaluation_id = evaluation.id AND generated.phase = 'generate' "
      "JOIN (SELECT evaluation_id, min(run_id) AS run_id FROM run_evaluation GROUP BY evaluation_id) AS "
      "first "
      "  ON first.evaluation_id = evaluation.id "
      "JOIN run ON run.id = first.run_id WHERE generated.images > 0");
  while (evaluations.step()) {
    const auto shape = picture_shape(evaluations.text(0), evaluations.text(1), evaluations.text(2));
    pictures_[shape].push_back({evaluations.text(3), evaluations.real(4)});
  }
}

const Paces& History::of(const StageConfig& stage) const {
  return find(updates_, updates_.empty() ? "" : update_shape(stage.canonical));
}

const Paces& History::of(const RunConfig& run, const EvaluationConfig& evaluation) const {
  if (pictures_.empty()) return find(pictures_, "");
  return find(pictures_,
              picture_shape(run.canonical, evaluation.evaluator.id, canonical_text(evaluation.sampling)));
}

std::vector<double> seconds_on_devices(const Paces& samples, const ResourceConfig& resources,
                                       const std::string& here) {
  if (!resources.gpu_models.empty())
    return seconds_where(samples, [&](const std::string& device) { return resources.allows(device); });
  auto seconds = seconds_where(samples, [&](const std::string& device) { return device == here; });
  if (!seconds.empty()) return seconds;
  const bool wants_cpu = resources.device == "cpu" || (resources.device == "auto" && is_cpu(here));
  seconds = seconds_where(samples, [&](const std::string& device) { return is_cpu(device) == wants_cpu; });
  // A plan made on a machine without the GPU that the runs will get.
  if (seconds.empty() && resources.device == "auto")
    seconds = seconds_where(samples, [](const std::string&) { return true; });
  return seconds;
}

}  // namespace umm
