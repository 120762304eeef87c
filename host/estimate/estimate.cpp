#include "estimate/estimate.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>

#include "estimate/meta_model.h"
#include "meter/work_meter.h"
#include "process/child_process.h"
#include "train/device.h"
#include "train/freeze.h"
#include "train/micro_batches.h"
#include "umm/capabilities.h"
#include "umm/error.h"

namespace umm {
namespace {

using Json = nlohmann::json;

constexpr std::chrono::seconds kTimeLimit{120};

// A stage on a model without memory.
class StageRehearsal {
 public:
  StageRehearsal(const RunConfig& run, const StageConfig& stage, const Catalogue& catalogue)
      : stage_(stage),
        config_(stage.train),
        model_(make_meta_model(run.architecture, catalogue)),
        method_(catalogue.at(PluginKind::method, stage.method.id).entry.make_method(stage.method.options)),
        datasets_(make_datasets(stage, catalogue)),
        rng_(Rng(run.seed).fork("stage " + stage.name)),
        data_(*method_, stage, datasets_, rng_) {}

  StageEstimate estimate();

 private:
  void micro_iteration(int64_t iteration);

  const StageConfig& stage_;
  const TrainConfig& config_;
  std::unique_ptr<Architecture> model_;
  std::unique_ptr<Method> method_;
  Datasets datasets_;
  Rng rng_;
  MicroBatches data_;
  int64_t images_ = 0;  // of the latest micro-iteration
};

void StageRehearsal::micro_iteration(int64_t iteration) {
  const auto batches = data_.next(iteration, at::kMeta);
  images_ = images_in(batches);
  Tensor total;
  for (const auto& term : method_->loss(*model_, batches, rng_)) {
    const Tensor part = term.loss.mean().to(at::kFloat) * term.weight;
    total = total.defined() ? total + part : part;
  }
  total.backward();
}

StageEstimate StageRehearsal::estimate() {
  auto trained = freeze(*model_, *method_, stage_);
  const Optimizer optimizer(trained, config_);
  place_model(*model_, at::kMeta, precision_dtype(config_.precision));
  model_->set_training(true);

  StageEstimate estimate;
  estimate.memory = memory_plan(*model_, optimizer);
  const WorkMeter work;
  const MemoryMeter memory;
  const int64_t num_turns = turns(config_), num_iterations = config_.updates * config_.accumulation;
  // A second micro-iteration of an update finds the gradients of the first in memory.
  const int64_t num_rehearsed = std::max(num_turns, std::min<int64_t>(config_.accumulation, 2));
  for (int64_t i = 0; i < num_rehearsed; ++i) {
    const double before = work.done().flops;
    micro_iteration(i);
    if (config_.accumulation == 1)
      for (auto& parameter : trained) parameter.value.mutable_grad() = Tensor();
    if (i >= num_turns) continue;
    const int64_t times = num_iterations / num_turns + (i < num_iterations % num_turns);
    estimate.flops += static_cast<double>(times) * (work.done().flops - before);
    estimate.images_seen += times * images_;
  }
  const int64_t step = optimizer.step_bytes();
  const int64_t gradients = estimate.memory.gradients_bytes;
  estimate.memory.activations_bytes = std::max({memory.peak_bytes(), step, gradients}) - gradients;
  return estimate;
}

double generation_flops(const RunConfig& run, const EvaluationConfig& evaluation,
                        const std::vector<std::string>& prompts, const Catalogue& catalogue) {
  const auto model = make_meta_model(run.architecture, catalogue);
  auto& generator = require<ImageGenerator>(*model);
  model->set_training(false);
  const at::NoGradGuard no_gradient;
  std::vector<Rng> rngs;
  for (size_t i = 0; i < prompts.size(); ++i) rngs.push_back(Rng(evaluation.seed).fork("image", i));
  const WorkMeter work;
  generator.generate({{text_segment(prompts)}}, evaluation.sampling, rngs);
  return work.done().flops;
}

std::string rehearsed(const std::function<std::string()>& rehearse) {
  try {
    return in_child_process(rehearse, kTimeLimit);
  } catch (const ChildFailed& error) {
    const std::string text =
        error.what();  // "aten::nonzero: attempted to run this operator with Meta tensors..."
    const auto end = text.find(": attempted to run this operator with Meta tensors");
    if (end == std::string::npos) throw;
    throw ChildFailed(text.substr(0, end) +
                      " does not run without values; code that needs them waits for the device, too");
  }
}

}  // namespace

StageEstimate estimate_stage(const RunConfig& run, const StageConfig& stage, const Catalogue& catalogue) {
  const auto rehearse = [&] {
    count_meta_memory();
    const StageEstimate estimate = StageRehearsal(run, stage, catalogue).estimate();
    const auto& memory = estimate.memory;
    return Json{{"weights", memory.weights_bytes},
                {"gradients", memory.gradients_bytes},
                {"optimizer", memory.optimizer_bytes},
                {"activations", *memory.activations_bytes},
                {"flops", estimate.flops},
                {"images", estimate.images_seen}}
        .dump();
  };
  const Json json = Json::parse(rehearsed(rehearse));
  return {.memory = {.weights_bytes = json.at("weights"),
                     .gradients_bytes = json.at("gradients"),
                     .optimizer_bytes = json.at("optimizer"),
                     .activations_bytes = json.at("activations").get<int64_t>()},
          .flops = json.at("flops"),
          .images_seen = json.at("images")};
}

GenerationEstimate estimate_generation(const RunConfig& run, const EvaluationConfig& evaluation,
                                       const std::vector<EvaluationItem>& items, const Catalogue& catalogue) {
  const auto num_prompts = static_cast<int64_t>(items.size());
  GenerationEstimate estimate{.flops = 0, .images = num_prompts * evaluation.images_per_prompt};
  std::vector<std::string> prompts;
  for (int64_t i = 0; i < std::min(evaluation.batch_size, num_prompts); ++i)
    prompts.push_back(items[static_cast<size_t>(i)].prompt);
  if (prompts.empty()) return estimate;
  const auto rehearse = [&] { return Json(generation_flops(run, evaluation, prompts, catalogue)).dump(); };
  const double flops = Json::parse(rehearsed(rehearse));
  estimate.flops = flops * static_cast<double>(estimate.images) / static_cast<double>(prompts.size());
  return estimate;
}

}  // namespace umm
