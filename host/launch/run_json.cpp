#include "launch/run_json.h"

#include <nlohmann/json.hpp>

#include "json/options_json.h"
#include "umm/error.h"

namespace umm {

using Json = nlohmann::json;

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(JudgeServerConfig, url, key_variable, key_file, parallel,
                                   requests_per_minute, max_tokens, max_cost, price_in, price_out,
                                   replay_only)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ResourceConfig, device, threads, gpus, gpu_models, time_limit_seconds,
                                   judge)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(TrainConfig, updates, horizon_updates, warmup_updates, accumulation,
                                   learning_rate, final_learning_rate_ratio, schedule, weight_decay,
                                   weight_decay_on, undecayed_groups, beta1, beta2, epsilon, clip_norm,
                                   ema_decay, precision, checkpoint_every_updates, trained_groups,
                                   reinitialized_groups, flow_cycle)

namespace {

constexpr int kFormat = 1;

Options options_from_json(const OptionSchema& schema, const Json& json) {
  return Options(schema, option_values(schema, json));
}

Json to_json(const PluginUse& use) {
  return {{"use", use.id}, {"options", to_json(use.options)}};
}

PluginUse plugin_from_json(PluginKind kind, const Json& json, const Catalogue& catalogue) {
  const std::string id = json.at("use");
  if (id.empty()) return {};
  return {id, options_from_json(catalogue.at(kind, id).entry.options, json.at("options"))};
}

Json to_json(const StageConfig& stage) {
  Json flows = Json::object();
  for (const auto& [name, flow] : stage.flows)
    flows[name] = {{"dataset", to_json(flow.dataset)},
                   {"batch_size", flow.batch_size},
                   {"max_unreadable", flow.max_unreadable},
                   {"reading_threads", flow.reading_threads}};
  return {{"name", stage.name},         {"method", to_json(stage.method)}, {"flows", flows},
          {"train", Json(stage.train)}, {"identity", stage.identity},      {"canonical", stage.canonical}};
}

StageConfig stage_from_json(const Json& json, const Catalogue& catalogue) {
  StageConfig stage;
  stage.name = json.at("name");
  stage.method = plugin_from_json(PluginKind::method, json.at("method"), catalogue);
  for (const auto& [name, flow] : json.at("flows").items())
    stage.flows[name] = {plugin_from_json(PluginKind::dataset, flow.at("dataset"), catalogue),
                         flow.at("batch_size"), flow.at("max_unreadable"), flow.at("reading_threads")};
  stage.train = json.at("train");
  stage.identity = json.at("identity");
  stage.canonical = json.at("canonical");
  return stage;
}

Json to_json(const EvaluationConfig& evaluation) {
  Json providers = Json::object();
  for (const auto& [kind, use] : evaluation.providers) providers[to_text(kind)] = to_json(use);
  return {{"name", evaluation.name},
          {"evaluator", to_json(evaluation.evaluator)},
          {"prompt_file", evaluation.prompt_file},
          {"prompt_set", to_json(evaluation.prompt_set)},
          {"providers", providers},
          {"sampling", to_json(evaluation.sampling)},
          {"images_per_prompt", evaluation.images_per_prompt},
          {"batch_size", evaluation.batch_size},
          {"seed", evaluation.seed},
          {"weights", evaluation.weights},
          {"protocol_hash", evaluation.protocol_hash}};
}

EvaluationConfig evaluation_from_json(const Json& json, const OptionSchema& sampling,
                                      const Catalogue& catalogue) {
  EvaluationConfig evaluation;
  evaluation.name = json.at("name");
  evaluation.evaluator = plugin_from_json(PluginKind::evaluator, json.at("evaluator"), catalogue);
  evaluation.prompt_file = json.at("prompt_file");
  evaluation.prompt_set = plugin_from_json(PluginKind::prompt_set, json.at("prompt_set"), catalogue);
  for (const PluginKind kind : kEvidenceKinds)
    if (const auto use = json.at("providers").find(to_text(kind)); use != json.at("providers").end())
      evaluation.providers[kind] = plugin_from_json(kind, *use, catalogue);
  evaluation.sampling = options_from_json(sampling, json.at("sampling"));
  evaluation.images_per_prompt = json.at("images_per_prompt");
  evaluation.batch_size = json.at("batch_size");
  evaluation.seed = json.at("seed");
  evaluation.weights = json.at("weights");
  evaluation.protocol_hash = json.at("protocol_hash");
  return evaluation;
}

RunConfig run_from(const Json& json, const Catalogue& catalogue) {
  RunConfig run;
  run.identity = json.at("identity");
  run.label = json.at("label");
  run.name = json.at("name");
  run.reference = json.at("reference");
  run.axes = json.at("axes");
  run.replicate_axes = json.at("replicate_axes");
  run.seed = json.at("seed");
  run.architecture = plugin_from_json(PluginKind::architecture, json.at("architecture"), catalogue);
  run.base = json.at("base");
  run.base_hash = json.at("base_hash");
  run.resources = json.at("resources");
  run.inputs = json.at("inputs");
  run.canonical = json.at("canonical");
  for (const auto& stage : json.at("stages")) run.stages.push_back(stage_from_json(stage, catalogue));
  const auto& sampling = catalogue.at(PluginKind::architecture, run.architecture.id).entry.sampling;
  for (const auto& evaluation : json.at("evaluations"))
    run.evaluations.push_back(evaluation_from_json(evaluation, sampling, catalogue));
  return run;
}

}  // namespace

std::string run_to_json(const RunConfig& run) {
  Json stages = Json::array(), evaluations = Json::array();
  for (const auto& stage : run.stages) stages.push_back(to_json(stage));
  for (const auto& evaluation : run.evaluations) evaluations.push_back(to_json(evaluation));
  const Json json = {{"format", kFormat},
                     {"identity", run.identity},
                     {"label", run.label},
                     {"name", run.name},
                     {"reference", run.reference},
                     {"axes", run.axes},
                     {"replicate_axes", run.replicate_axes},
                     {"seed", run.seed},
                     {"architecture", to_json(run.architecture)},
                     {"base", run.base},
                     {"base_hash", run.base_hash},
                     {"resources", Json(run.resources)},
                     {"inputs", run.inputs},
                     {"canonical", run.canonical},
                     {"stages", stages},
                     {"evaluations", evaluations}};
  return json.dump(1) + "\n";
}

RunConfig run_from_json(const std::string& text, const Catalogue& catalogue) {
  try {
    const Json json = Json::parse(text);
    UMM_CHECK_INPUT(json.at("format") == kFormat, "its format is ", json.at("format").dump(),
                    ", this program reads format ", kFormat);
    return run_from(json, catalogue);
  } catch (const Json::exception& error) {
    throw InputError(std::string("this is not a resolved run: ") + error.what());
  }
}

}  // namespace umm
