#include <algorithm>
#include <filesystem>

#include "loader/hash.h"
#include "spec/bind.h"
#include "spec/options.h"
#include "spec/resources.h"

namespace umm::spec {
namespace {

const OptionSchema& run_schema() {
  static const OptionSchema schema = OptionSchema().integer(
      "seed", 0, {0, std::numeric_limits<double>::infinity()}, "of fresh weights, data order and training");
  return schema;
}

const OptionSchema& eval_schema() {
  static const OptionSchema schema = OptionSchema().choice(
      "weights", "last", {"last", "ema"}, "which weights are evaluated, unless an evaluation says otherwise");
  return schema;
}

const OptionSchema& base_schema() {
  static const OptionSchema schema =
      OptionSchema().path("base", "", "checkpoint folder; absent: fresh weights");
  return schema;
}

void bind_base(Context& context, Merged& settings, RunConfig& run) {
  BoundOptions base = bind_options(context, settings, "architecture", base_schema());
  run.base = base.options.text("base");
  run.base_hash = base.path_hashes["base"];
  if (run.base_hash.empty() || run.base_hash.starts_with(kAwaited) || std::filesystem::is_directory(run.base))
    return;
  context.problems.add({"S131",
                        settings.find("architecture.base")->value.at,
                        run.base + " is not a folder",
                        "",
                        {"a base is a checkpoint folder"}});
}

// Averaged weights exist only where the last stage keeps them.
void check_weights(Context& context, Merged& settings, const RunConfig& run) {
  if (run.stages.empty() || run.stages.back().train.ema_decay > 0) return;
  for (const EvaluationConfig& evaluation : run.evaluations) {
    if (evaluation.weights != "ema") continue;
    const Setting* own = settings.find("eval." + evaluation.name + ".weights");
    context.problems.add({"S144",
                          (own != nullptr ? own : settings.find("eval.weights"))->value.at,
                          "the stage \"" + run.stages.back().name + "\" keeps no averaged weights",
                          "",
                          {"set `train.ema_decay`, or evaluate the weights \"last\""}});
  }
}

}  // namespace

std::optional<RunConfig> bind_run(Context& context, const Outline& outline, RunInput& input) {
  Merged& settings = input.settings;
  context.inputs.clear();
  context.awaited.clear();
  RunConfig run;
  run.reference = input.reference;
  run.resources = bind_resources(context, settings);
  run.seed = static_cast<uint64_t>(bind_options(context, settings, "", run_schema()).options.integer("seed"));
  bind_base(context, settings, run);
  const auto architecture = bind_architecture(context, settings, outline.base_at);
  const BoundPlugin* model = architecture ? &*architecture : nullptr;

  Canonical start;
  const bool depends_on_seed = !run.reference || run.base.empty();
  if (model != nullptr) start = starting_point(*model, run.base_hash, depends_on_seed ? &run.seed : nullptr);
  bool complete = model != nullptr;
  std::string previous;
  for (StageInput& stage : input.stages) {
    if (auto config = bind_stage(context, stage, outline.base_at, model, start, previous)) {
      previous = config->identity;
      run.stages.push_back(std::move(*config));
    } else {
      complete = false;
    }
  }
  Canonical canonical = start;
  canonical.add("trained", previous);
  const std::string weights = bind_options(context, settings, "eval", eval_schema()).options.text("weights");
  for (const Named& evaluation : outline.evaluations) {
    if (auto config = bind_evaluation(context, settings, evaluation, weights, model, canonical)) {
      run.evaluations.push_back(std::move(*config));
    } else {
      complete = false;
    }
  }
  if (!complete) return std::nullopt;
  check_weights(context, settings, run);
  run.architecture = model->use;
  run.inputs = std::move(context.inputs);
  run.awaits = std::move(context.awaited);
  run.canonical = canonical.text();
  run.identity = hash_text(run.canonical);
  return run;
}

}  // namespace umm::spec
