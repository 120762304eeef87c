#include <algorithm>

#include "loader/hash.h"
#include "spec/bind.h"
#include "spec/options.h"

namespace umm::spec {
namespace {

const OptionSchema& evaluation_schema() {
  static const OptionSchema schema =
      OptionSchema()
          .integer("images_per_prompt", 4, {1, 1e4}, "pictures generated for every prompt")
          .integer("batch", 32, {1, 1e5},
                   "pictures generated at once; does not change what they are drawn from")
          .integer("seed", 0, {0, std::numeric_limits<double>::infinity()}, "of the pictures' draws")
          .choice("weights", "last", {"last", "ema"}, "which weights are evaluated");
  return schema;
}

// Prompt sets are plugins, whose names hold no dot.
bool is_file(const std::string& prompts) {
  return prompts.ends_with(".jsonl") || prompts.ends_with(".json") || prompts.ends_with(".csv");
}

bool asks(const BoundPlugin& evaluator, PluginKind kind) {
  return std::count(evaluator.asks.begin(), evaluator.asks.end(), kind) > 0;
}

class Binding {
 public:
  Binding(Context& context, Merged& settings, const Named& evaluation)
      : context_(context), settings_(settings), evaluation_(evaluation), table_("eval." + evaluation.name) {}

  std::optional<EvaluationConfig> bind(const std::string& weights, const BoundPlugin* architecture,
                                       Canonical& run);

 private:
  bool lay_protocol();
  void report_fixed() const;
  // The text of a required key, with its place as a plugin's.
  std::optional<NamedPlugin> name(const std::string& key, const std::string& options) {
    if (!require_key(context_, settings_, table_ + "." + key, evaluation_.at)) return std::nullopt;
    const auto text = bind_text(context_, settings_, table_ + "." + key);
    if (!text) return std::nullopt;
    return NamedPlugin{*text, settings_.find(table_ + "." + key)->value.at, table_ + "." + options};
  }

  std::optional<NamedPlugin> name_of(PluginKind kind);
  bool check_asked(const BoundPlugin& evaluator, const std::map<PluginKind, NamedPlugin>& named);
  bool bind_prompts(EvaluationConfig& config);
  bool bind_plugins(EvaluationConfig& config);
  void bind_sampling(EvaluationConfig& config, const BoundPlugin* architecture, Canonical& run);

  Context& context_;
  Merged& settings_;
  const Named& evaluation_;
  std::string table_;
  const Settings* fixed_ = nullptr;  // by a protocol
  Settings beside_;                  // what the spec says of it all the same
  Canonical protocol_;               // what makes scores comparable
  Canonical libraries_;              // and what else may change them
};

// Where a protocol is named, it alone says how scores are made. False: it could not be read.
bool Binding::lay_protocol() {
  const std::string key = table_ + ".protocol";
  settings_.note_default(key, "none", "");
  const Setting* named = settings_.find(key);
  if (named == nullptr) return true;
  if (bind_text(context_, settings_, key)) fixed_ = protocol_settings(context_, *named, table_);
  beside_ = settings_.withdraw(table_, stands_beside_protocol);
  if (fixed_ == nullptr) {
    for (Setting* setting : beside_) setting->used = true;  // perhaps rightly there
    return false;
  }
  settings_.overlay(*fixed_);
  settings_.mark_seen();
  return true;
}

// Reports what the spec sets and the protocol fixes; what neither knows is told of as an unknown key.
void Binding::report_fixed() const {
  for (Setting* setting : beside_) {
    if (!context_.known.has(setting->key)) continue;
    setting->used = true;
    const auto fixed = std::find_if(fixed_->begin(), fixed_->end(),
                                    [&](const Setting* other) { return other->key == setting->key; });
    const bool written = fixed != fixed_->end();
    if (written && setting->key == table_ + ".use" && same_value((*fixed)->value, setting->value)) continue;
    const Position& at = setting->segments.back();
    context_.problems.add(
        {"S151",
         at,
         "`" + setting->key + "` is fixed by the protocol",
         "",
         {written
              ? "there: " + context_.problems.place((*fixed)->segments.back(), at)
              : context_.problems.place(fixed_->front()->segments.front(), at) + " leaves it at its default",
          "drop it here, or name another protocol: scores that are made in another way do not compare"}});
  }
}

bool Binding::bind_prompts(EvaluationConfig& config) {
  const auto prompts = name("prompts", "prompt_options");
  if (!prompts) {
    settings_.accept_all(table_ + ".prompt_options");
    return false;
  }
  if (is_file(prompts->id)) {
    std::string hash;
    config.prompt_file = bind_path(context_, prompts->id, settings_.find(table_ + ".prompts"), hash);
    const std::string& given = context_.prompts_hash;
    protocol_.add("prompts", "sha256:" + (given.empty() ? hash : given));
    return !hash.empty();
  }
  const auto prompt_set = bind_prompt_set(context_, settings_, *prompts);
  if (!prompt_set) return false;
  config.prompt_set = prompt_set->use;
  protocol_.add_plugin("prompts", *prompt_set, false);
  libraries_.add("prompts library", prompt_set->library_hash);
  return true;
}

bool Binding::bind_plugins(EvaluationConfig& config) {
  NamedPlugin rules{evaluation_.name, evaluation_.at, table_};
  if (const auto use = bind_text(context_, settings_, table_ + ".use")) {
    rules = {*use, settings_.find(table_ + ".use")->value.at, table_};
  }
  // First the keys of other plugins: what is left are the evaluator's options.
  std::map<PluginKind, NamedPlugin> named;
  for (const PluginKind kind : kEvidenceKinds)
    if (const auto provider = name_of(kind)) named[kind] = *provider;
  const auto evaluator = bind_evaluator(context_, settings_, rules);
  bool complete = evaluator.has_value();
  if (evaluator) {
    config.evaluator = evaluator->use;
    protocol_.add_plugin("evaluator", *evaluator, false);
    libraries_.add("evaluator library", evaluator->library_hash);
    if (!evaluator->awaited) complete = check_asked(*evaluator, named);
  }
  for (const PluginKind kind : kEvidenceKinds) {
    const bool asked = !evaluator || evaluator->awaited || asks(*evaluator, kind);
    const bool reported = !context_.without_providers || !evaluator;  // as a missing key
    if (asked && reported && !named.contains(kind))
      settings_.accept_all(table_ + "." + to_text(kind) + "_options");
  }
  for (const auto& [kind, provider] : named) {
    const auto bound = bind_provider(context_, settings_, kind, provider);
    complete = complete && bound;
    if (!bound) continue;
    config.providers[kind] = bound->use;
    protocol_.add_plugin(to_text(kind), *bound, false);
    libraries_.add(std::string(to_text(kind)) + " library", bound->library_hash);
  }
  return complete;
}

// Whoever provides evidence, where one is named.
std::optional<NamedPlugin> Binding::name_of(PluginKind kind) {
  const std::string key = table_ + "." + to_text(kind);
  settings_.note_default(key, "none", "");
  const auto text = settings_.find(key) == nullptr ? std::nullopt : bind_text(context_, settings_, key);
  if (text) return NamedPlugin{*text, settings_.find(key)->value.at, key + "_options"};
  return std::nullopt;
}

// What the evaluator asks, and nothing else.
bool Binding::check_asked(const BoundPlugin& evaluator, const std::map<PluginKind, NamedPlugin>& named) {
  bool complete = true;
  for (const PluginKind kind : kEvidenceKinds) {
    const bool asked = asks(evaluator, kind);
    const auto found = named.find(kind);
    if (asked == (found != named.end()) || (asked && context_.without_providers)) continue;
    complete = complete && !asked;
    const std::string key = to_text(kind);
    if (asked) {
      require_key(context_, settings_, table_ + "." + key, evaluation_.at);
      continue;
    }
    context_.problems.add(
        {"S152",
         found->second.at,
         "evaluator \"" + evaluator.use.id + "\" asks no " + key,
         "",
         {"drop `" + key + "`; `ummbench plugin show " + evaluator.use.id + "` says whom it asks"}});
  }
  return complete;
}

void Binding::bind_sampling(EvaluationConfig& config, const BoundPlugin* architecture, Canonical& run) {
  const std::string table = table_ + ".sampling";
  if (architecture == nullptr) return settings_.accept_all(table);
  if (architecture->awaited) {
    for (const auto& [name, text] : settings_.take_unseen(table)) run.add(table + "." + name, text);
    return;
  }
  config.sampling =
      bind_options(context_, settings_, table, architecture->sampling, architecture->use.id).options;
  run.add_options(table, config.sampling);
  if (architecture->generates_images) return;
  context_.problems.add(
      {"S140",
       architecture->at,
       "architecture \"" + architecture->use.id + "\" does not generate images, which [" + table_ + "] needs",
       "",
       {"it offers: " + join(architecture->provides)}});
}

std::optional<EvaluationConfig> Binding::bind(const std::string& weights, const BoundPlugin* architecture,
                                              Canonical& run) {
  EvaluationConfig config;
  config.name = evaluation_.name;
  const bool readable = lay_protocol();
  const Options own = bind_options(context_, settings_, table_, evaluation_schema()).options;
  config.images_per_prompt = own.integer("images_per_prompt");
  config.batch_size = own.integer("batch");
  config.seed = static_cast<uint64_t>(own.integer("seed"));
  settings_.note_default(table_ + ".weights", weights,
                         settings_.find("eval.weights") != nullptr ? "`weights` of [eval]" : "");
  config.weights = settings_.find(table_ + ".weights") != nullptr ? own.text("weights") : weights;
  if (!readable) {
    bind_sampling(config, architecture, run);
    return std::nullopt;
  }
  if (fixed_ != nullptr) config.anchors = protocol_anchors(context_, *settings_.find(table_ + ".protocol"));
  const bool has_prompts = bind_prompts(config);
  const bool has_plugins = bind_plugins(config);
  bind_sampling(config, architecture, run);
  if (fixed_ != nullptr) report_fixed();
  if (!has_prompts || !has_plugins || architecture == nullptr) return std::nullopt;

  protocol_.add("images_per_prompt", config.images_per_prompt);
  protocol_.add("seed", own.integer("seed"));
  config.protocol_hash = hash_text(protocol_.text());
  run.add(table_ + ".protocol", config.protocol_hash);
  run.add(table_ + ".libraries", hash_text(libraries_.text()));
  run.add(table_ + ".weights", config.weights);
  return config;
}

}  // namespace

std::optional<EvaluationConfig> bind_evaluation(Context& context, Merged& settings, const Named& evaluation,
                                                const std::string& weights, const BoundPlugin* architecture,
                                                Canonical& run) {
  return Binding(context, settings, evaluation).bind(weights, architecture, run);
}

}  // namespace umm::spec
