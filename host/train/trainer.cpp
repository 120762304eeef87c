#include "train/trainer.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <iomanip>

#include "loader/guard.h"
#include "meter/phase_meter.h"
#include "meter/work_meter.h"
#include "train/device.h"
#include "train/files.h"
#include "train/freeze.h"
#include "train/memory_plan.h"
#include "train/micro_batches.h"
#include "train/stop.h"
#include "umm/error.h"
#include "umm/file.h"
#include "umm/log.h"

namespace umm {
namespace {

namespace fs = std::filesystem;

class StageTrainer {
 public:
  explicit StageTrainer(const TrainInput& input);
  TrainOutcome run(Progress& progress);

 private:
  void reinitialize();
  std::vector<Parameter> prepare_parameters();
  void resume();
  void micro_iteration();
  Tensor weighted_loss(const std::vector<LossTerm>& terms);
  void update();
  void measured_update();
  void describe_state();
  void save_resume();
  void report_curves();
  void finish();
  double seconds() const;

  const TrainInput& input_;
  const TrainConfig& config_;
  const std::string plugins_;  // that compute the loss
  Rng rng_;
  at::Device device_;
  Optimizer optimizer_;
  Curves curves_;
  size_t num_reported_ = 0;  // of its points
  MicroBatches data_;
  MemoryPlan plan_;
  TrainingState state_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  double seconds_before_ = 0;                 // of training that led to the resume point
  std::optional<Work> work_before_ = Work();  // likewise; nullopt: not recorded there
  double latest_loss_ = 0;                    // of the update in progress
};

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

StageTrainer::StageTrainer(const TrainInput& input)
    : input_(input),
      config_(input.stage.train),
      plugins_(named(PluginKind::method, input.stage.method.id) + " with " +
               named(PluginKind::architecture, input.architecture)),
      rng_(Rng(input.seed).fork("stage " + input.stage.name)),
      device_(input.model.parameters().at(0).value.device()),
      optimizer_(prepare_parameters(), config_),
      curves_(config_.updates),
      data_(input.method, input.stage, input.datasets, rng_, /*ahead=*/!device_.is_cpu()) {
  UMM_CHECK_INPUT(config_.updates > 0 && config_.accumulation > 0, "stage ", input.stage.name,
                  ": updates and accumulation must be positive");
  // The optimizer holds the fp32 weights by now: they live on as masters where the model takes another dtype.
  place_model(input_.model, device_, precision_dtype(config_.precision));
  input_.model.set_training(true);
  plan_ = memory_plan(input_.model, optimizer_);
  plan_.activations_bytes = input_.activations_bytes;
  log_info("stage " + input_.stage.name + ": " + plan_.text());
  resume();
}

// An architecture initialises all it has; what keeps its values gets them back.
void StageTrainer::reinitialize() {
  const auto& groups = config_.reinitialized_groups;
  if (groups.empty()) return;
  const at::NoGradGuard no_gradient;
  std::vector<std::pair<Tensor, Tensor>> kept;  // parameter, value
  for (const auto& parameter : input_.model.parameters())
    if (!contains(groups, parameter.group)) kept.emplace_back(parameter.value, parameter.value.clone());
  input_.model.initialize(rng_.fork("reinitialize").next());
  for (auto& [parameter, value] : kept) parameter.copy_(value);
}

std::vector<Parameter> StageTrainer::prepare_parameters() {
  check_groups(input_.stage, input_.model);
  reinitialize();
  return freeze(input_.model, input_.method, input_.stage);
}

void StageTrainer::resume() {
  const auto saved = read_resume_state(input_.folder);
  if (!saved) return;
  load_resume_point(input_.folder, optimizer_);
  state_ = *saved;
  curves_.restore(saved->curves);
  seconds_before_ = saved->seconds;
  work_before_ = saved->work;
  data_.seek(saved->positions);
}

double StageTrainer::seconds() const {
  return seconds_before_ + std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

// One transfer from the device for all terms.
Tensor StageTrainer::weighted_loss(const std::vector<LossTerm>& terms) {
  UMM_CHECK(!terms.empty(), "stage ", input_.stage.name, ": the method returned no loss term");
  std::vector<Tensor> means;
  for (const auto& term : terms) means.push_back(term.loss.mean().to(at::kFloat));
  const Tensor values = at::stack(means).detach().cpu();  // [terms]
  Tensor total;
  double loss = 0;
  for (size_t i = 0; i < terms.size(); ++i) {
    const double value = values[static_cast<int64_t>(i)].item<double>();
    UMM_CHECK(std::isfinite(value), "stage ", input_.stage.name, ", update ", state_.totals.updates + 1,
              ": loss term \"", terms[i].name, "\" is ", value,
              "; lower the learning rate, clip gradients, or look at the data of its flow");
    curves_.add("loss/" + terms[i].name, value);
    loss += terms[i].weight * value;
    const Tensor part = means[i] * (terms[i].weight / static_cast<double>(config_.accumulation));
    total = total.defined() ? total + part : part;
  }
  curves_.add("loss", loss);
  latest_loss_ += loss / static_cast<double>(config_.accumulation);
  return total;
}

void StageTrainer::micro_iteration() {
  Rng rng = rng_.fork("step", static_cast<uint64_t>(state_.totals.micro_iterations));
  // Only dropout layers draw from LibTorch's own generator.
  at::manual_seed(rng.fork("dropout").next());
  const auto batches = data_.next(state_.totals.micro_iterations, device_);
  state_.totals.images_seen += images_in(batches);
  for (const auto& [flow, position] : data_.positions())
    if (!position.unreadable.empty())
      curves_.add("unreadable/" + flow, static_cast<double>(position.unreadable.size()));
  const auto terms =
      guarded(plugins_, "computing the loss", [&] { return input_.method.loss(input_.model, batches, rng); });
  const Tensor total = weighted_loss(terms);
  UMM_CHECK(total.requires_grad(), "stage ", input_.stage.name,
            ": the loss does not depend on any trained parameter; check train.groups against the method");
  guarded(plugins_, "computing gradients", [&] { total.backward(); });
  ++state_.totals.micro_iterations;
}

void StageTrainer::update() {
  latest_loss_ = 0;
  const auto began = std::chrono::steady_clock::now();
  const int64_t images_before = state_.totals.images_seen;
  for (int64_t i = 0; i < config_.accumulation; ++i) micro_iteration();
  const double rate = learning_rate_at(config_, state_.totals.updates);
  const double norm = optimizer_.step(rate);
  UMM_CHECK(std::isfinite(norm), "stage ", input_.stage.name, ", update ", state_.totals.updates + 1,
            ": the gradient norm is ", norm, "; lower the learning rate or look at the data");
  ++state_.totals.updates;
  curves_.add("learning_rate", rate);
  curves_.add("grad_norm", norm);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  curves_.add("measured/images_per_second",
              static_cast<double>(state_.totals.images_seen - images_before) / took.count());
  curves_.add("measured/memory_bytes", static_cast<double>(memory_in_use(device_)));
  curves_.end_update(state_.totals.updates);
}

// The first update shows what the memory plan is worth.
void StageTrainer::measured_update() {
  const MemoryMeter meter;
  update();
  const int64_t seen = plan_.weights_bytes + plan_.optimizer_bytes + meter.peak_bytes();
  std::string text = "stage " + input_.stage.name + ": the first update took " + size_text(seen);
  if (plan_.activations_bytes)
    text += detail::concat(", ", 100 * seen / std::max<int64_t>(plan_.total_bytes(), 1), " % of the plan");
  log_info(text);
}

void StageTrainer::describe_state() {
  state_.curves = curves_.to_json();
  state_.seconds = seconds();
  if (work_before_) state_.work = *work_before_ + input_.work.done();
  state_.device = device_name(device_);
  state_.positions = data_.positions();
}

void StageTrainer::save_resume() {
  describe_state();
  save_resume_point(input_.folder, state_, optimizer_);
  if (input_.kept) input_.kept(state_);
}

void StageTrainer::report_curves() {
  const auto& points = curves_.points();
  const auto first_new = points.begin() + static_cast<std::ptrdiff_t>(num_reported_);
  if (input_.drawn && first_new != points.end()) input_.drawn({first_new, points.end()});
  num_reported_ = points.size();
}

void StageTrainer::finish() {
  describe_state();
  CheckpointContent content{.stage_identity = input_.stage.identity,
                            .seed = input_.seed,
                            .updates = state_.totals.updates,
                            .trained = optimizer_.ema(),
                            .earlier = input_.earlier,
                            .text_files = {}};
  // `last` marks the stage as finished, so it comes last.
  if (!content.trained.empty()) {
    fs::remove_all(input_.folder / "ema");
    save_checkpoint(input_.folder / "ema", input_.model, content);
  }
  content.trained = optimizer_.weights();
  content.text_files["training.json"] = to_json(state_);
  save_checkpoint(input_.folder / "last", input_.model, content);
  remove_resume_points(input_.folder);
}

TrainOutcome StageTrainer::run(Progress& progress) {
  progress.resume_at(state_.totals.updates);
  report_curves();
  const int64_t every = config_.checkpoint_every_updates, first = state_.totals.updates;
  while (state_.totals.updates < config_.updates) {
    if (state_.totals.updates == first)
      measured_update();
    else
      update();
    report_curves();
    const int64_t done = state_.totals.updates;
    progress.update(done, detail::concat(std::setprecision(4), "loss ", latest_loss_));
    if (done == config_.updates) break;
    if (stop_requested()) {
      save_resume();
      return {false, state_};
    }
    if (every > 0 && done % every == 0) save_resume();
  }
  finish();
  return {true, state_};
}

}  // namespace

TrainOutcome train_stage(const TrainInput& input, Progress& progress) {
  make_folders(input.folder);
  remove_pending(input.folder);
  return StageTrainer(input).run(progress);
}

std::optional<TrainingState> read_finished_stage(const fs::path& stage_folder) {
  const auto file = stage_folder / "last" / "training.json";
  if (!fs::exists(file)) return std::nullopt;
  return training_state_from_json(read_file(file));
}

}  // namespace umm
