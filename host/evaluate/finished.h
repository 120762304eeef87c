// What lies in the output folder already.
#pragma once

#include <filesystem>
#include <optional>

#include "evaluate/evaluate.h"
#include "spec/experiment.h"

namespace umm {

bool stage_finished(const std::filesystem::path& output, const StageConfig& stage);

// What the run would evaluate, without its model; nullopt: its last stage is not trained. InputError where a
// checkpoint is damaged, or lacks the weights that are asked for.
std::optional<EvaluationSubject> finished_subject(const std::filesystem::path& output, const RunConfig& run,
                                                  const EvaluationConfig& evaluation);

}  // namespace umm
