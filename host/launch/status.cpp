#include "launch/status.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "results/failure_signature.h"
#include "results/run_folder.h"
#include "umm/error.h"

namespace umm {
namespace {

namespace fs = std::filesystem;

// "1:02:03"
std::string clock_text(double seconds) {
  const auto whole = static_cast<int64_t>(seconds);
  return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

std::vector<std::string> cells(const RunStatus& run) {
  const RunHistory& history = run.history;
  std::vector<std::string> line = {
      run.name, to_text(history.state), "", "", "", "", fmt::format("{:.4f}", history.device_seconds / 3600),
      ""};
  if (history.state == RunState::failed) line[7] = "[" + results::failure_signature(history.error) + "]";
  if (history.state == RunState::interrupted || history.state == RunState::incomplete)
    line[7] = history.error;
  if (!history.progress || is_over(history.state)) return line;
  const auto& progress = *history.progress;
  const PhaseText phase = phase_text(run);
  line[2] = phase.name;
  line[3] = fmt::format("{}/{} {}", progress.done, progress.total, progress.unit);
  line[4] = phase.rate;
  line[5] = phase.left;
  if (line[7].empty()) line[7] = progress.note;
  return line;
}

nlohmann::json to_json(const RunStatus& run) {
  const RunHistory& history = run.history;
  nlohmann::json json = {{"name", run.name},
                         {"identity", run.identity},
                         {"state", to_text(history.state)},
                         {"attempts", history.num_attempts},
                         {"device_seconds", history.device_seconds},
                         {"lost_device_seconds", history.lost_device_seconds}};
  if (history.owner) json["process"] = history.owner->name();
  if (!history.error.empty()) json["error"] = history.error;
  if (history.state == RunState::failed) json["signature"] = results::failure_signature(history.error);
  if (history.progress)
    json["progress"] = {{"phase", phase_text(run).name},    {"done", history.progress->done},
                        {"total", history.progress->total}, {"unit", history.progress->unit},
                        {"rate", history.progress->rate},   {"note", history.progress->note}};
  return json;
}

}  // namespace

int64_t SweepStatus::count(RunState state) const {
  return std::count_if(runs.begin(), runs.end(),
                       [&](const RunStatus& run) { return run.history.state == state; });
}

double SweepStatus::device_hours() const {
  double seconds = 0;
  for (const auto& run : runs) seconds += run.history.device_seconds;
  return seconds / 3600;
}

PhaseText phase_text(const RunStatus& run) {
  PhaseText text;
  const RunHistory& history = run.history;
  if (!history.progress) return text;
  const auto& progress = *history.progress;
  const std::string prefix = run.name + ": ";  // it is in a column of its own
  text.name = progress.phase.starts_with(prefix) ? progress.phase.substr(prefix.size()) : progress.phase;
  if (history.state != RunState::running || progress.rate <= 0) return text;
  text.rate = fmt::format("{:.3g}/s", progress.rate);
  const double left = static_cast<double>(progress.total - progress.done) / progress.rate;
  text.left = clock_text(std::max(0.0, left - history.seconds_since_progress));
  return text;
}

std::string summary(const SweepStatus& sweep) {
  std::string text =
      fmt::format("{} of {} runs complete", sweep.count(RunState::complete), sweep.runs.size());
  for (const auto state :
       {RunState::running, RunState::interrupted, RunState::incomplete, RunState::failed, RunState::queued})
    if (const auto number = sweep.count(state); number > 0)
      text += fmt::format(", {} {}", number, to_text(state));
  return text + fmt::format("; {:.4f} device-hours", sweep.device_hours());
}

std::vector<SweepStatus> read_status(const fs::path& output, const std::string& sweep) {
  std::vector<results::SubmittedSweep> submitted;
  std::string problem;
  for (const auto& file : results::sweep_files(output)) {
    try {
      auto read = results::sweep_from_text(results::read_from(file), file.string());
      if (sweep.empty() || read.sweep.name == sweep) submitted.push_back(std::move(read));
    } catch (const results::StoreError& error) {
      problem = error.what();
    }
  }
  UMM_CHECK_INPUT(!submitted.empty() || problem.empty(), problem);
  UMM_CHECK_INPUT(!submitted.empty(), output.string(), ": ",
                  sweep.empty() ? "no sweep was started here" : "no sweep \"" + sweep + "\" was started here",
                  "; `ummbench run SPEC` starts one");
  std::stable_sort(submitted.begin(), submitted.end(),
                   [](const auto& a, const auto& b) { return a.sweep.created_utc < b.sweep.created_utc; });
  std::vector<SweepStatus> all;
  for (const auto& read : submitted) {
    SweepStatus status{read.sweep.name, read.sweep.description, {}};
    for (size_t i = 0; i < read.runs.size(); ++i) {
      const auto& identity = read.runs[i].first.identity;
      status.runs.push_back({read.names[i], identity, read_history(results::run_folder(output, identity))});
    }
    all.push_back(std::move(status));
  }
  return all;
}

std::vector<FailureGroup> group_failures(const SweepStatus& sweep) {
  std::vector<FailureGroup> groups;
  for (const auto& run : sweep.runs) {
    if (run.history.state != RunState::failed) continue;
    const std::string signature = results::failure_signature(run.history.error);
    auto group = std::find_if(groups.begin(), groups.end(),
                              [&](const FailureGroup& known) { return known.signature == signature; });
    if (group == groups.end()) group = groups.insert(group, {signature, run.history.error, {}, {}});
    group->names.push_back(run.name);
    group->identities.push_back(run.identity);
  }
  return groups;
}

std::string render(const SweepStatus& sweep, size_t width) {
  std::vector<std::vector<std::string>> lines = {
      {"run", "state", "phase", "progress", "rate", "left", "device-h", ""}};
  for (const auto& run : sweep.runs) lines.push_back(cells(run));
  std::vector<size_t> widths(lines[0].size());
  for (const auto& line : lines)
    for (size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
  std::string text = sweep.name + (sweep.description.empty() ? "" : ": " + sweep.description) + "\n";
  for (const auto& line : lines) {
    std::string row;
    for (size_t i = 0; i < line.size(); ++i)
      if (widths[i] > 0) row += fmt::format("{:<{}}  ", line[i], widths[i]);
    row.erase(row.find_last_not_of(' ') + 1);
    text += row.substr(0, width) + "\n";
  }
  text += summary(sweep) + "\n";
  for (const auto& group : group_failures(sweep)) {
    text += fmt::format("\n[{}] {} failed: {}\n", group.signature, fmt::join(group.names, "; "), group.error);
    text += fmt::format("  once the reason is gone: ummbench retry SPEC --signature {}\n", group.signature);
  }
  return text;
}

std::string to_json(const std::vector<SweepStatus>& sweeps) {
  auto all = nlohmann::json::array();
  for (const auto& sweep : sweeps) {
    auto runs = nlohmann::json::array();
    for (const auto& run : sweep.runs) runs.push_back(to_json(run));
    all.push_back({{"name", sweep.name},
                   {"description", sweep.description},
                   {"device_hours", sweep.device_hours()},
                   {"runs", runs}});
  }
  return all.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace umm
