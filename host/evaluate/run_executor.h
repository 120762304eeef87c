// One run from its base weights to its scores. Stages and evaluations whose results are there are not made
// again; each is recorded as soon as it is complete. An evaluation in which somebody gave no answer is
// recorded as it is, and made again by the next process.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "evaluate/evaluate.h"
#include "evaluate/run_model.h"
#include "evaluate/run_record.h"
#include "meter/phase_meter.h"
#include "meter/work_meter.h"
#include "train/trainer.h"

namespace umm {

class RunExecutor {
 public:
  RunExecutor(const RunConfig& run, const Catalogue& catalogue, std::filesystem::path output,
              RunRecord& record);

  bool execute();  // false: stopped by request, and resumable

  // Records of the stage under way, if any, that it failed, and what was lost.
  void record_failure(const std::string& error);
  void record_stop(const std::string& error);  // likewise, that it was stopped by request

 private:
  // A stage that the journal calls begun.
  struct OpenStage {
    std::string identity;
    std::filesystem::path folder;
    double seconds_at_start = 0;        // of training behind the resume point it began with
    std::optional<Work> work_at_start;  // likewise; nullopt: unknown
    PhaseMeter meter;
    WorkMeter work = {};
  };

  void check(const EvaluationConfig& config) const;
  bool make_stage(const StageConfig& stage);
  bool train(const StageConfig& stage);
  std::optional<int64_t> activations_bytes(const StageConfig& stage) const;
  results::StageEnd finished(const StageConfig& stage, const TrainingState& state,
                             std::vector<results::CostRow> costs) const;
  void record_unfinished(const std::string& status, const std::string& error);
  bool evaluate_with(const EvaluationConfig& config);
  EvaluationSubject subject_of(const EvaluationConfig& config);

  const RunConfig& run_;
  const Catalogue& catalogue_;
  std::filesystem::path output_;
  RunRecord& record_;
  RunModel model_;
  std::optional<Checkpoint> weights_;  // where the chain of stages has come to; nullopt: fresh weights
  std::optional<OpenStage> open_;
  double device_seconds_ = 0;             // of all that this process has done so far
  std::vector<std::string> evaluations_;  // identities of those done
  bool unanswered_ = false;               // one of them lacks answers
};

}  // namespace umm
