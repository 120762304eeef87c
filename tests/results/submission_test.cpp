// Where a sweep comes from: in its file, and from there in the database.
#include "results/submission.h"

#include <gmock/gmock.h>

#include "results/ingest.h"
#include "results/run_folder.h"
#include "tests/results/small_database.h"

namespace umm::results {
namespace {

SubmittedSweep small_sweep() {
  SubmittedSweep sweep;
  sweep.sweep = {"small", "", "small.toml", "", "2026-01-31T12:00:00Z"};
  RunRow run = small_run("reca", 0);
  run.created_utc = "2026-01-31T12:00:00Z";
  sweep.runs.emplace_back(run, small_stages("reca", 0));
  sweep.names = {"reca, seed 0"};
  sweep.submission =
      Submission{"node-3", {"NVIDIA H200"}, "0.1.0", "2.9.1", {"seed=3"}, "abc", true, "+ line"};
  sweep.sources = {
      {{{"method", "reca", "1.2.0", "ffff"}, {"dataset", "world", "1", "eeee"}}, {{"data", "dddd"}}, {2, 0}}};
  sweep.settings = {{"seed", "0", "[base] small.toml:3:8"},
                    {"seed", "1", "--set"},
                    {"stage.reca.train.lr", "1", "default"}};
  return sweep;
}

class SubmissionTest : public testing::Test {
 protected:
  void write(const std::string& text) {
    write_file(sweep_file(folder_.path(), "small"), text);
    EXPECT_THAT(ingester_.take_in().problems, testing::IsEmpty());
  }
  std::string ask(const std::string& sql) { return query(ingester_.store(), sql); }

  TemporaryFolder folder_;
  Ingester ingester_{folder_.path(), [](const auto&) { return false; }};
};

TEST_F(SubmissionTest, machine_program_plugins_and_inputs_are_stored) {
  write(to_text(small_sweep()));
  EXPECT_EQ(
      ask("SELECT host || ' ' || (devices ->> 0) || ' ' || program_version || ' ' || torch_version || ' ' "
          "|| (overrides ->> 0) || ' ' || git_commit || ' ' || git_dirty || ' ' || git_diff FROM submission"),
      "node-3 NVIDIA H200 0.1.0 2.9.1 seed=3 abc 1 + line");
  EXPECT_EQ(ask("SELECT group_concat(kind || ' ' || plugin || ' ' || version || ' ' || content_hash, '; ') "
                "FROM run_plugin"),
            "dataset world 1 eeee; method reca 1.2.0 ffff");
  EXPECT_EQ(ask("SELECT path || ' ' || content_hash FROM run_input"), "data dddd");
}

TEST_F(SubmissionTest, each_setting_of_a_run_has_its_origin) {
  write(to_text(small_sweep()));
  EXPECT_EQ(
      ask("SELECT group_concat(sweep || ' ' || label || seed || ' ' || key || ' = ' || value || ' from ' "
          "|| origin, '; ') FROM (SELECT * FROM settings ORDER BY key)"),
      "small reca0 seed = 0 from [base] small.toml:3:8; small reca0 stage.reca.train.lr = 1 from default");
}

TEST_F(SubmissionTest, a_setting_that_the_file_does_not_list_is_reported) {
  SubmittedSweep sweep = small_sweep();
  sweep.sources[0].settings = {3};
  EXPECT_THAT(error_of([&] { sweep_from_text(to_text(sweep), "small.json"); }),
              testing::HasSubstr("small.json: run \"reca, seed 0\" has setting 3 of 3"));
}

TEST_F(SubmissionTest, it_is_read_as_it_was_stored) {
  write(to_text(small_sweep()));
  const SubmittedSweep read = read_submission(ingester_.store(), "small");
  SubmittedSweep expected = small_sweep();
  expected.names = {""};
  expected.runs[0].second.clear();
  std::sort(expected.sources[0].plugins.begin(), expected.sources[0].plugins.end(),
            [](const RunPlugin& a, const RunPlugin& b) { return a.kind < b.kind; });
  SubmittedSweep named = read;
  named.names = {""};
  EXPECT_EQ(to_text(named), to_text(expected));
  EXPECT_THAT(error_of([&] { read_submission(ingester_.store(), "none"); }),
              testing::HasSubstr("there is no sweep with name 'none'"));
}

TEST_F(SubmissionTest, the_latest_start_counts) {
  write(to_text(small_sweep()));
  SubmittedSweep later = small_sweep();
  later.submission->git_dirty.reset();
  later.sources[0].plugins.resize(1);
  later.sources[0].inputs.clear();
  later.sources[0].settings = {1};
  write(to_text(later));
  EXPECT_EQ(ask("SELECT git_dirty FROM submission"), "(null)");
  EXPECT_EQ(ask("SELECT count(*) FROM run_plugin"), "1");
  EXPECT_EQ(ask("SELECT count(*) FROM run_input"), "0");
  EXPECT_EQ(ask("SELECT group_concat(origin) FROM settings"), "--set");
}

TEST_F(SubmissionTest, a_file_from_before_has_none) {
  SubmittedSweep old = small_sweep();
  write(to_text(old));
  old.submission.reset();
  old.sources.clear();
  old.settings.clear();
  write(to_text(old));
  EXPECT_EQ(ask("SELECT label FROM runs"), "reca");
  EXPECT_THAT(error_of([&] { read_submission(ingester_.store(), "small"); }),
              testing::HasSubstr("was before this was recorded"));
  EXPECT_EQ(ask("SELECT (SELECT count(*) FROM submission) + (SELECT count(*) FROM run_plugin) + "
                "(SELECT count(*) FROM run_setting) + (SELECT count(*) FROM setting)"),
            "0");
}

}  // namespace
}  // namespace umm::results
