#include "launch/submission.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "evaluate/run_record.h"
#include "launch/provenance.h"
#include "launch/run_json.h"
#include "loader/hash.h"
#include "results/run_folder.h"
#include "train/files.h"
#include "umm/error.h"

namespace umm {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

// nullopt: there is none, or it is damaged and will be replaced.
std::optional<results::SubmittedSweep> submitted_before(const fs::path& file) {
  try {
    if (fs::exists(file)) return results::sweep_from_text(read_text_file(file), file.string());
  } catch (const std::exception&) {
    return std::nullopt;
  }
  return std::nullopt;
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

void remove_label(results::SubmittedSweep& sweep, const std::string& label) {
  for (size_t i = sweep.runs.size(); i-- > 0;) {
    if (sweep.runs[i].first.label != label) continue;
    const auto at = static_cast<ptrdiff_t>(i);
    sweep.runs.erase(sweep.runs.begin() + at);
    sweep.names.erase(sweep.names.begin() + at);
    if (i < sweep.sources.size()) sweep.sources.erase(sweep.sources.begin() + at);
  }
}

Json read_frozen(const fs::path& file) {
  try {
    return Json::parse(read_text_file(file));
  } catch (const Json::exception& error) {
    throw InputError(file.string() + ": this is not a run that was submitted: " + error.what());
  }
}

}  // namespace

void submit_sweep(const Experiment& experiment, const Catalogue& catalogue,
                  const std::string& program_version) {
  const fs::path file = results::sweep_file(experiment.output, experiment.name);
  make_folders(file.parent_path());
  const auto before = submitted_before(file);
  const std::string started =
      before ? before->sweep.created_utc : results::utc_text(results::wall_clock_ns());
  results::SubmittedSweep submitted{
      {experiment.name, experiment.description, experiment.spec_path, experiment.spec_text, started}, {}, {}};
  submitted.submission = submission_of(experiment, program_version);
  for (const auto& run : experiment.runs) add_run(submitted, run, catalogue, program_version, started);
  for (const auto& [key, value, origin] : experiment.settings)
    submitted.settings.push_back({key, value, origin});
  update_text_file(file, results::to_text(submitted));
}

void submit_beside(const Experiment& experiment, const Catalogue& catalogue,
                   const std::string& program_version) {
  const fs::path file = results::sweep_file(experiment.output, experiment.name);
  auto submitted = submitted_before(file);
  if (!submitted) return submit_sweep(experiment, catalogue, program_version);
  submitted->sources.resize(submitted->runs.size());
  submitted->submission = submission_of(experiment, program_version);
  for (const auto& run : experiment.runs) {
    remove_label(*submitted, run.label);
    add_run(*submitted, run, catalogue, program_version, results::utc_text(results::wall_clock_ns()));
  }
  update_text_file(file, results::to_text(*submitted));
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
    const std::string found = fs::is_directory(path) ? hash_folder(path) : hash_file(path);
    UMM_CHECK_INPUT(found == hash, path,
                    ": has changed since the run was submitted; bring it back, or submit the sweep again");
  }
}

}  // namespace umm
