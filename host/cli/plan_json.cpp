#include <nlohmann/json.hpp>

#include "cli/plan_output.h"
#include "results/run_folder.h"

namespace umm::cli {
namespace {

using Json = nlohmann::ordered_json;

const char* to_text(StageState state) {
  switch (state) {
    case StageState::finished:
      return "finished";
    case StageState::to_train:
      return "to_train";
    case StageState::shared:
      return "shared";
  }
  return "";
}

const char* to_text(CostSource source) {
  switch (source) {
    case CostSource::history:
      return "history";
    case CostSource::rate:
      return "rate";
    case CostSource::products:
      return "products";
    case CostSource::unknown:
      return "unknown";
  }
  return "";
}

template <typename Hours>
Json hours_json(const Hours& cost) {
  return {{"expected", cost.hours}, {"low", cost.low}, {"high", cost.high}};
}

template <typename Estimate>
void add_estimate(Json& json, const Estimated<Estimate>& estimate) {
  if (!estimate.rehearsed) return;
  const auto& cost = estimate.cost;
  if (const auto& value = estimate.rehearsed->value)
    json["flops"] = value->flops;
  else
    json["no_rehearsal"] = estimate.rehearsed->problem;
  json["source"] = to_text(cost.source);
  if (cost.source != CostSource::unknown) json["device_hours"] = hours_json(cost);
  if (cost.num_samples > 0) json["samples"] = cost.num_samples;
}

Json stage_json(const PlannedStage& stage) {
  Json flows = Json::object();
  for (const auto& [name, flow] : stage.config->flows) flows[name] = flow.batch_size;
  Json json = {{"name", stage.config->name},
               {"identity", stage.config->identity},
               {"method", stage.config->method.id},
               {"updates", stage.config->train.updates},
               {"accumulation", stage.config->train.accumulation},
               {"batch", flows},
               {"state", to_text(stage.state)}};
  if (stage.estimate.rehearsed && stage.estimate.rehearsed->value) {
    const auto& value = *stage.estimate.rehearsed->value;
    json["images_seen"] = value.images_seen;
    json["memory_bytes"] = {{"weights", value.memory.weights_bytes},
                            {"gradients", value.memory.gradients_bytes},
                            {"optimizer", value.memory.optimizer_bytes},
                            {"activations", value.memory.activations_bytes.value_or(0)}};
  }
  add_estimate(json, stage.estimate);
  return json;
}

Json evaluation_json(const PlannedEvaluation& evaluation) {
  Json json = {{"evaluation", evaluation.config->name},
               {"benchmark", evaluation.config->evaluator.id},
               {"protocol", evaluation.config->protocol_hash},
               {"weights", evaluation.config->weights},
               {"prompts", evaluation.num_prompts},
               {"pictures", evaluation.num_prompts * evaluation.config->images_per_prompt},
               {"state", evaluation.reused ? "reused" : "to_run"}};
  add_estimate(json, evaluation.estimate);
  return json;
}

Json run_json(const PlannedRun& run) {
  Json json = {{"name", run.config->name},         {"label", run.config->label},
               {"identity", run.config->identity}, {"reference", run.config->reference},
               {"axes", run.config->axes},         {"awaits", run.config->awaits},
               {"stages", Json::array()},          {"evaluations", Json::array()}};
  for (const auto& stage : run.stages) json["stages"].push_back(stage_json(stage));
  for (const auto& evaluation : run.evaluations) json["evaluations"].push_back(evaluation_json(evaluation));
  json["device_hours"] = hours_json(run.cost);
  json["at_time_limit"] = run.cost.at_time_limit;
  return json;
}

Json product_json(const Plan& plan) {
  const auto& experiment = *plan.experiment;
  Json axes = Json::array(), skipped = Json::array();
  for (const auto& axis : experiment.axes)
    axes.push_back({{"name", axis.name}, {"values", axis.num_values}, {"replicate", axis.replicate}});
  for (const auto& arm : experiment.skipped)
    skipped.push_back(
        {{"runs", arm.num_runs}, {"when", arm.when}, {"because", arm.because}, {"place", arm.place}});
  return {{"axes", axes},
          {"cells", plan.product.num_cells},
          {"replicates", plan.product.num_replicates},
          {"runs", plan.product.num_runs},
          {"skipped", skipped},
          {"references", plan.product.num_references},
          {"left_out", experiment.left_out}};
}

Json sources_json(const std::map<CostSource, int64_t>& sources) {
  Json json = Json::object();
  for (const auto& [source, count] : sources) json[to_text(source)] = count;
  return json;
}

Json budget_json(const Plan& plan) {
  if (!plan.budget) return nullptr;
  const auto& budget = *plan.budget;
  return {{"limit", budget.limit},
          {"spent", budget.spent},
          {"estimate", budget.estimate},
          {"fits", budget.fits},
          {"fitting_runs", budget.num_fitting_runs}};
}

Json detectable_json(const Detectable& detectable) {
  Json json = {{"benchmark", detectable.benchmark},
               {"protocol", detectable.protocol_hash},
               {"repeats", detectable.num_repeats},
               {"row_pairs", detectable.variances.num_row_pairs},
               {"repeat_pairs", detectable.variances.num_repeat_pairs},
               {"difference", nullptr}};
  if (detectable.difference) json["difference"] = *detectable.difference;
  return json;
}

Json launch_json(const Plan& plan) {
  Json shapes = Json::array();
  for (const auto& shape : plan.launch)
    shapes.push_back({{"runs", shape.num_runs},
                      {"gpus", shape.gpus},
                      {"device", shape.device},
                      {"time_limit_seconds", shape.time_limit_seconds}});
  return {{"engine", plan.experiment->launch.engine},
          {"parallel", plan.experiment->launch.parallel},
          {"shapes", shapes}};
}

Json diff_json(const Diff& diff) {
  Json changes = Json::array();
  for (const auto& change : diff.changes)
    changes.push_back(
        {{"key", change.key}, {"before", change.before}, {"after", change.after}, {"runs", change.num_runs}});
  return {{"other", diff.other},     {"added", diff.added}, {"reused", diff.num_reused},
          {"changed", diff.changed}, {"changes", changes},  {"gone", diff.gone}};
}

}  // namespace

std::string plan_json(const Plan& plan, const std::optional<Diff>& diff) {
  const auto& experiment = *plan.experiment;
  Json json = {{"format", 1},
               {"sweep", experiment.name},
               {"description", experiment.description},
               {"tags", experiment.tags},
               {"database", results::database_file(experiment.output).string()},
               {"product", product_json(plan)}};
  json["states"] = {{"stages_to_train", plan.states.stages_to_train},
                    {"stages_finished", plan.states.stages_finished},
                    {"evaluations_to_run", plan.states.evaluations_to_run},
                    {"evaluations_reused", plan.states.evaluations_reused},
                    {"runs_awaiting", plan.states.runs_awaiting}};
  json["estimate"] = {{"device_hours", hours_json(plan.cost)},
                      {"lower_bound", plan.cost.lower_bound || plan.cost.num_unknown > 0},
                      {"flops", plan.cost.flops},
                      {"stages", sources_json(plan.cost.stages)},
                      {"evaluations", sources_json(plan.cost.evaluations)},
                      {"runs_at_time_limit", plan.cost.num_at_time_limit},
                      {"not_counted", plan.cost.num_unknown}};
  json["budget"] = budget_json(plan);
  json["detectable"] = Json::array();
  for (const auto& detectable : plan.detectable) json["detectable"].push_back(detectable_json(detectable));
  json["launch"] = launch_json(plan);
  json["warnings"] = plan.warnings;
  json["diff"] = diff ? diff_json(*diff) : Json(nullptr);
  json["runs"] = Json::array();
  for (const auto& run : plan.runs) json["runs"].push_back(run_json(run));
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace umm::cli
