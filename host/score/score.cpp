#include "score/score.h"

#include <algorithm>
#include <map>
#include <set>

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
#include "score/evidence_file.h"
#include "score/plain_text.h"
#include "umm/error.h"
#include "umm/file.h"

namespace umm {
namespace {

namespace fs = std::filesystem;

class Scoring {
 public:
  Scoring(const ExternalRun& external, const Catalogue& catalogue, std::string program_version)
      : external_(external),
        catalogue_(with_external(catalogue)),
        program_version_(std::move(program_version)),
        experiment_(external_experiment(external, catalogue_)) {}

  std::optional<ScoreOutcome> pictures(const fs::path& folder);
  ScoreOutcome own_evidence(const std::string& text, const std::string& file);
  std::vector<EvidenceLog> read_log(const std::string& text, const std::string& file);
  std::vector<ScoreOutcome> published_evidence(const std::vector<EvidenceLog>& logs, const std::string& text,
                                               const std::string& file);

  int64_t images_per_prompt() { return config().images_per_prompt; }

  // Journals of runs of their own, then the sweep, then the database. False: stopped by request, and nothing
  // is recorded. [after one of the above, of its outcomes]
  bool record(Scored& scored);

 private:
  RunConfig& run() { return experiment_.runs.at(0); }
  const EvaluationConfig& config() { return run().evaluations.at(0); }
  JudgeConnection connection();
  void finish(const Benchmark& benchmark, const std::string& source, ScoreOutcome& outcome);

  const ExternalRun& external_;
  Catalogue catalogue_;
  std::string program_version_;
  Experiment experiment_;
  std::vector<RunConfig> finished_;  // of each outcome
};

JudgeConnection Scoring::connection() {
  if (!config().providers.contains(PluginKind::judge)) return {};
  auto connection = judge_connection(run().resources.judge, experiment_.output);
  if (external_.replies.empty()) return connection;
  UMM_CHECK_INPUT(fs::exists(external_.replies), external_.replies,
                  ": expected a judge's stored replies, a folder or a .jsonl file, found nothing");
  connection.folder = external_.replies;
  return connection;
}

// What the rules say. There may be no score: then the evidence, and what it cost, are kept all the same.
void Scoring::finish(const Benchmark& benchmark, const std::string& source, ScoreOutcome& outcome) {
  auto& frame = outcome.result;
  auto ruled = apply_rules(benchmark, frame.evidence);
  outcome.scores = std::move(ruled.aggregates);
  for (auto& image : ruled.images) outcome.item_scores.emplace_back(image.item->id, std::move(image.score));
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
  finished_.push_back(run());
}

bool Scoring::record(Scored& scored) {
  const fs::path output = experiment_.output;
  experiment_.runs = finished_;
  {
    // Held from here on, so that what is in a journal is in the sweep, too.
    const auto claim = claim_sweeps(experiment_);
    if (!claim) return false;
    check_beside(experiment_);
    for (size_t i = 0; i < scored.outcomes.size(); ++i) {
      const auto& run = finished_.at(i);
      const auto& result = scored.outcomes[i].result;
      const auto attempt = begin_attempt(results::run_folder(output, run.identity));
      UMM_CHECK_INPUT(attempt, output.string(), ": another process is scoring the same right now");
      RunRecord record(run, attempt->folder, attempt->number, program_version_, {});
      record.add(result);
      record.add(results::AttemptEnd{"complete", "", {result.evaluation.identity}});
    }
    submit_beside(experiment_, catalogue_, program_version_);
  }
  scored.in_database = SweepRecords(output).take_in_for_good();
  return true;
}

std::string first_reasons(const std::vector<UnreadablePicture>& pictures) {
  constexpr size_t kTold = 3;
  std::string text;
  for (size_t i = 0; i < std::min(pictures.size(), kTold); ++i)
    text += "\n  " + plain_text(pictures[i].reason);
  if (pictures.size() > kTold) text += detail::concat("\n  and ", pictures.size() - kTold, " more");
  return text;
}

std::optional<ScoreOutcome> Scoring::pictures(const fs::path& folder) {
  std::string awaited;
  for (const auto& what : run().awaits) awaited += (awaited.empty() ? "" : ", ") + what;
  UMM_CHECK_INPUT(awaited.empty(), "scoring these pictures needs what is not here: ", awaited);
  check_beside(experiment_);
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
  UMM_CHECK_INPUT(!collected->evidence.empty() || collected->judge_calls > 0, folder.string(),
                  ": not one of ", found.size(),
                  " pictures could be looked at:", first_reasons(collected->unreadable));
  outcome.result.evidence = std::move(collected->evidence);
  outcome.unreadable = std::move(collected->unreadable);
  outcome.result.costs = {meter.finish(static_cast<int64_t>(found.size()))};
  collected->add_to(outcome.result.costs.back());
  finish(benchmark, fs::absolute(folder).string(), outcome);
  return outcome;
}

ScoreOutcome Scoring::own_evidence(const std::string& text, const std::string& file) {
  const Benchmark benchmark = make_benchmark_without_providers(config(), catalogue_);
  ScoreOutcome outcome{.label = external_.label};
  outcome.asked = static_cast<int64_t>(benchmark.items.size()) * benchmark.images_per_prompt;
  outcome.result.evidence = read_evidence_file(text, file, benchmark);
  set_content(run(), hash_text(text));
  finish(benchmark, fs::absolute(file).string(), outcome);
  return outcome;
}

// What a log asks: the items of all labels, each once.
std::vector<EvaluationItem> items_of(const std::vector<EvidenceLog>& logs) {
  std::set<std::string> known;
  std::vector<EvaluationItem> items;
  for (const auto& log : logs)
    for (const auto& item : log.items)
      if (known.insert(item.id).second) items.push_back(item);
  return items;
}

// These as one label has them, in the order of all: rows share the draws of their prompts.
std::vector<EvaluationItem> items_of(const EvidenceLog& log, std::vector<EvaluationItem> all) {
  std::map<std::string, const EvaluationItem*> own;
  for (const auto& item : log.items) own.emplace(item.id, &item);
  for (auto& item : all)
    if (const auto found = own.find(item.id); found != own.end()) item = *found->second;
  return all;
}

// SHA-256 of what logs ask, in whatever order. What they say of it is not the protocol's.
std::string hash_of_items(const std::vector<EvidenceLog>& logs) {
  std::map<std::string, std::string> records;
  for (const auto& log : logs)
    for (const auto& item : log.items) records.emplace(item.id, item.metadata);
  std::string text;
  for (const auto& [id, record] : records) text += hash_text(id) + " " + hash_text(record) + "\n";
  return hash_text(text);
}

// An item that is there several times has as many pictures, in this order.
std::vector<results::EvidenceRow> evidence_rows(const EvidenceLog& log) {
  std::map<std::string, int64_t> pictures;
  std::vector<results::EvidenceRow> rows;
  for (size_t i = 0; i < log.evidence.size(); ++i) {
    if (log.evidence[i].empty()) continue;
    auto& row = rows.emplace_back();
    row.item_id = log.items[i].id;
    row.image_index = pictures[row.item_id]++;
    row.image_sha256 = hash_text(log.evidence[i]);
    row.evidence_json = log.evidence[i];
  }
  return rows;
}

std::vector<EvidenceLog> Scoring::read_log(const std::string& text, const std::string& file) {
  const Benchmark rules = make_rules(config(), catalogue_);
  auto logs = guarded(rules.name, "reading " + file, [&] { return rules.evaluator->read_log(text, file); });
  for (auto& log : logs) {
    UMM_CHECK(log.evidence.size() == log.items.size(), rules.name, ": read_log() gives ", log.evidence.size(),
              " pieces of evidence about ", log.items.size(), " items");
    log.label = log.label.empty() ? external_.label : plain_text(log.label);
  }
  return logs;
}

std::vector<ScoreOutcome> Scoring::published_evidence(const std::vector<EvidenceLog>& logs,
                                                      const std::string& text, const std::string& file) {
  Benchmark benchmark = make_rules(config(), catalogue_);
  benchmark.images_per_prompt = config().images_per_prompt;
  const std::vector<EvaluationItem> all = items_of(logs);
  const RunConfig before = run();
  std::vector<ScoreOutcome> outcomes;
  for (const auto& log : logs) {
    ScoreOutcome& outcome = outcomes.emplace_back();
    outcome.label = log.label;
    outcome.asked = static_cast<int64_t>(all.size()) * benchmark.images_per_prompt;
    outcome.result.evidence = evidence_rows(log);
    benchmark.items = items_of(log, all);
    run() = before;
    run().label = run().name = log.label;
    set_content(run(), hash_text(log.label + "\n" + text));
    finish(benchmark, fs::absolute(file).string(), outcome);
  }
  return outcomes;
}

int64_t images_per_prompt(const std::vector<EvidenceLog>& logs) {
  int64_t images = 1;
  for (const auto& log : logs)
    for (const auto& row : evidence_rows(log)) images = std::max(images, row.image_index + 1);
  return images;
}

}  // namespace

int64_t ScoreOutcome::num_unscored() const {
  return scores.empty() ? asked : scores.back().num_unscored;
}

std::optional<Scored> score_pictures(const ExternalRun& external, const fs::path& folder,
                                     const Catalogue& catalogue, const std::string& program_version) {
  UMM_CHECK_INPUT(names_prompts(external), "what were the pictures of ", folder.string(),
                  " asked for? Say --prompts FILE, --prompts SET, or name a protocol: geneval/official-4x");
  Scoring scoring(external, catalogue, program_version);
  auto outcome = scoring.pictures(folder);
  if (!outcome) return std::nullopt;
  Scored scored;
  scored.outcomes.push_back(std::move(*outcome));
  if (!scoring.record(scored)) return std::nullopt;
  return scored;
}

std::optional<Scored> score_evidence(const ExternalRun& external, const std::string& file,
                                     const std::vector<std::string>& ratings, const Catalogue& catalogue,
                                     const std::string& program_version) {
  const std::string text = read_file(file);
  ExternalRun asked = external;
  asked.only_evidence = true;
  Scored scored;
  const auto store = [&](Scoring& scoring) -> std::optional<Scored> {
    scored.agreements = agreement_with_people(scored.outcomes, ratings, catalogue);
    if (!scoring.record(scored)) return std::nullopt;
    return std::move(scored);
  };
  if (names_prompts(external)) {
    Scoring scoring(asked, catalogue, program_version);
    scored.outcomes.push_back(scoring.own_evidence(text, file));
    return store(scoring);
  }
  UMM_CHECK_INPUT(!is_evidence_file(text), file,
                  ": names items of a prompt set; say which with --prompts or --protocol");
  UMM_CHECK_INPUT(file.ends_with(".jsonl") || file.ends_with(".json") || file.ends_with(".csv"), file,
                  ": expected a published log, whose name ends in .jsonl, .json or .csv");
  asked.prompts = file;  // it brings its items, which are part of the protocol
  const auto logs = Scoring(asked, catalogue, program_version).read_log(text, file);
  scored.only_log_says_items =
      std::any_of(logs.begin(), logs.end(), [](const EvidenceLog& log) { return !log.items_are_checked; });
  asked.prompts_hash = hash_of_items(logs);
  asked.images_per_prompt = images_per_prompt(logs);
  Scoring scoring(asked, catalogue, program_version);
  UMM_CHECK_INPUT(scoring.images_per_prompt() >= asked.images_per_prompt, file, ": has ",
                  asked.images_per_prompt, " pictures of an item, and images_per_prompt is ",
                  scoring.images_per_prompt());
  scored.outcomes = scoring.published_evidence(logs, text, file);
  return store(scoring);
}

}  // namespace umm
