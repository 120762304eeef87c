// One run from its base weights to its scores. Stages and evaluations whose results are there are not made
// again; each is stored as soon as it is complete.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "evaluate/evaluate.h"
#include "evaluate/run_model.h"
#include "meter/phase_meter.h"
#include "train/trainer.h"

namespace umm {

struct RunContext {
  const Experiment& experiment;
  const Catalogue& catalogue;
  results::Store& store;
  double device_seconds = 0;  // of all that this start of the program has done so far
  int64_t trained_stages = 0;
  int64_t made_evaluations = 0;
};

class RunExecutor {
 public:
  RunExecutor(RunContext& context, const RunConfig& run);

  bool execute();  // false: stopped by request, and resumable

  // Records in the attempt under way, if any, that it failed, and what was lost.
  void record_failure(const std::string& error);

 private:
  // An attempt that the database calls running.
  struct OpenAttempt {
    int64_t id = 0;
    std::filesystem::path folder;
    double seconds_at_start = 0;  // of training behind the resume point it began with
    PhaseMeter meter;
  };

  bool train(const StageConfig& stage);
  std::optional<int64_t> activations_bytes(const StageConfig& stage) const;
  void record_finished(const StageConfig& stage, const TrainingState& state,
                       std::vector<results::CostRow> costs);
  void record_unfinished(const std::string& status, const std::string& error);
  bool evaluate_with(const EvaluationConfig& config);
  EvaluationSubject subject_of(const EvaluationConfig& config);
  void add_seconds(const std::vector<results::CostRow>& costs);

  RunContext& context_;
  const RunConfig& run_;
  std::filesystem::path output_;
  RunModel model_;
  std::optional<Checkpoint> weights_;  // where the chain of stages has come to; nullopt: fresh weights
  std::optional<OpenAttempt> attempt_;
};

}  // namespace umm
