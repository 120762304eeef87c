#include "evaluate/run_executor.h"

#include <algorithm>

#include "estimate/estimate.h"
#include "evaluate/benchmark.h"
#include "evaluate/finished.h"
#include "evaluate/generate.h"
#include "evaluate/image_folder.h"
#include "evaluate/judge_connection.h"
#include "loader/guard.h"
#include "process/claim.h"
#include "train/files.h"
#include "train/freeze.h"
#include "train/stop.h"
#include "umm/error.h"
#include "umm/log.h"

namespace umm {

namespace fs = std::filesystem;

RunExecutor::RunExecutor(const RunConfig& run, const Catalogue& catalogue, fs::path output, RunRecord& record)
    : run_(run), catalogue_(catalogue), output_(std::move(output)), record_(record), model_(run, catalogue) {}

bool RunExecutor::execute() {
  for (const auto& evaluation : run_.evaluations) check(evaluation);
  if (!run_.base.empty()) weights_ = read_checkpoint(run_.base);
  for (const auto& stage : run_.stages) {
    if (!make_stage(stage)) return false;
    weights_ = read_checkpoint(stage_folder(output_, stage.identity) / "last");
    UMM_CHECK(weights_->stage_identity == stage.identity, weights_->folder.string(), ": belongs to stage ",
              weights_->stage_identity, ", expected ", stage.identity,
              "; remove the folder to train it again");
  }
  const bool done = std::all_of(run_.evaluations.begin(), run_.evaluations.end(),
                                [&](const EvaluationConfig& config) { return evaluate_with(config); });
  if (done) record_.add(results::AttemptEnd{unanswered_ ? "incomplete" : "complete", "", evaluations_});
  return done;
}

// What is wrong with a benchmark's prompts, or with its judge, must not cost the training before it.
// Detectors and answerers are not made for it: their weights may be large.
void RunExecutor::check(const EvaluationConfig& config) const {
  expect_evaluable(config.name, make_benchmark_without_providers(config, catalogue_).items);
  if (!config.providers.contains(PluginKind::judge)) return;
  const auto subject = finished_subject(output_, run_, config);
  if (subject && is_evaluated(output_, evaluation_identity(run_, config, *subject, catalogue_))) return;
  expect_key(run_.resources.judge);
  expect_judge({run_, config, catalogue_, output_});
}

// Several runs may begin with the same stage: one process trains it, the others wait for it. What is found
// finished is recorded as well, for its own journal may have missed the very end.
bool RunExecutor::make_stage(const StageConfig& stage) {
  const auto folder = stage_folder(output_, stage.identity);
  make_folders(folder);
  const auto claim = Claim::make(folder, stop_requested);
  if (!claim) return false;
  const auto done = read_finished_stage(folder);
  if (!done) return train(stage);
  record_.add_found(finished(stage, *done, {}));
  return true;
}

// nullopt: the plugins' code does not run without values.
std::optional<int64_t> RunExecutor::activations_bytes(const StageConfig& stage) const {
  try {
    return estimate_stage(run_, stage, catalogue_).memory.activations_bytes;
  } catch (const Error&) {
    return std::nullopt;
  }
}

bool RunExecutor::train(const StageConfig& stage) {
  const auto folder = stage_folder(output_, stage.identity);
  // In a child, which counts work itself: before this process does, and before it uses a GPU.
  const auto activations = activations_bytes(stage);
  auto& model = model_.with_weights(weights_ ? &*weights_ : nullptr);
  // Only the model knows its groups; a later stage's mistake must not cost the stages before it.
  for (const auto& any : run_.stages) check_groups(any, model);
  const auto method = guarded(named(PluginKind::method, stage.method.id), "making the method", [&] {
    return catalogue_.at(PluginKind::method, stage.method.id).entry.make_method(stage.method.options);
  });
  const auto datasets = make_datasets(stage, catalogue_);
  const auto resumed = read_resume_state(folder);
  const auto device = model.parameters().at(0).value.device();
  open_.emplace(stage.identity, folder, resumed ? resumed->seconds : 0, resumed ? resumed->work : Work(),
                PhaseMeter("train", device));
  record_.add(results::StageBegin{stage.identity, device_name(device), open_->seconds_at_start});
  const auto kept = [&](const TrainingState& state) {
    record_.add(results::ResumePoint{stage.identity, state.totals.updates, state.seconds});
  };
  const auto drawn = [&](const std::vector<results::CurvePoint>& points) {
    record_.add(results::CurveFrame{stage.identity, points}, /*sync=*/false);
  };
  const TrainInput input{model,
                         *method,
                         stage,
                         datasets,
                         open_->work,
                         run_.seed,
                         weights_ ? &*weights_ : nullptr,
                         folder,
                         activations,
                         run_.architecture.id,
                         kept,
                         drawn};
  model_.forget_weights();
  Progress progress(run_.name + ": train " + stage.name, stage.train.updates, "updates", device_seconds_,
                    record_.progress());
  const auto outcome = train_stage(input, progress);
  if (!outcome.complete) {
    record_unfinished("interrupted",
                      detail::concat("stopped by request at update ", outcome.state.totals.updates, " of ",
                                     stage.train.updates, "; resumable"));
    return false;
  }
  device_seconds_ += open_->meter.seconds();
  record_.add(finished(stage, outcome.state, model_.take_costs()));
  open_.reset();
  return true;
}

// Costs of what is complete cover the whole stage, updates before a resume included.
results::StageEnd RunExecutor::finished(const StageConfig& stage, const TrainingState& state,
                                        std::vector<results::CostRow> costs) const {
  results::CostRow cost;
  if (open_) cost = open_->meter.finish(0);
  cost.phase = "train";
  set_work(cost, state.work);
  cost.device_seconds = state.seconds;
  if (open_ && open_->seconds_at_start > 0) cost.energy_joules.reset();  // nobody kept what went before
  cost.device_name = state.device;
  cost.images = state.totals.images_seen;
  costs.push_back(cost);
  Curves curves(std::max<int64_t>(state.totals.updates, 1));
  curves.restore(state.curves);
  return {stage.identity, state.totals, std::move(costs), curves.points()};
}

// The others carry what was lost: loading, and training that no resume point kept.
void RunExecutor::record_unfinished(const std::string& status, const std::string& error) {
  auto costs = model_.take_costs();
  auto cost = open_->meter.finish(0);
  const auto kept = read_resume_state(open_->folder);
  const double kept_seconds = kept ? kept->seconds - open_->seconds_at_start : 0;
  cost.device_seconds = std::max(cost.device_seconds - kept_seconds, 0.0);
  if (kept_seconds > 0) cost.energy_joules.reset();
  if (kept_seconds == 0)
    set_work(cost, open_->work.done());
  else if (kept->work && open_->work_at_start)
    set_work(cost, open_->work.done() - (*kept->work - *open_->work_at_start));
  else
    set_work(cost, std::nullopt);
  costs.push_back(cost);
  const auto identity = open_->identity;
  open_.reset();
  record_.add(results::StageStop{identity, status, error, costs});
}

void RunExecutor::record_failure(const std::string& error) {
  if (open_) record_unfinished("failed", error);
  record_.add(results::AttemptEnd{"failed", error, {}});
}

void RunExecutor::record_stop(const std::string& error) {
  if (open_) record_unfinished("interrupted", error);
  record_.add(results::AttemptEnd{"stopped", error, {}});
}

EvaluationSubject RunExecutor::subject_of(const EvaluationConfig& config) {
  auto subject = finished_subject(output_, run_, config).value();
  std::optional<Checkpoint> checkpoint = weights_;
  if (subject.weights != "base") checkpoint = read_checkpoint(output_ / subject.checkpoint_path);
  subject.model = [this, checkpoint]() -> Architecture& {
    return model_.with_weights(checkpoint ? &*checkpoint : nullptr);
  };
  return subject;
}

bool RunExecutor::evaluate_with(const EvaluationConfig& config) {
  const auto subject = subject_of(config);
  const auto identity = evaluation_identity(run_, config, subject, catalogue_);
  const auto folder = image_folder(output_, identity);
  make_folders(folder);
  const auto claim = Claim::make(folder, stop_requested);
  if (!claim) return false;
  evaluations_.push_back(identity);
  if (is_evaluated(output_, identity)) {
    record_.add(results::EvaluationFound{identity, config.name});
    return true;
  }
  auto result = evaluate({run_, config, catalogue_, output_, device_seconds_, record_.progress()}, subject);
  if (!result) return false;
  const auto loading = model_.take_costs();
  result->costs.insert(result->costs.begin(), loading.begin(), loading.end());
  for (const auto& cost : result->costs) device_seconds_ += cost.device_seconds;
  record_.add(*result);
  // Stored, and not finished: whoever could not be reached is asked again by the next process.
  const std::string unanswered = unanswered_text(*result);
  unanswered_ = unanswered_ || !unanswered.empty();
  if (unanswered.empty())
    mark_evaluated(output_, identity, record_.folder());
  else
    log_warning(run_.name + ": " + unanswered + "; the same command asks again");
  return true;
}

}  // namespace umm
