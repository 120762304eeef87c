#include <algorithm>

#include "loader/hash.h"
#include "spec/bind.h"
#include "spec/options.h"

namespace umm::spec {
namespace {

constexpr double kMany = 1e9;

const OptionSchema& train_schema() {
  static const OptionSchema schema =
      OptionSchema()
          .integer("updates", 1, {1, kMany}, "optimizer updates until the stop")
          .integer("horizon", 0, {0, kMany}, "updates that the schedule spans; 0: the same as `updates`")
          .integer("warmup", 0, {0, kMany}, "updates of linear warm-up")
          .integer("accumulation", 1, {1, kMany}, "micro-iterations per update")
          .number("lr", 0, {0, 1e3}, "learning rate at the schedule's peak")
          .number("final_lr_ratio", 0, {0, 1}, "of the learning rate at the schedule's end to its peak")
          .choice("schedule", "constant", {"constant", "cosine", "linear"}, "shape after the warm-up")
          .number("weight_decay", 0, {0, 1e3}, "decoupled, as in AdamW")
          .choice("weight_decay_on", "all", {"all", "matrices"},
                  "matrices: tensors of two dimensions and more, no norms and biases")
          .number("epsilon", 1e-8, {0, 1}, "of AdamW")
          .number("clip_norm", 0, {0, kMany}, "largest norm of the gradient; 0: off")
          .number("ema_decay", 0, {0, 0.9999999}, "of the averaged weights per update; 0: none are kept")
          .choice("precision", "fp32", {"fp32", "bf16"}, "dtype of the model")
          .integer("checkpoint_every", 0, {0, kMany}, "updates between checkpoints; 0: only at the end");
  return schema;
}

const OptionSchema& flow_schema() {
  static const OptionSchema schema =
      OptionSchema()
          .integer("batch", 1, {1, 1e6}, "samples per micro-batch")
          .integer("max_unreadable", 0, {0, 1e9}, "different samples that may be passed over as unreadable")
          .integer("reading_threads", 4, {1, 256}, "threads that read samples while a GPU trains");
  return schema;
}

void bind_betas(Context& context, Merged& settings, TrainConfig& train) {
  const Setting* setting = settings.find("train.betas");
  settings.note_default("train.betas", "[" + to_text(train.beta1) + ", " + to_text(train.beta2) + "]", "");
  if (setting == nullptr) return;
  const auto* list = setting->value.get<Value::List>();
  if (list == nullptr || list->size() != 2) {
    return report_type(context, setting->value, "train.betas", "a list of two numbers");
  }
  double* const betas[] = {&train.beta1, &train.beta2};
  for (size_t i = 0; i < 2; ++i) {
    const Value& value = (*list)[i];
    const auto* integer = value.get<int64_t>();
    const auto* number = value.get<double>();
    if (integer == nullptr && number == nullptr) {
      report_type(context, value, "train.betas", "a list of two numbers");
      continue;
    }
    *betas[i] = integer != nullptr ? static_cast<double>(*integer) : *number;
    if (*betas[i] >= 0 && *betas[i] < 1) continue;
    context.problems.add(
        {"S121", value.at, "`train.betas` holds " + plain_text(value) + ", out of range [0, 1)", "", {}});
  }
}

void bind_flow_cycle(Context& context, Merged& settings, const BoundPlugin* method, TrainConfig& train) {
  const Setting* setting = settings.find("train.flow_cycle");
  settings.note_default("train.flow_cycle", "every flow in every micro-iteration", "");
  if (setting == nullptr) return;
  const auto* list = setting->value.get<Value::List>();
  if (list == nullptr) {
    return report_type(context, setting->value, "train.flow_cycle", "a list of lists of flow names");
  }
  for (const Value& step : *list) {
    train.flow_cycle.push_back(bind_text_list(context, step, "train.flow_cycle"));
    const auto* names = step.get<Value::List>();
    if (names == nullptr || method == nullptr) continue;
    if (names->empty()) {
      context.problems.add({"S143", step.at, "a micro-iteration of `train.flow_cycle` has no flow", "", {}});
    }
    for (const Value& name : *names) {
      const auto* text = name.get<std::string>();
      const auto& flows = method->flows;
      if (text == nullptr || std::find(flows.begin(), flows.end(), *text) != flows.end()) continue;
      context.problems.add({"S143",
                            name.at,
                            "method \"" + method->use.id + "\" reads no flow \"" + *text + "\"",
                            did_you_mean(*text, flows),
                            {"its flows: " + join(flows)}});
    }
  }
}

// Updates that see different flows are allowed where whole updates take turns.
void warn_of_uneven_updates(Context& context, Merged& settings, const TrainConfig& train) {
  const auto cycle = static_cast<int64_t>(train.flow_cycle.size());
  if (cycle == 0 || train.accumulation % cycle == 0 || cycle % train.accumulation == 0) return;
  context.problems.add({"S220",
                        settings.find("train.flow_cycle")->value.at,
                        "updates of " + std::to_string(train.accumulation) +
                            " micro-iterations see their flows unevenly: `train.flow_cycle` has " +
                            std::to_string(cycle) + " steps",
                        "",
                        {"even where one of `train.accumulation` and the steps is a multiple of the other"}});
}

std::vector<std::string> cycle_lines(const TrainConfig& train) {
  std::vector<std::string> lines;
  for (const auto& step : train.flow_cycle) lines.push_back(join(step, "+"));
  return lines;
}

TrainConfig bind_train(Context& context, StageInput& input, Position base_at, const BoundPlugin* method,
                       Canonical& canonical) {
  Merged& settings = input.settings;
  for (const char* key : {"train.updates", "train.lr"}) require_key(context, settings, key, base_at);
  const Options values = bind_options(context, settings, "train", train_schema()).options;
  TrainConfig train;
  train.updates = values.integer("updates");
  train.horizon_updates = values.integer("horizon");
  train.warmup_updates = values.integer("warmup");
  train.accumulation = values.integer("accumulation");
  train.learning_rate = values.number("lr");
  train.final_learning_rate_ratio = values.number("final_lr_ratio");
  train.schedule = values.text("schedule");
  train.weight_decay = values.number("weight_decay");
  train.weight_decay_on = values.text("weight_decay_on");
  train.epsilon = values.number("epsilon");
  train.clip_norm = values.number("clip_norm");
  train.ema_decay = values.number("ema_decay");
  train.precision = values.text("precision");
  train.checkpoint_every_updates = values.integer("checkpoint_every");
  bind_betas(context, settings, train);
  bind_flow_cycle(context, settings, method, train);
  train.trained_groups = bind_text_list(context, settings, "train.train", "the method's choice");
  train.reinitialized_groups = bind_text_list(context, settings, "train.reinitialize");
  train.undecayed_groups = bind_text_list(context, settings, "train.no_weight_decay");
  warn_of_uneven_updates(context, settings, train);
  const int64_t horizon = train.horizon_updates > 0 ? train.horizon_updates : train.updates;
  if (const Setting* warmup = settings.find("train.warmup");
      warmup != nullptr && train.warmup_updates > horizon) {
    context.problems.add({"S123",
                          warmup->value.at,
                          "`train.warmup` = " + std::to_string(train.warmup_updates) +
                              " is longer than the schedule of " + std::to_string(horizon) + " updates",
                          "",
                          {}});
  }
  for (const auto& [name, value] : values.values()) {
    // A run that is resumed from any checkpoint ends in the same weights.
    if (name != "checkpoint_every") canonical.add("train." + name, value);
  }
  canonical.add("train.horizon", horizon);
  canonical.add("train.beta1", train.beta1);
  canonical.add("train.beta2", train.beta2);
  canonical.add_list("train.train", train.trained_groups);
  canonical.add_list("train.reinitialize", train.reinitialized_groups);
  canonical.add_list("train.no_weight_decay", train.undecayed_groups);
  canonical.add_list("train.flow_cycle", cycle_lines(train));
  return train;
}

std::optional<FlowConfig> bind_flow(Context& context, Merged& settings, const BoundPlugin& method,
                                    const std::string& flow, Canonical& canonical) {
  const std::string table = "data." + flow;
  if (!settings.has_table(table)) {
    context.known.add(table + ".use");
    if (context.undecided.contains(table + ".use")) return std::nullopt;
    context.problems.add({"S141",
                          method.at,
                          "method \"" + method.use.id + "\" reads the flow `" + flow + "`, which has no data",
                          "",
                          {"say where it comes from: [base." + table + "]"}});
    return std::nullopt;
  }
  require_key(context, settings, table + ".batch", {});
  const Options own = bind_options(context, settings, table, flow_schema()).options;
  const auto dataset = bind_dataset(context, settings, flow);
  if (!dataset) return std::nullopt;
  canonical.add_plugin(table, *dataset, true);
  canonical.add(table + " batch", own.integer("batch"));
  return FlowConfig{dataset->use, own.integer("batch"), own.integer("max_unreadable"),
                    own.integer("reading_threads")};
}

void check_capabilities(Context& context, const BoundPlugin& architecture, const BoundPlugin& method) {
  for (const std::string& capability : method.needs) {
    const auto& provides = architecture.provides;
    if (std::find(provides.begin(), provides.end(), capability) != provides.end()) continue;
    context.problems.add(
        {"S140",
         architecture.at,
         "architecture \"" + architecture.use.id + "\" does not implement what method \"" + method.use.id +
             "\" needs: " + capability,
         "",
         {"it offers: " + join(provides),
          "leave this pair out of a sweep with an [[arm]]: when = {...}, skip = true, because = \"...\""}});
  }
}

}  // namespace

std::optional<StageConfig> bind_stage(Context& context, StageInput& input, Position base_at,
                                      const BoundPlugin* architecture, const Canonical& start,
                                      const std::string& previous) {
  Canonical canonical = start;
  const auto method = bind_method(context, input.settings, base_at);
  StageConfig stage;
  stage.train = bind_train(context, input, base_at, method ? &*method : nullptr, canonical);
  if (!method) {
    input.settings.accept_all("data");
    return std::nullopt;
  }
  stage.name = input.name.empty() ? method->use.id : input.name;
  stage.method = method->use;
  canonical.add("previous", previous);
  canonical.add("stage", stage.name);  // random streams are forked by it
  canonical.add_plugin("method", *method, true);
  if (architecture != nullptr && !architecture->awaited) check_capabilities(context, *architecture, *method);
  for (const std::string& flow : method->flows) {
    if (auto config = bind_flow(context, input.settings, *method, flow, canonical))
      stage.flows[flow] = *config;
  }
  stage.canonical = canonical.text();
  stage.identity = hash_text(stage.canonical);
  return stage;
}

}  // namespace umm::spec
