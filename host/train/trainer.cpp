#include "train/trainer.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <iomanip>
#include <set>

#include "meter/phase_meter.h"
#include "train/data_stream.h"
#include "train/device.h"
#include "train/files.h"
#include "train/memory_plan.h"
#include "train/stop.h"
#include "umm/error.h"
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
  void open_streams();
  void resume();
  std::map<std::string, Batch> next_batches();
  void micro_iteration();
  Tensor weighted_loss(const std::vector<LossTerm>& terms);
  void update();
  void describe_state();
  void save_resume();
  void finish();
  double seconds() const;

  const TrainInput& input_;
  const TrainConfig& config_;
  Rng rng_;
  at::Device device_;
  Optimizer optimizer_;
  Curves curves_;
  std::map<std::string, DataStream> streams_;
  TrainingState state_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  double seconds_before_ = 0;  // of training that led to the resume point
  double latest_loss_ = 0;     // of the update in progress
};

void check_known(const StageConfig& stage, const Architecture& model, const std::vector<std::string>& groups,
                 const char* purpose) {
  std::set<std::string> known;
  std::string names;
  for (const auto& group : model.parameter_groups()) {
    known.insert(group.name);
    names += (names.empty() ? "" : ", ") + group.name;
  }
  for (const auto& group : groups) {
    UMM_CHECK_INPUT(known.contains(group), "stage ", stage.name, ": no parameter group \"", group, "\" to ",
                    purpose, "; the architecture has ", names);
  }
}

// The spec's choice, else the method's.
std::vector<std::string> trained_groups(const TrainInput& input) {
  const auto& chosen = input.stage.train.trained_groups;
  const auto groups = chosen.empty() ? input.method.trained_groups(input.model) : chosen;
  check_known(input.stage, input.model, groups, "train");
  return groups;
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

StageTrainer::StageTrainer(const TrainInput& input)
    : input_(input),
      config_(input.stage.train),
      rng_(Rng(input.seed).fork("stage " + input.stage.name)),
      device_(input.model.parameters().at(0).value.device()),
      optimizer_(prepare_parameters(), config_),
      curves_(config_.updates) {
  UMM_CHECK_INPUT(config_.updates > 0 && config_.accumulation > 0, "stage ", input.stage.name,
                  ": updates and accumulation must be positive");
  // The optimizer holds the fp32 weights by now: they live on as masters where the model takes another dtype.
  place_model(input_.model, device_, precision_dtype(config_.precision));
  input_.model.set_training(true);
  log_info("stage " + input_.stage.name + ": " + memory_plan(input_.model, optimizer_).text());
  open_streams();
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

// Frozen means frozen: without requires_grad, autograd keeps nothing for a parameter, and the optimizer never
// hears of it.
std::vector<Parameter> StageTrainer::prepare_parameters() {
  check_groups(input_.stage, input_.model);
  reinitialize();
  const auto groups = trained_groups(input_);
  std::vector<Parameter> trained;
  for (auto& parameter : input_.model.parameters()) {
    const bool train = contains(groups, parameter.group);
    parameter.value.mutable_grad() = Tensor();
    if (parameter.value.is_floating_point()) parameter.value.requires_grad_(train);
    if (train) trained.push_back(parameter);
  }
  UMM_CHECK_INPUT(!trained.empty(), "stage ", input_.stage.name, " trains no parameter of the model");
  return trained;
}

void StageTrainer::open_streams() {
  for (const auto& flow : input_.method.flows()) {
    const auto dataset = input_.datasets.find(flow.name);
    const auto config = input_.stage.flows.find(flow.name);
    UMM_CHECK_INPUT(dataset != input_.datasets.end() && config != input_.stage.flows.end(), "stage ",
                    input_.stage.name, ": the method needs data for flow \"", flow.name, "\" (", flow.doc,
                    "); add [data.", flow.name, "]");
    // One order for all flows: methods that name their flow of pictures differently see the same pictures.
    streams_.try_emplace(flow.name, *dataset->second, config->second.batch_size, rng_.fork("order"));
  }
}

void StageTrainer::resume() {
  const auto saved = read_resume_state(input_.folder);
  if (!saved) return;
  load_resume_point(input_.folder, optimizer_);
  state_ = *saved;
  curves_.restore(saved->curves);
  seconds_before_ = saved->seconds;
  for (auto& [name, stream] : streams_) stream.seek(saved->cursors.at(name));
}

double StageTrainer::seconds() const {
  return seconds_before_ + std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

std::map<std::string, Batch> StageTrainer::next_batches() {
  std::map<std::string, Batch> batches;
  const auto& cycle = config_.flow_cycle;
  const auto turn = static_cast<size_t>(state_.totals.micro_iterations);
  for (auto& [name, stream] : streams_) {
    if (!cycle.empty()) {
      const auto& flows = cycle[turn % cycle.size()];
      if (std::find(flows.begin(), flows.end(), name) == flows.end()) continue;
    }
    Batch batch = stream.next();
    if (batch.images.defined()) {
      state_.totals.images_seen += batch.size();
      batch.images = batch.images.to(device_);
    }
    if (batch.source_images.defined()) batch.source_images = batch.source_images.to(device_);
    batches.emplace(name, std::move(batch));
  }
  return batches;
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
  const Tensor total = weighted_loss(input_.method.loss(input_.model, next_batches(), rng));
  UMM_CHECK(total.requires_grad(), "stage ", input_.stage.name,
            ": the loss does not depend on any trained parameter; check train.groups against the method");
  total.backward();
  ++state_.totals.micro_iterations;
}

void StageTrainer::update() {
  latest_loss_ = 0;
  for (int64_t i = 0; i < config_.accumulation; ++i) micro_iteration();
  const double rate = learning_rate_at(config_, state_.totals.updates);
  const double norm = optimizer_.step(rate);
  UMM_CHECK(std::isfinite(norm), "stage ", input_.stage.name, ", update ", state_.totals.updates + 1,
            ": the gradient norm is ", norm, "; lower the learning rate or look at the data");
  ++state_.totals.updates;
  curves_.add("learning_rate", rate);
  curves_.add("grad_norm", norm);
  curves_.end_update(state_.totals.updates);
}

void StageTrainer::describe_state() {
  state_.curves = curves_.to_json();
  state_.seconds = seconds();
  state_.device = device_name(device_);
  for (const auto& [name, stream] : streams_) state_.cursors[name] = stream.cursor();
}

void StageTrainer::save_resume() {
  describe_state();
  save_resume_point(input_.folder, state_, optimizer_);
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
  const int64_t every = config_.checkpoint_every_updates;
  while (state_.totals.updates < config_.updates) {
    update();
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

void check_groups(const StageConfig& stage, const Architecture& model) {
  check_known(stage, model, stage.train.trained_groups, "train");
  check_known(stage, model, stage.train.reinitialized_groups, "reinitialize");
}

TrainOutcome train_stage(const TrainInput& input, Progress& progress) {
  make_folders(input.folder);
  remove_pending(input.folder);
  return StageTrainer(input).run(progress);
}

std::optional<TrainingState> read_finished_stage(const fs::path& stage_folder) {
  const auto file = stage_folder / "last" / "training.json";
  if (!fs::exists(file)) return std::nullopt;
  return training_state_from_json(read_text_file(file));
}

}  // namespace umm
