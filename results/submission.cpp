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

}  // namespace

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
