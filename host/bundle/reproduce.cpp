#include "bundle/reproduce.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <optional>

#include "bundle/bundle.h"
#include "bundle/differences.h"
#include "bundle/layout.h"
#include "launch/pool.h"
#include "launch/submission.h"
#include "loader/hash.h"
#include "results/run_folder.h"
#include "spec/read.h"
#include "train/files.h"
#include "umm/error.h"
#include "umm/file.h"
#include "umm/log.h"

namespace umm {
namespace {

namespace fs = std::filesystem;
using results::Store;

// What was unpacked, gone at the end unless something was made of it: else a corrected bundle would find the
// place taken.
struct UnlessBegun {
  fs::path folder, bundle;  // "": was there before
  bool begun = false;
  ~UnlessBegun() {
    std::error_code ignored;
    if (begun) return;
    if (!bundle.empty()) fs::remove_all(bundle, ignored);
    if (!folder.empty()) fs::remove(folder, ignored);
  }
};

bool is_database(const fs::path& file) {
  constexpr std::string_view kMagic = "SQLite format 3";
  std::string head(kMagic.size(), '\0');
  std::ifstream(file, std::ios::binary).read(head.data(), static_cast<std::streamsize>(head.size()));
  return head == kMagic;
}

class Reproducing {
 public:
  Reproducing(const ReproduceRequest& request, const Catalogue& catalogue)
      : request_(request), catalogue_(catalogue) {}

  Reproduction run();

 private:
  void open();
  void bring_bundle(const fs::path& to);
  void read_stored();
  size_t place_of(const results::CellRun& run) const;  // among the sweep's runs
  void find_inputs();
  void resolve();
  void keep_evaluation(RunConfig& run) const;
  bool train();
  void compare();

  const ReproduceRequest& request_;
  const Catalogue& catalogue_;
  fs::path folder_, bundle_;
  UnlessBegun made_;
  BundleManifest manifest_;
  std::optional<Store> store_;
  results::SubmittedSweep submitted_;
  spec::Elsewhere elsewhere_;
  Experiment experiment_;                // its runs in the order of the cell's
  std::vector<std::string> identities_;  // of these, as the spec gives them
  Reproduction result_;
};

void Reproducing::bring_bundle(const fs::path& to) {
  const fs::path place =
      fs::is_directory(request_.place) ? results::database_file(request_.place) : request_.place;
  UMM_CHECK_INPUT(fs::is_regular_file(place), place.string(),
                  ": expected a bundle or a results database, found nothing");
  if (!is_database(place)) {
    manifest_ = open_bundle(place, to, request_.largest);
    const std::string& sweep = request_.question.sweep;
    UMM_CHECK_INPUT(sweep.empty() || sweep == manifest_.sweep, place.string(), ": holds the sweep ",
                    manifest_.sweep, ", not ", sweep);
    return;
  }
  manifest_ = lay_out_bundle({.database = place,
                              .sweep = request_.question.sweep,
                              .input_bytes = 0,
                              .program_version = request_.program_version},
                             to);
}

void Reproducing::open() {
  folder_ = request_.folder.empty() ? reproduction_folder(request_.place) : request_.folder;
  bundle_ = folder_ / "bundle";
  const bool goes_on = fs::exists(bundle_ / kManifestName);
  UMM_CHECK_INPUT(goes_on || !fs::exists(folder_) || (fs::is_directory(folder_) && fs::is_empty(folder_)),
                  folder_.string(),
                  ": is there already and holds something else; nothing is overwritten, so "
                  "name another folder with -o");
  if (!fs::exists(folder_)) made_.folder = folder_;
  make_folders(folder_);
  PendingFolder pending(bundle_);
  bring_bundle(pending.path());
  if (!goes_on) {
    pending.commit();
    made_.bundle = bundle_;
    return;
  }
  UMM_CHECK_INPUT(read_file(bundle_ / kManifestName) == read_file(pending.path() / kManifestName),
                  folder_.string(),
                  ": holds another bundle; nothing is overwritten, so name another folder with -o");
  read_bundle_folder(bundle_);
  log_info(folder_.string() + ": goes on with what was made there");
}

void Reproducing::read_stored() {
  store_.emplace(Store::open_read_only((bundle_ / kBundleDatabase).string()));
  result_.folder = folder_;
  result_.sweep = manifest_.sweep;
  auto question =
      request_.cell.recipe.empty() ? request_.question : question_of(request_.cell, manifest_, bundle_);
  question.sweep = manifest_.sweep;
  result_.metric = question.metric;
  submitted_ = results::read_submission(*store_, manifest_.sweep);
  result_.stored = results::read_cell(*store_, question, request_.num_seeds);
  for (const auto& run : result_.stored.runs)
    UMM_CHECK_INPUT(
        submitted_.runs[place_of(run)].first.architecture != kExternal, "row ", result_.stored.label,
        " is of pictures or evidence from elsewhere (`ummbench score`), so there is nothing to run; "
        "`ummbench rescore` computes its scores from what was seen in them");
}

size_t Reproducing::place_of(const results::CellRun& run) const {
  const auto found = std::find_if(submitted_.runs.begin(), submitted_.runs.end(), [&](const auto& other) {
    return other.first.identity == run.run_identity;
  });
  return static_cast<size_t>(found - submitted_.runs.begin());
}

void Reproducing::find_inputs() {
  for (const auto& [path, name] : manifest_.spec_files) elsewhere_.places[path] = (bundle_ / name).string();
  std::map<std::string, std::string> given, wanted;  // by content; by path
  for (const auto& input : request_.inputs) {
    const std::string content = content_of(input);
    UMM_CHECK_INPUT(!content.empty(), "--input ", input, ": there is no such file or folder");
    given[content] = input;
  }
  for (const auto& run : result_.stored.runs) {
    const auto& inputs = submitted_.sources[place_of(run)].inputs;
    wanted.insert(inputs.begin(), inputs.end());
  }
  std::map<std::string, fs::path> brought;
  for (const auto& input : manifest_.inputs)
    if (!input.place.empty()) brought[input.path] = bundle_ / input.place;
  std::string awaited;
  for (const auto& [path, hash] : wanted) {
    const fs::path candidates[] = {given[hash], brought[path], path};
    const auto here = std::find_if(std::begin(candidates), std::end(candidates),
                                   [&, &content = hash](const fs::path& candidate) {
                                     return !candidate.empty() && content_of(candidate) == content;
                                   });
    if (here != std::end(candidates))
      elsewhere_.places[path] = fs::absolute(*here).lexically_normal().string();
    else
      awaited += fmt::format("\n  {} (SHA-256 {}){}", path, hash,
                             content_of(path).empty() ? "" : "; what lies there has another content");
  }
  UMM_CHECK_INPUT(awaited.empty(), "the runs of row ", result_.stored.label,
                  " read what is not here:", awaited,
                  "\ngive each with --input FILE-OR-FOLDER; it is known by its content");
}

// Others are not asked for, and no score depends on them. Without them it is another run for the output
// folder, which shares its stages with those for other benchmarks.
void Reproducing::keep_evaluation(RunConfig& run) const {
  const EvaluationConfig kept = evaluation_of(run, result_.stored, result_.differences);
  if (run.evaluations.size() > 1) run.identity = hash_text(run.identity + " on " + kept.name);
  run.evaluations = {kept};
}

void Reproducing::resolve() {
  const results::Submission& submission = *submitted_.submission;
  const auto files = spec::read_files(submitted_.sweep.spec_path, &elsewhere_);
  experiment_ = read_experiment(files, {.sets = submission.overrides, .elsewhere = &elsewhere_}, catalogue_);
  std::vector<RunConfig> runs;
  for (const auto& run : result_.stored.runs) {
    const results::RunRow& stored = submitted_.runs[place_of(run)].first;
    const auto same = std::find_if(
        experiment_.runs.begin(), experiment_.runs.end(),
        [&](const RunConfig& other) { return other.label == stored.label && other.axes == stored.axes; });
    UMM_CHECK_INPUT(same != experiment_.runs.end(), "the spec gives no run ", stored.label, ", seed ",
                    stored.seed, " with what is here:", as_list(result_.differences));
    UMM_CHECK_INPUT(same->awaits.empty(), same->name, ": awaits ",
                    fmt::format("{}", fmt::join(same->awaits, ", ")));
    runs.push_back(*same);
    identities_.push_back(same->identity);
    add_setting_differences(*store_, stored, runs.back(), result_.differences);
    keep_evaluation(runs.back());
    choose_judge(request_.judge, runs.back());
  }
  experiment_.runs = std::move(runs);
  experiment_.output = (folder_ / "run").string();
  experiment_.budget = {};  // of the whole sweep
  if (request_.parallel >= 0) experiment_.launch.parallel = request_.parallel;
}

// False: it was stopped, or a run failed.
bool Reproducing::train() {
  made_.begun = true;
  const PoolOutcome outcome = run_pool(experiment_, catalogue_, {request_.program_version, {}});
  result_.stopped = outcome.stopped;
  for (const auto& run : outcome.failed) result_.failed.push_back(run.name + ": " + run.error);
  for (const auto& run : outcome.incomplete) result_.differences.push_back(run.name + ": " + run.reason);
  return !result_.stopped && result_.failed.empty();
}

void Reproducing::compare() {
  const results::Cell& stored = result_.stored;
  const auto here = Store::open_read_only(results::database_file(experiment_.output).string());
  results::Cell& cell = result_.here;
  cell = results::read_cell(here, {.sweep = experiment_.name,
                                   .row = stored.label,
                                   .metric = result_.metric,
                                   .benchmark = experiment_.runs[0].evaluations[0].evaluator.id,
                                   .protocol = stored.protocol_hash,
                                   .weights = stored.weights});
  result_.same_build = true;
  std::vector<results::CellRun> ordered;
  for (size_t i = 0; i < stored.runs.size(); ++i) {
    const std::string& identity = experiment_.runs[i].identity;
    const auto run = std::find_if(cell.runs.begin(), cell.runs.end(),
                                  [&](const auto& other) { return other.run_identity == identity; });
    UMM_CHECK(run != cell.runs.end(), experiment_.runs[i].name, ": has no scores of its own here");
    result_.same_build = result_.same_build && identities_[i] == stored.runs[i].run_identity;
    result_.pictures.push_back(results::compare_pictures(*store_, stored.runs[i].evaluation_identity, here,
                                                         run->evaluation_identity));
    ordered.push_back(*run);
    ordered.back().run_identity = identities_[i];
  }
  cell.runs = std::move(ordered);
  if (cell.devices != stored.devices)
    result_.differences.push_back(
        fmt::format("devices: {}, here {}", fmt::join(stored.devices, ", "), fmt::join(cell.devices, ", ")));
}

Reproduction Reproducing::run() {
  check(request_.judge);
  open();
  read_stored();
  add_build_differences(manifest_, request_.program_version, result_.differences);
  std::vector<results::RunPlugin> plugins;
  for (const auto& run : result_.stored.runs)
    for (const auto& plugin : submitted_.sources[place_of(run)].plugins) plugins.push_back(plugin);
  add_plugin_differences(plugins, catalogue_, result_.differences);
  find_inputs();
  resolve();
  for (const auto& difference : result_.differences)
    log_warning("reproduced with another build: " + difference);
  if (train()) compare();
  return std::move(result_);
}

}  // namespace

Reproduction reproduce(const ReproduceRequest& request, const Catalogue& catalogue) {
  try {
    return Reproducing(request, catalogue).run();
  } catch (const results::StoreError& error) {
    throw InputError(error.what());
  }
}

}  // namespace umm
