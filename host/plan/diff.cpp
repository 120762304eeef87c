#include "plan/diff.h"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <tuple>

#include "process/child_process.h"
#include "results/database.h"

namespace umm {
namespace {

using Json = nlohmann::json;
using Settings = std::map<std::string, std::string>;

constexpr std::chrono::seconds kTimeLimit{600};  // data sets are hashed
constexpr const char* kAbsent = "(absent)";

// Hashes are told apart by their first digits.
std::string shortened(std::string value) {
  size_t digits = 0;
  for (size_t i = 0; i < value.size(); ++i) {
    digits = std::isxdigit(static_cast<unsigned char>(value[i])) != 0 ? digits + 1 : 0;
    if (digits != 64) continue;
    value.erase(i - 51, 52);
    i -= 52;
    digits = 0;
  }
  return value;
}

void add_lines(Settings& settings, const std::string& canonical, const std::string& prefix,
               const std::set<std::string>& left_out) {
  std::istringstream lines(canonical);
  for (std::string line; std::getline(lines, line);) {
    const auto equals = line.find(" = ");
    const std::string key = line.substr(0, equals);
    if (equals != std::string::npos && !left_out.contains(key))
      settings[prefix + key] = shortened(line.substr(equals + 3));
  }
}

// Identities of what came before say nothing that the stages' own settings do not say, and stages repeat what
// their run starts from.
Settings settings_of(const DiffRun& run) {
  Settings settings;
  add_lines(settings, run.canonical, "", {"trained"});
  std::set<std::string> told = {"previous", "base", "seed", "program"};
  for (const auto& [key, value] : settings) told.insert(key);
  for (const auto& [name, canonical] : run.stages) {
    const std::string prefix = run.stages.size() == 1 ? "" : "stage." + name + ".";
    add_lines(settings, canonical, prefix, told);
  }
  return settings;
}

std::string value_of(const Settings& settings, const std::string& key) {
  const auto found = settings.find(key);
  return found == settings.end() ? kAbsent : found->second;
}

// "method library" of a run whose method is "reca": "library of method reca". "": another plugin has another
// library, which needs no telling.
std::string told_key(const std::string& key, const Settings& before, const Settings& now) {
  constexpr std::string_view kLibrary = " library";
  if (!key.ends_with(kLibrary)) return key;
  const std::string plugin = key.substr(0, key.size() - kLibrary.size());
  std::string id = value_of(now, plugin);
  if (value_of(before, plugin) != id) return "";
  std::erase(id, '"');
  return plugin == id ? "library of " + id : "library of " + plugin + " " + id;
}

using Counts = std::map<std::tuple<std::string, std::string, std::string>, int64_t>;

void count_changes(const DiffRun& was, const DiffRun& is, Counts& counts) {
  const Settings before = settings_of(was), now = settings_of(is);
  Settings keys = before;
  keys.insert(now.begin(), now.end());
  for (const auto& [key, any] : keys) {
    const std::string told = told_key(key, before, now);
    const std::string old_value = value_of(before, key), new_value = value_of(now, key);
    if (!told.empty() && old_value != new_value) ++counts[{told, old_value, new_value}];
  }
}

}  // namespace

std::vector<DiffRun> diff_runs(const Experiment& experiment) {
  std::vector<DiffRun> runs;
  for (const auto& run : experiment.runs) {
    auto& added = runs.emplace_back(DiffRun{run.name, run.identity, run.canonical, {}});
    for (const auto& stage : run.stages) added.stages.emplace_back(stage.name, stage.canonical);
  }
  return runs;
}

std::vector<DiffRun> diff_runs(const results::Store& store, const std::string& sweep) {
  results::Statement statement(
      store.handle(),
      "SELECT run.id, sweep_run.label, sweep_run.axes, sweep_run.replicate_axes, run.identity, "
      "run.canonical_config FROM sweep JOIN sweep_run ON sweep_run.sweep_id = sweep.id "
      "JOIN run ON run.id = sweep_run.run_id WHERE sweep.name = ? ORDER BY sweep_run.position");
  results::Statement stages(store.handle(),
                            "SELECT stage.name, stage.canonical_config FROM run_stage "
                            "JOIN stage ON stage.id = run_stage.stage_id "
                            "WHERE run_stage.run_id = ? ORDER BY run_stage.position");
  statement.bind(sweep);
  std::vector<DiffRun> runs;
  while (statement.step()) {
    DiffRun run{statement.text(1), statement.text(4), statement.text(5), {}};
    const Json axes = Json::parse(statement.text(2));
    for (const std::string axis : Json::parse(statement.text(3)))  // the name that the spec gave it
      run.name += ", " + axis + " " + axes.value(axis, "");
    stages.bind(statement.integer(0));
    while (stages.step()) run.stages.emplace_back(stages.text(0), stages.text(1));
    runs.push_back(std::move(run));
  }
  return runs;
}

std::vector<DiffRun> diff_runs_elsewhere(const std::function<Experiment()>& read) {
  const auto text = in_child_process(
      [&] {
        Json json = Json::array();
        for (const auto& run : diff_runs(read()))
          json.push_back({run.name, run.identity, run.canonical, run.stages});
        return json.dump();
      },
      kTimeLimit);
  std::vector<DiffRun> runs;
  for (const auto& json : Json::parse(text)) {
    auto& run = runs.emplace_back(DiffRun{json[0], json[1], json[2], {}});
    for (const auto& stage : json[3]) run.stages.emplace_back(stage[0], stage[1]);
  }
  return runs;
}

Diff compare_runs(const std::string& other, const std::vector<DiffRun>& before,
                  const std::vector<DiffRun>& now) {
  Diff diff;
  diff.other = other;
  std::set<std::string> identities, names;
  std::map<std::string, const DiffRun*> by_name;
  for (const auto& run : before) {
    identities.insert(run.identity);
    by_name[run.name] = &run;
  }
  Counts counts;
  std::set<std::string> reused;
  for (const auto& run : now) {
    names.insert(run.name);
    const auto same_name = by_name.find(run.name);
    if (identities.contains(run.identity)) {
      ++diff.num_reused;
      reused.insert(run.identity);
    } else if (same_name == by_name.end()) {
      diff.added.push_back(run.name);
    } else {
      diff.changed.push_back(run.name);
      count_changes(*same_name->second, run, counts);
    }
  }
  for (const auto& run : before)
    if (!names.contains(run.name) && !reused.contains(run.identity)) diff.gone.push_back(run.name);
  for (const auto& [change, num_runs] : counts)
    diff.changes.push_back({std::get<0>(change), std::get<1>(change), std::get<2>(change), num_runs});
  std::stable_sort(diff.changes.begin(), diff.changes.end(),
                   [](const Change& a, const Change& b) { return a.num_runs > b.num_runs; });
  return diff;
}

}  // namespace umm
