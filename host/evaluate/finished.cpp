#include "evaluate/finished.h"

#include "loader/hash.h"
#include "train/checkpoint_folder.h"
#include "umm/error.h"

namespace umm {

bool stage_finished(const std::filesystem::path& output, const StageConfig& stage) {
  return std::filesystem::exists(stage_folder(output, stage.identity) / "last" / "training.json");
}

std::optional<EvaluationSubject> finished_subject(const std::filesystem::path& output, const RunConfig& run,
                                                  const EvaluationConfig& evaluation) {
  EvaluationSubject subject;
  subject.label = run.name;
  subject.weights = "base";
  if (run.stages.empty()) {
    subject.checkpoint_hash =
        run.base.empty() ? hash_text("fresh weights from seed " + std::to_string(run.seed)) : run.base_hash;
    if (!run.base.empty())
      subject.checkpoint_path = std::filesystem::proximate(run.base, output).generic_string();
    return subject;
  }
  UMM_CHECK_INPUT(evaluation.weights != "ema" || run.stages.back().train.ema_decay > 0, "evaluation ",
                  evaluation.name, " asks for EMA weights, but stage ", run.stages.back().name,
                  " keeps none; set its train.ema_decay, or weights = \"last\"");
  if (!stage_finished(output, run.stages.back())) return std::nullopt;
  subject.weights = evaluation.weights;
  const auto folder = stage_folder(output, run.stages.back().identity) / evaluation.weights;
  subject.checkpoint_path = std::filesystem::proximate(folder, output).generic_string();
  subject.checkpoint_hash = content_hash(read_checkpoint(folder));
  return subject;
}

}  // namespace umm
