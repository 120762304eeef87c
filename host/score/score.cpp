#include "score/score.h"

#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "evaluate/evaluate.h"
#include "evaluate/judge_connection.h"
#include "evaluate/run_record.h"
#include "launch/attempt.h"
#include "launch/submission.h"
#include "launch/sweep_records.h"
#include "loader/guard.h"
#include "loader/hash.h"
#include "meter/phase_meter.h"
#include "results/run_folder.h"
#include "train/files.h"
#include "umm/error.h"

namespace umm {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

class Scoring {
 public:
  Scoring(const ExternalRun& external, const Catalogue& catalogue, std::string program_version)
      : external_(external),
        catalogue_(with_external(catalogue)),
        program_version_(std::move(program_version)),
        experiment_(external_experiment(external, catalogue_)) {}

  std::optional<ScoreOutcome> pictures(const fs::path& folder);
  ScoreOutcome own_evidence(const std::string& text, const std::string& file);
  std::vector<ScoreOutcome> published_evidence(const std::string& text, const std::string& file);

 private:
  RunConfig& run() { return experiment_.runs.at(0); }
  const EvaluationConfig& config() { return run().evaluations.at(0); }
  JudgeConnection connection();
  void finish(const Benchmark& benchmark, const std::string& source, ScoreOutcome& outcome);
  void record(const ScoreOutcome& outcome);

  const ExternalRun& external_;
  Catalogue catalogue_;
  std::string program_version_;
  Experiment experiment_;
};

JudgeConnection Scoring::connection() {
  if (!config().providers.contains(PluginKind::judge)) return {};
  auto connection = judge_connection(run().resources.judge, experiment_.output);
  if (!external_.replies.empty()) connection.folder = external_.replies;
  return connection;
}

// Rules, then the journal of a run of its own, then the database.
void Scoring::finish(const Benchmark& benchmark, const std::string& source, ScoreOutcome& outcome) {
  auto& frame = outcome.result;
  auto ruled = apply_rules(benchmark, frame.evidence);
  outcome.scores = std::move(ruled.aggregates);
  for (auto& image : ruled.images) outcome.item_scores.emplace_back(image.item->id, std::move(image.score));
  UMM_CHECK_INPUT(!outcome.scores.empty(), source, ": not one picture could be scored, so there is no score");
  frame.scores = score_rows(outcome.scores);
  const EvaluationSubject subject{.label = outcome.label,
                                  .weights = "base",
                                  .checkpoint_path = source,
                                  .checkpoint_hash = run().base_hash,
                                  .model = {}};
  frame.evaluation =
      evaluation_row(config(), subject, benchmark, evaluation_identity(run(), config(), subject, catalogue_));
  frame.items = item_rows(benchmark);
  outcome.evaluator = config().evaluator.id;
  outcome.protocol_hash = config().protocol_hash;
  record(outcome);
}

void Scoring::record(const ScoreOutcome& outcome) {
  const fs::path output = experiment_.output;
  const auto attempt = begin_attempt(results::run_folder(output, run().identity));
  UMM_CHECK_INPUT(attempt, output.string(), ": another process is scoring the same right now");
  {
    RunRecord record(run(), attempt->folder, attempt->number, program_version_, {});
    record.add(outcome.result);
    record.add(results::AttemptEnd{"complete", "", {outcome.result.evaluation.identity}});
  }
  submit_beside(experiment_, catalogue_, program_version_);
  SweepRecords(output).take_in();
}

std::optional<ScoreOutcome> Scoring::pictures(const fs::path& folder) {
  std::string awaited;
  for (const auto& what : run().awaits) awaited += (awaited.empty() ? "" : ", ") + what;
  UMM_CHECK_INPUT(awaited.empty(), "scoring these pictures needs what is not here: ", awaited);
  const Benchmark benchmark = make_benchmark(config(), catalogue_, connection());
  ScoreOutcome outcome{.label = external_.label,
                       .pictures = find_official_pictures(benchmark, folder, experiment_.output)};
  const auto& found = outcome.pictures.found;
  outcome.asked = static_cast<int64_t>(benchmark.items.size()) * benchmark.images_per_prompt;
  UMM_CHECK_INPUT(!found.empty(), folder.string(), ": none of the ", outcome.asked,
                  " pictures is where the benchmark looks for it; the first would be ",
                  outcome.pictures.missing.at(0));
  set_content(run(), hash_of(found));
  const PhaseMeter meter("score", at::kCPU);
  Progress progress(outcome.label + ": score " + config().name, static_cast<int64_t>(found.size()),
                    "pictures", 0, ProgressOutput::standard_error());
  auto collected = collect_evidence(benchmark, found, progress, Unreadable::pass_over);
  if (!collected) return std::nullopt;
  outcome.result.evidence = std::move(collected->evidence);
  outcome.unreadable = std::move(collected->unreadable);
  outcome.result.costs = {meter.finish(static_cast<int64_t>(found.size()))};
  collected->add_to(outcome.result.costs.back());
  finish(benchmark, fs::absolute(folder).string(), outcome);
  return outcome;
}

// A line of our own: {"item", "image", "evidence"}.
std::optional<results::EvidenceRow> evidence_row(const std::string& line) {
  const Json json = Json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains("item") || !json.contains("evidence")) return std::nullopt;
  if (!json["item"].is_string() || !json["evidence"].is_object()) return std::nullopt;
  results::EvidenceRow row;
  row.item_id = json["item"];
  const Json image = json.value("image", Json(0U));
  if (!image.is_number_unsigned()) return std::nullopt;
  row.image_index = image;
  row.evidence_json = json["evidence"].dump();
  row.image_sha256 = hash_text(row.evidence_json);  // there is no picture; what was seen stands for it
  return row;
}

std::vector<results::EvidenceRow> evidence_rows(const std::string& text, const std::string& file,
                                                const Benchmark& benchmark) {
  std::set<std::string> known;
  for (const auto& item : benchmark.items) known.insert(item.id);
  std::vector<results::EvidenceRow> rows;
  std::set<std::pair<std::string, int64_t>> seen;
  std::istringstream lines(text);
  int64_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    auto row = evidence_row(line);
    UMM_CHECK_INPUT(row, file, ":", number,
                    ": expected {\"item\": id, \"image\": number, \"evidence\": object}, found ",
                    line.substr(0, 60));
    UMM_CHECK_INPUT(known.contains(row->item_id), file, ":", number, ": the prompts have no item \"",
                    row->item_id, "\"");
    UMM_CHECK_INPUT(row->image_index < benchmark.images_per_prompt, file, ":", number, ": picture ",
                    row->image_index, " of item ", row->item_id, ": the protocol has ",
                    benchmark.images_per_prompt, " of each, counted from 0");
    UMM_CHECK_INPUT(seen.emplace(row->item_id, row->image_index).second, file, ":", number, ": picture ",
                    row->image_index, " of item ", row->item_id, " is there twice");
    rows.push_back(std::move(*row));
  }
  return rows;
}

ScoreOutcome Scoring::own_evidence(const std::string& text, const std::string& file) {
  const Benchmark benchmark = make_benchmark_without_providers(config(), catalogue_);
  ScoreOutcome outcome{.label = external_.label};
  outcome.asked = static_cast<int64_t>(benchmark.items.size()) * benchmark.images_per_prompt;
  outcome.result.evidence = evidence_rows(text, file, benchmark);
  set_content(run(), hash_text(text));
  finish(benchmark, fs::absolute(file).string(), outcome);
  return outcome;
}

std::vector<ScoreOutcome> Scoring::published_evidence(const std::string& text, const std::string& file) {
  Benchmark benchmark = make_rules(config(), catalogue_);
  const RunConfig before = run();
  std::vector<ScoreOutcome> outcomes;
  for (auto& log : guarded(benchmark.name, "reading " + file,
                           [&] { return benchmark.evaluator->read_log(text, file); })) {
    UMM_CHECK(log.evidence.size() == log.items.size(), benchmark.name, ": read_log() gives ",
              log.evidence.size(), " pieces of evidence about ", log.items.size(), " items");
    ScoreOutcome& outcome = outcomes.emplace_back();
    outcome.label = log.label;
    outcome.asked = static_cast<int64_t>(log.items.size());
    for (size_t i = 0; i < log.evidence.size(); ++i) {
      auto& row = outcome.result.evidence.emplace_back();
      row.item_id = log.items[i].id;
      row.image_sha256 = hash_text(log.evidence[i]);
      row.evidence_json = std::move(log.evidence[i]);
    }
    benchmark.items = std::move(log.items);
    run() = before;
    run().label = run().name = log.label;
    set_content(run(), hash_text(log.label + "\n" + text));
    finish(benchmark, fs::absolute(file).string(), outcome);
  }
  return outcomes;
}

}  // namespace

int64_t ScoreOutcome::num_unscored() const {
  return scores.empty() ? asked : scores.back().num_unscored;
}

std::optional<ScoreOutcome> score_pictures(const ExternalRun& external, const fs::path& folder,
                                           const Catalogue& catalogue, const std::string& program_version) {
  UMM_CHECK_INPUT(names_prompts(external), "what were the pictures of ", folder.string(),
                  " asked for? Say --prompts FILE, --prompts SET, or name a protocol: geneval/official-4x");
  return Scoring(external, catalogue, program_version).pictures(folder);
}

std::vector<ScoreOutcome> score_evidence(const ExternalRun& external, const std::string& file,
                                         const Catalogue& catalogue, const std::string& program_version) {
  const std::string text = read_text_file(file);
  const bool own = evidence_row(text.substr(0, text.find('\n'))).has_value();
  ExternalRun asked = external;
  asked.only_evidence = true;
  if (names_prompts(external)) {
    UMM_CHECK_INPUT(own, file,
                    ": expected JSON lines {\"item\", \"image\", \"evidence\"} about the prompts; a log "
                    "that brings its own items goes without --prompts and --protocol");
  } else {
    UMM_CHECK_INPUT(!own, file, ": names items of a prompt set; say which with --prompts or --protocol");
    UMM_CHECK_INPUT(file.ends_with(".jsonl") || file.ends_with(".json") || file.ends_with(".csv"), file,
                    ": expected a published log, whose name ends in .jsonl, .json or .csv");
    asked.prompts = file;  // it brings its items, so its content is part of the protocol
  }
  Scoring scoring(asked, catalogue, program_version);
  if (own) return {scoring.own_evidence(text, file)};
  return scoring.published_evidence(text, file);
}

}  // namespace umm
