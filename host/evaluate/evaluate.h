// One benchmark on one checkpoint: pictures, evidence, scores. Pictures that are there already are kept, so
// an interrupted evaluation goes on where it stopped, and the model is only asked for where a picture is
// missing.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "evaluate/benchmark.h"
#include "meter/progress.h"
#include "results/frames.h"

namespace umm {

class ImageFolder;

// What is evaluated.
struct EvaluationSubject {
  std::string label;            // for progress lines: "reca, seed 0"
  std::string weights;          // "last" | "ema" | "base"
  std::string checkpoint_path;  // relative to the output folder; "" for fresh weights
  std::string checkpoint_hash;
  std::function<Architecture&()> model;  // loads it; called at most once
};

using EvaluationResult = results::EvaluationFrame;  // its costs: generate, score

// What pictures are drawn from, but for prompt and seed: checkpoint, weights, architecture with its library
// and options, sampling. Files that options name count with their content.
std::string drawing_text(const RunConfig& run, const Options& sampling, const EvaluationSubject& subject,
                         const Catalogue& catalogue);

// SHA-256 over checkpoint, weights, protocol, sampling, and the libraries that take part.
std::string evaluation_identity(const RunConfig& run, const EvaluationConfig& config,
                                const EvaluationSubject& subject, const Catalogue& catalogue);

struct EvaluationJob {
  const RunConfig& run;
  const EvaluationConfig& config;
  const Catalogue& catalogue;
  std::filesystem::path output;
  double device_seconds_before = 0;  // for progress lines
  ProgressOutput progress = ProgressOutput::standard_error();
};

// InputError where the judge that the evaluation asks, if it asks one, could not be asked whatever its key:
// its model or its URL is lacking. It is made, and asked nothing.
void expect_judge(const EvaluationJob& job);

// nullopt: stopped by request, and resumable.
std::optional<EvaluationResult> evaluate(const EvaluationJob& job, const EvaluationSubject& subject);

// "wise: 2 of 9 pictures have no answer (timed out)", where whoever was asked gave none; "": each has one.
std::string unanswered_text(const EvaluationResult& result);

// As they are stored.
results::EvaluationRow evaluation_row(const EvaluationConfig& config, const EvaluationSubject& subject,
                                      const Benchmark& benchmark, const std::string& identity);
std::vector<results::ItemRow> item_rows(const Benchmark& benchmark);

std::vector<results::ScoreRow> score_rows(const std::vector<NamedScore>& scores);

// What the rules say: pointers are into the benchmark's items and the evidence.
struct RuledScores {
  std::vector<ScoredImage> images;  // in the order of the evidence, then those that it lacks
  std::vector<NamedScore> aggregates;
};

// The rules over evidence: fills status, score and reason of each row. Pictures of the benchmark that
// `evidence` lacks count as missing.
RuledScores apply_rules(const Benchmark& benchmark, std::vector<results::EvidenceRow>& evidence);

}  // namespace umm
