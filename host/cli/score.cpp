// ummbench score BENCH --images FOLDER | --evidence FILE
#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/catalogue.h"
#include "cli/commands.h"
#include "results/run_folder.h"
#include "score/plain_text.h"
#include "score/score.h"
#include "train/stop.h"

namespace umm::cli {
namespace {

struct ScoreArguments {
  ExternalRun external;
  std::string images, evidence;
  std::vector<std::string> ratings;
  int64_t images_per_prompt = 0;
  bool json = false;
};

constexpr size_t kListed = 10;

void print_list(const std::string& label, const std::string& what, const std::vector<std::string>& paths) {
  if (paths.empty()) return;
  fmt::print(stderr, "{}: {} {}\n", label, paths.size(), what);
  for (size_t i = 0; i < std::min(paths.size(), kListed); ++i)
    fmt::print(stderr, "  {}\n", plain_text(paths[i]));
  if (paths.size() > kListed) fmt::print(stderr, "  and {} more\n", paths.size() - kListed);
}

void print_defects(const ScoreOutcome& outcome) {
  const auto print = [&](const std::string& what, const std::vector<std::string>& list) {
    print_list(outcome.label, what, list);
  };
  print("pictures are missing", outcome.pictures.missing);
  print("picture files that no prompt asks for", outcome.pictures.extra);
  std::vector<std::string> unreadable, unscored, unseen;
  for (const auto& picture : outcome.unreadable) unreadable.push_back(picture.reason);
  print("pictures cannot be looked at", unreadable);
  for (const auto& row : outcome.result.evidence)
    if (row.status != "scored")
      unscored.push_back(
          fmt::format("{}, picture {}: {}: {}", row.item_id, row.image_index, row.status, row.reason));
  print("pictures have no score", unscored);
  if (outcome.pictures.found.empty())
    for (const auto& [item, score] : outcome.item_scores)
      if (score.status == ScoreStatus::missing) unseen.push_back(item);
  print("pictures without evidence, of", unseen);
  if (outcome.scores.empty())
    fmt::print(stderr, "{}: not one picture could be scored, so there is no score\n", outcome.label);
}

void print_text(const ScoreOutcome& outcome) {
  const bool partial = outcome.num_unscored() > 0;
  fmt::print("{}   protocol {}\n", outcome.label, outcome.protocol_hash.substr(0, 12));
  if (outcome.scores.empty())
    fmt::print("no score: not one of {} pictures has one\n", outcome.asked);
  else if (partial)
    fmt::print("PARTIAL: {} of {} pictures have no score; what follows is not the benchmark's score\n",
               outcome.num_unscored(), outcome.asked);
  size_t width = 0;
  for (const auto& score : outcome.scores) width = std::max(width, score.name.size());
  for (const auto& score : outcome.scores) {
    fmt::print("  {:{}}  {:.4f}   {} pictures", score.name, width, score.value,
               score.num_images - score.num_unscored);
    fmt::print("{}\n", score.num_unscored > 0 ? fmt::format(" of {}", score.num_images) : "");
  }
}

nlohmann::ordered_json to_json(const ScoreOutcome& outcome) {
  nlohmann::ordered_json scores = nlohmann::ordered_json::array();
  for (const auto& score : outcome.scores)
    scores.push_back({{"name", score.name},
                      {"value", score.value},
                      {"images", score.num_images},
                      {"unscored", score.num_unscored}});
  nlohmann::ordered_json unreadable = nlohmann::ordered_json::array();
  for (const auto& picture : outcome.unreadable)
    unreadable.push_back({{"path", picture.path}, {"reason", picture.reason}});
  return {{"label", outcome.label},
          {"protocol_hash", outcome.protocol_hash},
          {"partial", outcome.num_unscored() > 0},
          {"asked", outcome.asked},
          {"unscored", outcome.num_unscored()},
          {"scores", scores},
          {"missing", outcome.pictures.missing},
          {"extra", outcome.pictures.extra},
          {"unreadable", unreadable}};
}

void print_text(const std::vector<Agreement>& agreements) {
  if (!agreements.empty()) fmt::print("agreement with people (Spearman's rho)\n");
  for (const auto& agreement : agreements)
    fmt::print("  {}  {}  {:.3f}   {} pictures\n", agreement.label, agreement.component, agreement.spearman,
               agreement.num_pictures);
}

nlohmann::ordered_json to_json(const std::vector<Agreement>& agreements) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const auto& agreement : agreements)
    list.push_back({{"label", agreement.label},
                    {"component", agreement.component},
                    {"spearman", agreement.spearman},
                    {"pictures", agreement.num_pictures}});
  return list;
}

// The last part of the path as it is written; but "." and ".." are known by the folders that they are.
std::string label_of(const std::string& path) {
  const auto folder = (std::filesystem::absolute(path).lexically_normal() / "").parent_path();
  const std::string label = plain_text(folder.filename().string());
  UMM_CHECK_INPUT(!label.empty(), path, ": has no name that a row could have; say --label NAME");
  return label;
}

void check(const ScoreArguments& arguments) {
  UMM_CHECK_INPUT(arguments.images.empty() != arguments.evidence.empty(),
                  "say what to score: --images FOLDER, or --evidence FILE");
  UMM_CHECK_INPUT(arguments.ratings.empty() || !arguments.evidence.empty(),
                  "--ratings goes with --evidence, whose pictures people have rated");
  UMM_CHECK_INPUT(!arguments.external.sweep.empty(), "--sweep: expected a name, found none");
}

int score(const ScoreArguments& arguments, const std::vector<std::string>& places) {
  check(arguments);
  ExternalRun external = arguments.external;
  external.label = external.label.empty()
                       ? label_of(arguments.images.empty() ? arguments.evidence : arguments.images)
                       : plain_text(external.label);
  if (arguments.images_per_prompt > 0)
    external.sets.push_back(fmt::format("images_per_prompt={}", arguments.images_per_prompt));
  install_stop_handlers();
  const Catalogue catalogue = load_catalogue(places);
  const auto scored =
      arguments.evidence.empty()
          ? score_pictures(external, arguments.images, catalogue, UMM_PROGRAM_VERSION)
          : score_evidence(external, arguments.evidence, arguments.ratings, catalogue, UMM_PROGRAM_VERSION);
  if (!scored) {
    fmt::print("stopped by request; nothing is stored, and a judge's replies so far are kept\n");
    return kStopped;
  }
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  bool partial = false;
  for (const auto& outcome : scored->outcomes) {
    partial = partial || outcome.num_unscored() > 0;
    print_defects(outcome);
    if (arguments.json)
      json.push_back(to_json(outcome));
    else
      print_text(outcome);
  }
  if (scored->only_log_says_items)
    fmt::print(stderr,
               "{}: which items there are, the log alone says: a part of a log is not told from the whole "
               "(docs/score.md)\n",
               arguments.evidence);
  if (arguments.json)
    fmt::print("{}\n",
               nlohmann::ordered_json{{"rows", json}, {"agreement", to_json(scored->agreements)}}.dump(
                   2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
  else
    print_text(scored->agreements);
  const std::string database = results::database_file(external.output).string();
  if (!scored->in_database) {
    fmt::print(stderr, "recorded, and not yet in {}: `ummbench db ingest {}` takes it in\n", database,
               external.output);
    return 1;
  }
  fmt::print(stderr, "database       {}\n", database);
  return partial ? 1 : 0;
}

}  // namespace

void add_score(Program& program) {
  CLI::App* command = program.app.add_subcommand(
      "score",
      "Scores pictures, or stored evidence, from elsewhere; exit code 1 if some have no score, or if the "
      "database could not be written");
  auto arguments = std::make_shared<ScoreArguments>();
  auto& external = arguments->external;
  external.sweep = kExternal;
  external.output = "runs/external";
  command->add_option("benchmark", external.benchmark, "geneval, ... or a protocol: geneval/official-4x")
      ->required();
  command->add_option("--images", arguments->images, "Folder of pictures in the benchmark's own layout");
  command->add_option("--evidence", arguments->evidence,
                      "File of what was seen in pictures; no model is asked (docs/score.md)");
  command->add_option("--protocol", external.protocol, "Protocol of that name, as in specs");
  command->add_option("--prompts", external.prompts, "Prompts, where no protocol says them");
  command
      ->add_option("--images-per-prompt", arguments->images_per_prompt,
                   "Where no protocol says it (default: 4, and 1 where a judge is asked)")
      ->check(CLI::Range(1, 10000));
  command->add_flag("--oracle", external.oracle, "Pictures of the tiny world: ask its own oracle");
  auto* judge =
      command->add_option("--judge", external.judge_url, "Base URL of the judge's server (docs/judges.md)");
  command
      ->add_option("--judge-key-variable", external.judge_key_variable,
                   "Variable of the environment that holds the judge's key")
      ->needs(judge);
  command
      ->add_option("--replay", external.replies,
                   "A judge's stored replies, a folder or a .jsonl file; the network is not touched")
      ->excludes(judge);
  command->add_option("--ratings", arguments->ratings, "Files of what people say of the same pictures");
  command
      ->add_option("--set", external.sets,
                   "A setting of the evaluation: threshold=0.5, judge_options.model=NAME; or of the judge's "
                   "server: resources.judge.max_tokens=100000")
      ->allow_extra_args(false);
  command->add_option("--label", external.label, "Row of the table (default: name of the folder or file)");
  command->add_option("--sweep", external.sweep, "Sweep that gets the row")->capture_default_str();
  command->add_option("-o,--output", external.output, "Folder of the database")->capture_default_str();
  command->add_flag("--json", arguments->json, "As JSON");
  command->callback([program, arguments] {
    program.chosen = [program, arguments] { return score(*arguments, program.plugin_places); };
  });
}

}  // namespace umm::cli
