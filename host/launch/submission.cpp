#include "launch/submission.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <sstream>

#include "evaluate/run_record.h"
#include "launch/provenance.h"
#include "launch/run_json.h"
#include "loader/hash_path.h"
#include "results/run_folder.h"
#include "train/files.h"
#include "umm/error.h"
#include "umm/file.h"
#include "umm/log.h"
#include "umm/stop.h"

namespace umm {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::chrono::seconds kSilence{1};  // of who waits: most hold the claim for less

// nullopt: there is none. StoreError: it is damaged.
std::optional<results::SubmittedSweep> submitted_before(const fs::path& file) {
  if (!fs::exists(file)) return std::nullopt;
  auto before = results::sweep_from_text(results::read_from(file), file.string());
  before.sources.resize(before.runs.size());
  return before;
}

[[noreturn]] void refuse_newer(const results::NewerFormat& error) {
  throw InputError(detail::concat(error.what(), "; go on with the program that wrote it"));
}

// The same, where what was there is the only record of what was scored.
std::optional<results::SubmittedSweep> scored_before(const fs::path& file) {
  try {
    return submitted_before(file);
  } catch (const results::NewerFormat& error) {
    refuse_newer(error);
  } catch (const results::StoreError& error) {
    throw InputError(detail::concat(error.what(),
                                    "\nIt says which rows the sweep has, so it is not replaced: "
                                    "bring it back from a copy, or move it away and score its rows again"));
  }
}

fs::path free_name(const fs::path& file) {
  fs::path name = file.string() + ".damaged";
  for (int number = 2; fs::exists(name); ++number) name = detail::concat(file.string(), ".damaged.", number);
  return name;
}

// The same, where the spec says what was there, but for rows of `score`.
std::optional<results::SubmittedSweep> run_before(const fs::path& file) {
  try {
    return submitted_before(file);
  } catch (const results::NewerFormat& error) {
    refuse_newer(error);
  } catch (const results::StoreError& error) {
    const fs::path kept = free_name(file);
    fs::rename(file, kept);
    log_warning(detail::concat(error.what(), "; it is kept as ", kept.string(),
                               ", and made again from the spec, without rows of `ummbench score`"));
    return std::nullopt;
  }
}

bool is_external(const results::RunRow& run) {
  return run.architecture == kExternal;
}

// Of a run from elsewhere, which has one: its line `eval.geneval.protocol = "<hash>"`.
std::string protocol_of(const results::RunRow& run) {
  constexpr std::string_view kTable = "eval.", kKey = ".protocol = ";
  std::istringstream lines(run.canonical_config);
  for (std::string line; std::getline(lines, line);) {
    const size_t key = line.find(kKey);
    if (line.starts_with(kTable) && key != line.npos && key == line.find('.', kTable.size())) return line;
  }
  return "";
}

std::vector<results::SettingOrigin> settings_of(const Experiment& experiment) {
  std::vector<results::SettingOrigin> settings;
  for (const auto& [key, value, origin] : experiment.settings) settings.push_back({key, value, origin});
  return settings;
}

void add_run(results::SubmittedSweep& sweep, const RunConfig& run, const Catalogue& catalogue,
             const std::string& program_version, const std::string& started) {
  auto row = run_row(run, program_version);
  row.sweep = sweep.sweep.name;
  row.created_utc = started;
  sweep.runs.emplace_back(std::move(row), stage_rows(run));
  sweep.names.push_back(run.name);
  sweep.sources.push_back(sources_of(run, catalogue));
  sweep.sources.back().settings = run.settings;
}

// Adds runs of other submissions to one, and the settings that they read to its own.
class Joining {
 public:
  explicit Joining(results::SubmittedSweep& sweep) : sweep_(sweep) {
    for (size_t i = 0; i < sweep.settings.size(); ++i)
      numbers_.emplace(sweep.settings[i], static_cast<int64_t>(i));
  }

  void add(const results::SubmittedSweep& from, size_t i) {
    sweep_.runs.push_back(from.runs[i]);
    sweep_.names.push_back(from.names[i]);
    sweep_.sources.push_back(from.sources[i]);
    for (int64_t& number : sweep_.sources.back().settings)
      number = number_of(from.settings.at(static_cast<size_t>(number)));
  }

 private:
  int64_t number_of(const results::SettingOrigin& setting) {
    const auto number = static_cast<int64_t>(sweep_.settings.size());
    const auto [known, is_new] = numbers_.emplace(setting, number);
    if (is_new) sweep_.settings.push_back(setting);
    return known->second;
  }

  results::SubmittedSweep& sweep_;
  std::map<results::SettingOrigin, int64_t> numbers_;
};

// Rows of `score` are in no spec.
void keep_external(const results::SubmittedSweep& before, const Experiment& experiment,
                   results::SubmittedSweep& sweep) {
  Joining joining(sweep);
  for (size_t i = 0; i < before.runs.size(); ++i) {
    const auto& run = before.runs[i].first;
    if (!is_external(run)) continue;
    const bool is_taken = std::any_of(experiment.runs.begin(), experiment.runs.end(),
                                      [&](const RunConfig& other) { return other.label == run.label; });
    UMM_CHECK_INPUT(!is_taken, "sweep ", experiment.name, " has a row \"", run.label,
                    "\" that `ummbench score` added, and the spec has one of the same name; give the spec's "
                    "another, or the sweep another sweep.name");
    joining.add(before, i);
  }
}

void check_label(const results::SubmittedSweep& before, const RunConfig& run) {
  const bool is_trained = std::any_of(before.runs.begin(), before.runs.end(), [&](const auto& other) {
    return other.first.label == run.label && !is_external(other.first);
  });
  UMM_CHECK_INPUT(!is_trained, "sweep ", before.sweep.name, " has a row \"", run.label,
                  "\" of its own runs, which pictures from elsewhere would be taken for; give these another "
                  "--label, or another --sweep");
}

// What takes the run's place; nullptr: nothing.
const results::RunRow* replacement(const results::RunRow& run, const results::SubmittedSweep& added) {
  for (const auto& [other, stages] : added.runs)
    if (other.label == run.label && protocol_of(other) == protocol_of(run)) return &other;
  return nullptr;
}

Json read_frozen(const fs::path& file) {
  try {
    return Json::parse(read_file(file));
  } catch (const Json::exception& error) {
    throw InputError(file.string() + ": this is not a run that was submitted: " + error.what());
  }
}

}  // namespace

std::optional<Claim> claim_sweeps(const Experiment& experiment) {
  const fs::path folder = results::sweep_file(experiment.output, experiment.name).parent_path();
  make_folders(folder);
  if (auto claim = Claim::try_make(folder)) return claim;
  const auto start = std::chrono::steady_clock::now();
  bool told = false;
  return Claim::make(folder, [&] {
    if (!told && std::chrono::steady_clock::now() - start > kSilence) {
      if (const auto holder = claim_holder(folder))
        log_info(detail::concat(folder.string(), ": waits for ", holder->name(),
                                ", which changes the sweeps there"));
      told = true;
    }
    return stop_requested();
  });
}

void submit_sweep(const Experiment& experiment, const Catalogue& catalogue,
                  const std::string& program_version) {
  const fs::path file = results::sweep_file(experiment.output, experiment.name);
  const auto claim = claim_sweeps(experiment);
  if (!claim) return;
  const auto before = run_before(file);
  const std::string started =
      before ? before->sweep.created_utc : results::utc_text(results::wall_clock_ns());
  results::SubmittedSweep submitted{
      {experiment.name, experiment.description, experiment.spec_path, experiment.spec_text, started}, {}, {}};
  submitted.submission = submission_of(experiment, program_version);
  submitted.settings = settings_of(experiment);
  for (const auto& run : experiment.runs) add_run(submitted, run, catalogue, program_version, started);
  if (before) keep_external(*before, experiment, submitted);
  update_text_file(file, results::to_text(submitted));
}

void check_beside(const Experiment& experiment) {
  const auto before = scored_before(results::sweep_file(experiment.output, experiment.name));
  for (const auto& run : experiment.runs)
    if (before) check_label(*before, run);
}

void submit_beside(const Experiment& experiment, const Catalogue& catalogue,
                   const std::string& program_version) {
  const fs::path file = results::sweep_file(experiment.output, experiment.name);
  const auto before = scored_before(file);
  const std::string started = results::utc_text(results::wall_clock_ns());
  results::SubmittedSweep added{
      {experiment.name, experiment.description, experiment.spec_path, experiment.spec_text, started}, {}, {}};
  added.settings = settings_of(experiment);
  for (const auto& run : experiment.runs) add_run(added, run, catalogue, program_version, started);
  if (!before) {
    added.submission = submission_of(experiment, program_version);
    return update_text_file(file, results::to_text(added));
  }
  for (const auto& run : experiment.runs) check_label(*before, run);
  auto submitted = *before;
  submitted.runs.clear();
  submitted.names.clear();
  submitted.sources.clear();
  submitted.settings.clear();
  Joining joining(submitted);
  for (size_t i = 0; i < before->runs.size(); ++i) {
    const auto& run = before->runs[i].first;
    const results::RunRow* by = replacement(run, added);
    if (by == nullptr)
      joining.add(*before, i);
    else if (by->identity != run.identity)
      log_info(detail::concat("row \"", run.label, "\" of sweep ", experiment.name,
                              " is replaced: it was of other pictures or evidence"));
  }
  for (size_t j = 0; j < added.runs.size(); ++j) joining.add(added, j);
  update_text_file(file, results::to_text(submitted));
}

fs::path frozen_run_file(const fs::path& output, const std::string& run_identity) {
  return results::run_folder(output, run_identity) / "run.json";
}

void freeze_run(const RunConfig& run, const fs::path& output, const Catalogue& catalogue,
                const FrozenProgram& program) {
  std::set<std::string> copies;  // several plugins may lie in one library
  for (const LoadedPlugin* plugin : plugins_of(run, catalogue))
    copies.insert(program.plugins.at(plugin->file).string());
  const Json json = {{"plugins", copies}, {"run", Json::parse(run_to_json(run))}};
  const fs::path file = frozen_run_file(output, run.identity);
  make_folders(file.parent_path());
  write_text_file(file, json.dump(1) + "\n");
}

std::vector<fs::path> frozen_plugins(const fs::path& file) {
  std::vector<fs::path> plugins;
  for (const auto& plugin : read_frozen(file).value("plugins", Json::array()))
    plugins.emplace_back(plugin.get<std::string>());
  return plugins;
}

RunConfig frozen_run(const fs::path& file, const Catalogue& catalogue) {
  try {
    return run_from_json(read_frozen(file).value("run", Json::object()).dump(), catalogue);
  } catch (const InputError& error) {
    throw InputError(file.string() + ": " + error.what());
  }
}

void check_inputs(const RunConfig& run) {
  for (const auto& [path, hash] : run.inputs) {
    UMM_CHECK_INPUT(fs::exists(path), path, ": was there when the run was submitted, and is gone");
    const std::string found = hash_path(path);
    UMM_CHECK_INPUT(found == hash, path,
                    ": has changed since the run was submitted; bring it back, or submit the sweep again");
  }
}

}  // namespace umm
