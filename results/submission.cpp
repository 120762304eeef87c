#include "results/submission.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "results/database.h"
#include "results/run_folder.h"

namespace umm::results {
namespace {

constexpr const char* kDoing = "storing where a sweep comes from";

void put_place(sqlite3* database, int64_t sweep_id, const Submission& from) {
  const char* insert_sql =
      "INSERT INTO submission (sweep_id, host, devices, program_version, torch_version, overrides, "
      "git_commit, git_dirty, git_diff) VALUES (?,?,?,?,?,?,?, nullif(?, -1), ?)";
  const int64_t dirty = from.git_dirty ? int64_t{*from.git_dirty} : -1;
  Statement(database, insert_sql)
      .bind(sweep_id, from.host, nlohmann::json(from.devices).dump(), from.program_version,
            from.torch_version, nlohmann::json(from.overrides).dump(), from.git_commit, dirty, from.git_diff)
      .run();
}

void put_settings(sqlite3* database, int64_t sweep_id, const std::vector<SettingOrigin>& settings) {
  Statement insert(database, "INSERT INTO setting (sweep_id, number, key, value, origin) VALUES (?,?,?,?,?)");
  int64_t number = 0;
  for (const auto& setting : settings)
    insert.bind(sweep_id, number++, setting.key, setting.value, setting.origin).run();
}

Submission read_place(sqlite3* database, int64_t sweep_id, const std::string& sweep) {
  const char* from_sql =
      "SELECT host, devices, program_version, torch_version, overrides, git_commit, git_dirty, git_diff "
      "FROM submission WHERE sweep_id = ?";
  if (has_table(database, "submission")) {
    Statement row(database, from_sql);
    if (row.bind(sweep_id).step()) {
      Submission from{row.text(0),
                      nlohmann::json::parse(row.text(1)),
                      row.text(2),
                      row.text(3),
                      nlohmann::json::parse(row.text(4)),
                      row.text(5),
                      std::nullopt,
                      row.text(7)};
      if (!row.is_null(6)) from.git_dirty = row.integer(6) != 0;
      return from;
    }
  }
  throw StoreError(
      fmt::format("{}: how sweep '{}' was submitted is not in it, for that was before this was recorded; "
                  "`ummbench run` with its spec records it, and makes nothing again",
                  sqlite3_db_filename(database, "main"), sweep));
}

RunSources read_sources(sqlite3* database, int64_t sweep_id, int64_t run_id) {
  RunSources sources;
  Statement plugin(database,
                   "SELECT kind, plugin, version, content_hash FROM run_plugin WHERE sweep_id = ? AND "
                   "run_id = ? ORDER BY kind, plugin");
  plugin.bind(sweep_id, run_id);
  while (plugin.step())
    sources.plugins.push_back({plugin.text(0), plugin.text(1), plugin.text(2), plugin.text(3)});
  Statement input(database, "SELECT path, content_hash FROM run_input WHERE sweep_id = ? AND run_id = ?");
  input.bind(sweep_id, run_id);
  while (input.step()) sources.inputs[input.text(0)] = input.text(1);
  if (!has_table(database, "run_setting")) return sources;
  Statement settings(database, "SELECT numbers FROM run_setting WHERE sweep_id = ? AND run_id = ?");
  if (settings.bind(sweep_id, run_id).step())
    sources.settings = nlohmann::json::parse(settings.text(0)).get<std::vector<int64_t>>();
  return sources;
}

std::vector<SettingOrigin> read_settings(sqlite3* database, int64_t sweep_id) {
  std::vector<SettingOrigin> read;
  if (!has_table(database, "setting")) return read;
  Statement setting(database, "SELECT key, value, origin FROM setting WHERE sweep_id = ? ORDER BY number");
  setting.bind(sweep_id);
  while (setting.step()) read.push_back({setting.text(0), setting.text(1), setting.text(2)});
  return read;
}

}  // namespace

SubmittedSweep read_submission(const Store& store, const std::string& sweep) {
  sqlite3* database = store.handle();
  const int64_t sweep_id = find_id(database, "sweep", "name", sweep);
  SubmittedSweep read;
  Statement of(database,
               "SELECT name, description, spec_path, spec_text, created_utc FROM sweep WHERE id = ?");
  of.bind(sweep_id).step();
  read.sweep = {of.text(0), of.text(1), of.text(2), of.text(3), of.text(4)};
  read.submission = read_place(database, sweep_id, sweep);
  read.settings = read_settings(database, sweep_id);
  Statement run(database,
                "SELECT identity, label, reference, architecture, method, seed, axes, replicate_axes, "
                "canonical_config, program_version, created_utc, run.id FROM sweep_run "
                "JOIN run ON run.id = run_id WHERE sweep_id = ? ORDER BY position");
  run.bind(sweep_id);
  while (run.step()) {
    const RunRow row{run.text(0),
                     sweep,
                     run.text(1),
                     run.integer(2) != 0,
                     run.text(3),
                     run.text(4),
                     run.integer(5),
                     nlohmann::json::parse(run.text(6)),
                     nlohmann::json::parse(run.text(7)),
                     run.text(8),
                     run.text(9),
                     run.text(10)};
    read.runs.emplace_back(row, std::vector<StageRow>());
    read.sources.push_back(read_sources(database, sweep_id, run.integer(11)));
  }
  return read;
}

void put_submission(const Store& store, const SubmittedSweep& sweep) {
  sqlite3* database = store.handle();
  Transaction transaction(database, kDoing);
  const int64_t sweep_id = find_id(database, "sweep", "name", sweep.sweep.name);
  for (const char* table : {"submission", "run_plugin", "run_input", "run_setting", "setting"})
    Statement(database, fmt::format("DELETE FROM {} WHERE sweep_id = ?", table)).bind(sweep_id).run();
  if (sweep.submission) put_place(database, sweep_id, *sweep.submission);
  Statement plugin(database,
                   "INSERT INTO run_plugin (sweep_id, run_id, kind, plugin, version, content_hash) "
                   "VALUES (?,?,?,?,?,?) ON CONFLICT DO NOTHING");
  Statement input(database, "INSERT INTO run_input (sweep_id, run_id, path, content_hash) VALUES (?,?,?,?)");
  put_settings(database, sweep_id, sweep.settings);
  Statement settings(database, "INSERT INTO run_setting (sweep_id, run_id, numbers) VALUES (?,?,?)");
  for (size_t i = 0; i < sweep.sources.size(); ++i) {
    const int64_t run_id = find_id(database, "run", "identity", sweep.runs[i].first.identity);
    for (const auto& used : sweep.sources[i].plugins)
      plugin.bind(sweep_id, run_id, used.kind, used.plugin, used.version, used.content_hash).run();
    for (const auto& [path, hash] : sweep.sources[i].inputs) input.bind(sweep_id, run_id, path, hash).run();
    const auto& numbers = sweep.sources[i].settings;
    if (!numbers.empty()) settings.bind(sweep_id, run_id, nlohmann::json(numbers).dump()).run();
  }
  transaction.commit();
}

}  // namespace umm::results
