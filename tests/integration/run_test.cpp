// The main job through the real program: plan, run, table, rescore, again, and after a wish to stop.
#include <sqlite3.h>

#include <cstring>

#include "program.h"
#include "session.h"

namespace umm::testing {
namespace {

class RunTest : public ProgramTest {
 protected:
  // Waits until `ummbench status` tells of updates that a running process made.
  bool updates_are_made() const {
    for (int time = 0; time < 1200; ++time) {
      std::istringstream lines(run("status out").out);
      for (std::string line; std::getline(lines, line);)
        if (line.find(" running ") != std::string::npos && line.find(" updates") != std::string::npos)
          return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return false;
  }
};

int64_t count(const fs::path& database, const std::string& sql) {
  sqlite3* handle = nullptr;
  sqlite3_stmt* statement = nullptr;
  int64_t result = -1;
  if (sqlite3_open_v2(database.c_str(), &handle, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK &&
      sqlite3_prepare_v2(handle, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK &&
      sqlite3_step(statement) == SQLITE_ROW) {
    result = sqlite3_column_int64(statement, 0);
  }
  sqlite3_finalize(statement);
  sqlite3_close(handle);
  return result;
}

TEST_F(RunTest, PlanRunTableRescoreAndNothingTwice) {
  write("small.toml", small_spec());
  const Finished plan = run("plan small.toml");
  EXPECT_EQ(plan.exit_code, 0) << plan.err;
  for (const char* words : {"2 stages to train", "8 images seen", "activations", "GFLOP", "device-hours"})
    EXPECT_NE(plan.out.find(words), std::string::npos) << words << "\n" << plan.out;
  EXPECT_EQ(plan.out.find("no estimate"), std::string::npos) << plan.out;
  const Finished other = run("plan small.toml --tflops 0.001");
  EXPECT_NE(other.out.find("device-hours at 0.001 TFLOP/s"), std::string::npos) << other.out;
  EXPECT_FALSE(fs::exists(folder_ / "out"));

  const Finished first = run("run small.toml");
  ASSERT_EQ(first.exit_code, 0) << first.err;
  EXPECT_NE(first.out.find("2 stages trained, 3 evaluations made, 0 failed"), std::string::npos) << first.out;
  EXPECT_NE(first.err.find(" % of the plan"), std::string::npos) << first.err;
  const fs::path database = folder_ / "out/results.sqlite";
  EXPECT_EQ(count(database, "SELECT count(*) FROM run"), 3);
  EXPECT_EQ(count(database, "SELECT count(*) FROM evidence"), 3 * 12);

  const Finished table = run("table out/results.sqlite --contact-sheet sheet.png");
  EXPECT_EQ(table.exit_code, 0) << table.err;
  for (const char* word : {"base", "sft", "reca", "counting", "overall"}) {
    EXPECT_NE(table.out.find(word), std::string::npos) << word << "\n" << table.out;
  }
  EXPECT_TRUE(fs::exists(folder_ / "sheet.png"));

  const Finished second = run("run small.toml");
  EXPECT_NE(second.out.find("0 stages trained, 0 evaluations made"), std::string::npos) << second.out;
  EXPECT_EQ(run("table out/results.sqlite").out, table.out);

  const Finished rescored = run("rescore out/results.sqlite");
  EXPECT_EQ(rescored.exit_code, 0) << rescored.out;
  EXPECT_NE(rescored.out.find("36 images scored again from stored evidence, 0 differences"),
            std::string::npos)
      << rescored.out;
}

TEST_F(RunTest, ChangedEvidenceIsFoundByRescore) {
  write("small.toml", small_spec());
  ASSERT_EQ(run("run small.toml").exit_code, 0);
  const auto change = [&](const char* sql) {
    sqlite3* handle = nullptr;
    ASSERT_EQ(sqlite3_open((folder_ / "out/results.sqlite").c_str(), &handle), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(handle, sql, nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(handle);
  };
  const char* invert = "UPDATE judgement SET score = 1 - score WHERE image_index = 0";
  change(invert);
  EXPECT_EQ(run("rescore out/results.sqlite").exit_code, 1);

  // One whose rules are gone is told of, and the others are scored.
  change(invert);
  change(
      "UPDATE evaluation SET protocol_text = replace(protocol_text, '\"evaluator\":\"geneval\"', "
      "'\"evaluator\":\"gone\"') WHERE id = (SELECT min(id) FROM evaluation)");
  const Finished rest = run("rescore out/results.sqlite");
  EXPECT_EQ(rest.exit_code, 1);
  expect_words(rest.out,
               {" geneval cannot be scored again: ",
                "2 evaluations, 24 images scored again from stored evidence, 0 differences, 1 failed"});
}

// A cluster's warning before a time limit or a preemption, and a person's Ctrl-C.
TEST_F(RunTest, AskedToStopItKeepsItsWorkForLater) {
  write("long.toml", small_spec("updates = 1000000"));
  int num_stopped = 0;
  for (const int number : {SIGTERM, SIGUSR1, SIGUSR2, SIGINT}) {
    Session session(command("run long.toml"), folder_ / "log.txt");
    ASSERT_TRUE(updates_are_made()) << read_text(folder_ / "log.txt");
    kill(session.first(), number);
    EXPECT_EQ(session.wait(), 75) << strsignal(number);
    expect_words(read_text(folder_ / "log.txt"), {"goes on where it stopped"});
    const std::string interrupted = "SELECT count(*) FROM attempt WHERE status = 'interrupted'";
    EXPECT_EQ(count(folder_ / "out/results.sqlite", interrupted), ++num_stopped);
  }
  int num_resume_points = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder_ / "out/stages"))
    num_resume_points += entry.path().filename().string().starts_with("resume-");
  EXPECT_EQ(num_resume_points, 1);
}

}  // namespace
}  // namespace umm::testing
