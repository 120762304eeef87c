#include "evaluate/run_executor.h"

#include <algorithm>

#include "estimate/estimate.h"
#include "loader/guard.h"
#include "loader/hash.h"
#include "train/freeze.h"
#include "umm/error.h"

namespace umm {

namespace fs = std::filesystem;

RunExecutor::RunExecutor(RunContext& context, const RunConfig& run)
    : context_(context), run_(run), output_(context.experiment.output), model_(run, context.catalogue) {}

void RunExecutor::add_seconds(const std::vector<results::CostRow>& costs) {
  for (const auto& cost : costs) context_.device_seconds += cost.device_seconds;
}

bool RunExecutor::execute() {
  if (!run_.base.empty()) weights_ = read_checkpoint(run_.base);
  for (const auto& stage : run_.stages) {
    if (const auto finished = read_finished_stage(stage_folder(output_, stage.identity))) {
      if (!context_.store.stage_complete(stage.identity)) record_finished(stage, *finished, {});
    } else if (!train(stage)) {
      return false;
    }
    weights_ = read_checkpoint(stage_folder(output_, stage.identity) / "last");
    UMM_CHECK(weights_->stage_identity == stage.identity, weights_->folder.string(), ": belongs to stage ",
              weights_->stage_identity, ", expected ", stage.identity,
              "; remove the folder to train it again");
  }
  return std::all_of(run_.evaluations.begin(), run_.evaluations.end(),
                     [&](const EvaluationConfig& config) { return evaluate_with(config); });
}

// nullopt: the plugins' code does not run without values.
std::optional<int64_t> RunExecutor::activations_bytes(const StageConfig& stage) const {
  try {
    return estimate_stage(run_, stage, context_.catalogue).memory.activations_bytes;
  } catch (const Error&) {
    return std::nullopt;
  }
}

bool RunExecutor::train(const StageConfig& stage) {
  const auto folder = stage_folder(output_, stage.identity);
  auto& model = model_.with_weights(weights_ ? &*weights_ : nullptr);
  // Only the model knows its groups; a later stage's mistake must not cost the stages before it.
  for (const auto& any : run_.stages) check_groups(any, model);
  const auto& catalogue = context_.catalogue;
  const auto method = guarded(named(PluginKind::method, stage.method.id), "making the method", [&] {
    return catalogue.at(PluginKind::method, stage.method.id).entry.make_method(stage.method.options);
  });
  const auto datasets = make_datasets(stage, catalogue);
  const auto resumed = read_resume_state(folder);
  const auto device = model.parameters().at(0).value.device();
  attempt_.emplace(OpenAttempt{context_.store.begin_attempt(stage.identity), folder,
                               resumed ? resumed->seconds : 0, PhaseMeter("train", device)});
  const TrainInput input{model,
                         *method,
                         stage,
                         datasets,
                         run_.seed,
                         weights_ ? &*weights_ : nullptr,
                         folder,
                         activations_bytes(stage),
                         run_.architecture.id};
  model_.forget_weights();
  Progress progress(run_.name + ": train " + stage.name, stage.train.updates, "updates",
                    context_.device_seconds);
  const auto outcome = train_stage(input, progress);
  if (!outcome.complete) {
    record_unfinished("interrupted",
                      detail::concat("stopped by request at update ", outcome.state.totals.updates, " of ",
                                     stage.train.updates, "; resumable"));
    return false;
  }
  context_.device_seconds += attempt_->meter.seconds();
  record_finished(stage, outcome.state, model_.take_costs());
  ++context_.trained_stages;
  return true;
}

// A complete attempt carries what the whole stage cost, updates before a resume included.
void RunExecutor::record_finished(const StageConfig& stage, const TrainingState& state,
                                  std::vector<results::CostRow> costs) {
  results::CostRow cost;
  if (attempt_) cost = attempt_->meter.finish(0);
  cost.phase = "train";
  cost.device_seconds = state.seconds;
  cost.device_name = state.device;
  cost.images = state.totals.images_seen;
  costs.push_back(cost);
  const auto id = attempt_ ? attempt_->id : context_.store.begin_attempt(stage.identity);
  Curves curves(std::max<int64_t>(state.totals.updates, 1));
  curves.restore(state.curves);
  context_.store.finish_attempt(id, state.totals, costs, curves.points());
  attempt_.reset();
}

// The other attempts carry what was lost: loading, and training that no resume point kept.
void RunExecutor::record_unfinished(const std::string& status, const std::string& error) {
  auto costs = model_.take_costs();
  auto cost = attempt_->meter.finish(0);
  const auto kept = read_resume_state(attempt_->folder);
  const double kept_seconds = kept ? kept->seconds - attempt_->seconds_at_start : 0;
  cost.device_seconds = std::max(cost.device_seconds - kept_seconds, 0.0);
  costs.push_back(cost);
  const auto id = attempt_->id;
  attempt_.reset();
  context_.store.interrupt_attempt(id, status, error, costs);
}

void RunExecutor::record_failure(const std::string& error) {
  if (attempt_) record_unfinished("failed", error);
}

EvaluationSubject RunExecutor::subject_of(const EvaluationConfig& config) {
  EvaluationSubject subject;
  subject.label = run_.name;
  if (!weights_) {
    subject.weights = "base";
    subject.checkpoint_hash = hash_text("fresh weights from seed " + std::to_string(run_.seed));
    subject.model = [this]() -> Architecture& { return model_.with_weights(nullptr); };
    return subject;
  }
  auto checkpoint = *weights_;
  subject.weights = run_.stages.empty() ? "base" : config.weights;
  if (subject.weights == "ema") {
    UMM_CHECK_INPUT(run_.stages.back().train.ema_decay > 0, "evaluation ", config.name,
                    " asks for EMA weights, but stage ", run_.stages.back().name,
                    " keeps none; set its train.ema_decay, or weights = \"last\"");
    checkpoint = read_checkpoint(checkpoint.folder.parent_path() / "ema");
  }
  subject.checkpoint_path = fs::proximate(checkpoint.folder, output_).generic_string();
  subject.checkpoint_hash = run_.stages.empty() ? run_.base_hash : content_hash(checkpoint);
  subject.model = [this, checkpoint]() -> Architecture& { return model_.with_weights(&checkpoint); };
  return subject;
}

bool RunExecutor::evaluate_with(const EvaluationConfig& config) {
  const auto subject = subject_of(config);
  const auto identity = evaluation_identity(run_, config, subject, context_.catalogue);
  if (context_.store.evaluation_complete(identity)) {
    context_.store.link_evaluation(run_.identity, identity);
    return true;
  }
  auto result = evaluate({run_, config, context_.catalogue, output_, context_.device_seconds}, subject);
  if (!result) return false;
  const auto loading = model_.take_costs();
  result->costs.insert(result->costs.begin(), loading.begin(), loading.end());
  context_.store.put_evaluation(run_.identity, result->evaluation, result->items, result->evidence,
                                result->scores, result->costs);
  add_seconds(result->costs);
  ++context_.made_evaluations;
  return true;
}

}  // namespace umm
