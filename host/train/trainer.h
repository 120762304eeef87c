// The training loop of one stage: data -> method's loss -> gradients -> optimizer, with exact resume.
//
// Every draw of micro-iteration n comes from Rng(seed).fork("stage <name>").fork("step", n), and data from a
// cursor, so the counters, the weights and the optimizer's moments are the whole state: a stage that was
// interrupted, even by kill -9, ends with the same bits as one that was not.
//
// In the stage's folder: `last/` (and `ema/`), the finished checkpoints; `last/training.json`, what is
// recorded of the training; `resume-<updates>/` while it is under way.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "meter/progress.h"
#include "meter/work_meter.h"
#include "spec/experiment.h"
#include "train/checkpoint_folder.h"
#include "train/micro_batches.h"
#include "train/training_state.h"
#include "umm/method.h"

namespace umm {

struct TrainInput {
  Architecture& model;  // on its device, in fp32, with the weights that the stage starts from
  Method& method;
  const StageConfig& stage;
  const Datasets& datasets;
  const WorkMeter& work;  // since this stage, or what is left of it, began
  uint64_t seed = 0;
  const Checkpoint* earlier = nullptr;            // where the weights came from; nullptr: they are fresh
  std::filesystem::path folder;                   // of the stage
  std::optional<int64_t> activations_bytes = {};  // for the memory plan
  std::string architecture = "";                  // its id, for messages
  std::function<void(const TrainingState&)> kept = {};  // called when a resume point is on disk
  // Called with the points of curves that are new, those of the resume point first.
  std::function<void(const std::vector<results::CurvePoint>&)> drawn = {};
};

struct TrainOutcome {
  bool complete = false;  // false: stopped by request, and resumable
  TrainingState state;
};

// Resumes where the folder holds a resume point. Throws Error naming stage, update and term on a non-finite
// loss.
TrainOutcome train_stage(const TrainInput& input, Progress& progress);

// What is recorded of a finished stage; nullopt: it is not finished.
std::optional<TrainingState> read_finished_stage(const std::filesystem::path& stage_folder);

}  // namespace umm
