// `ummbench run` as a pool of processes, and what is told of them.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "session.h"
#include "sweep.h"

namespace umm::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class PoolTest : public SweepTest {
 protected:
  // Waits until `ummbench status --json` says so of one run, or of as many, and that they are in this phase.
  nlohmann::json wait_for(const std::string& state, int at_least = 1, const std::string& phase = "") const {
    const auto has_come = [&](const nlohmann::json& run) {
      return run["state"] == state &&
             (phase.empty() || (run.contains("progress") && run["progress"]["phase"] == phase));
    };
    for (int time = 0; time < 1200; ++time) {
      const auto json = nlohmann::json::parse(run("status out --json").out, nullptr, false);
      if (json.is_array() &&
          std::count_if(json[0]["runs"].begin(), json[0]["runs"].end(), has_come) >= at_least)
        return json;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    ADD_FAILURE() << "no run was ever " << state;
    return {};
  }

  static int count(const std::string& text, const std::string& words) {
    int times = 0;
    for (size_t at = 0; (at = text.find(words, at)) != std::string::npos; ++at) ++times;
    return times;
  }

  static int number_before(const std::string& text, const std::string& words) {
    const size_t end = text.find(words);
    if (end == std::string::npos) return -1;
    return std::stoi(text.substr(text.rfind(' ', end - 1) + 1));
  }
};

TEST_F(PoolTest, AnyNumberOfProcessesLeavesTheSame) {
  write("small.toml", sweep_spec("updates = 4"));
  ASSERT_EQ(run("run small.toml").exit_code, 0);
  const auto expected = results();
  fs::remove_all(folder_ / "out");
  const Finished parallel = run("run small.toml --parallel 3");
  ASSERT_EQ(parallel.exit_code, 0) << parallel.err;
  EXPECT_THAT(parallel.err, HasSubstr("sft, seed 1: complete"));
  expect_equal(results(), expected);
}

TEST_F(PoolTest, TwoShellsShareTheSweep) {
  write("small.toml", sweep_spec("updates = 60"));
  ASSERT_EQ(run("run small.toml").exit_code, 0);
  const auto expected = results();
  fs::remove_all(folder_ / "out");
  Session first(command("run small.toml"), folder_ / "first.txt");
  Session second(command("run small.toml"), folder_ / "second.txt");
  EXPECT_EQ(first.wait(), 0) << read_text(folder_ / "first.txt");
  EXPECT_EQ(second.wait(), 0) << read_text(folder_ / "second.txt");
  expect_equal(results(), expected);
  const int one = number_before(read_text(folder_ / "first.txt"), " stages trained"),
            other = number_before(read_text(folder_ / "second.txt"), " stages trained");
  EXPECT_EQ(one + other, 4) << "each stage once";
  EXPECT_TRUE(one > 0 && other > 0) << "both worked: " << one << " and " << other;
}

TEST_F(PoolTest, WhatIsQueuedDoesNotChangeWhenSpecAndPluginsDo) {
  fs::create_directories(folder_ / "plugins");
  for (const char* name : {"showo", "sft", "reca", "tiny_world", "geneval"})
    fs::copy_file(std::string(UMM_BINARY_DIR "/plugins/") + name + ".umm.so",
                  folder_ / "plugins" / (std::string(name) + ".umm.so"));
  const std::string with = "export UMM_PLUGIN_PATH=plugins; ";
  write("small.toml", sweep_spec("updates = 60"));
  ASSERT_EQ(run("run small.toml", with).exit_code, 0);
  const auto expected = results();
  fs::remove_all(folder_ / "out");

  Session session("export UMM_PLUGIN_PATH=plugins; " + command("run small.toml"), folder_ / "log.txt");
  wait_for("complete");
  write("small.toml", sweep_spec("updates = 61"));
  for (const auto& entry : fs::directory_iterator(folder_ / "plugins")) {
    fs::remove(entry.path());  // as a linker does: the old file lives on where it is in use
    std::ofstream(entry.path()) << "rebuilt, and broken";
  }
  EXPECT_EQ(session.wait(), 0) << read_text(folder_ / "log.txt");
  expect_equal(results(), expected);
}

TEST_F(PoolTest, StatusTellsWhatRunsAndWhatWasLost) {
  EXPECT_EQ(run("status").exit_code, 2);
  write("long.toml", sweep_spec("updates = 1000000\ncheckpoint_every = 20"));
  {
    Session session(command("run long.toml --parallel 2 --only method=sft"), folder_ / "log.txt");
    const auto running = wait_for("running", 2, "train sft");
    EXPECT_EQ(running[0]["name"], "small");
    const Finished text = run("status long.toml");
    EXPECT_THAT(text.out, HasSubstr("train sft"));
    EXPECT_THAT(text.out, HasSubstr("/1000000 updates"));
    EXPECT_THAT(text.out, HasSubstr("2 running"));
    const auto before = std::chrono::steady_clock::now();
    Session watch(command("status long.toml --watch"), folder_ / "watched.txt");
    int drawn = 0;
    while (drawn < 2 && watch.runs_for(0.05))
      drawn = count(read_text(folder_ / "watched.txt"), "\x1b[H\x1b[2J");
    EXPECT_GE(drawn, 2);
    EXPECT_GE(std::chrono::steady_clock::now() - before, std::chrono::seconds(2 * (drawn - 1)))
        << "it draws every two seconds";
    kill(watch.first(), SIGINT);
    EXPECT_EQ(watch.wait(), 0);
    for (const pid_t process : session.processes()) kill(process, SIGKILL);
  }
  const auto killed = nlohmann::json::parse(run("status out --json").out);
  int interrupted = 0;
  for (const auto& run : killed[0]["runs"]) {
    interrupted += run["state"] == "interrupted";
    if (run["state"] == "interrupted") {
      EXPECT_GT(run["device_seconds"], 0) << run.dump(2);
    }
  }
  EXPECT_EQ(interrupted, 2);
  // The database agrees, though no pool is there to write it.
  EXPECT_THAT(run_command("sqlite3 out/results.sqlite \"SELECT status, error FROM attempt\"").out,
              HasSubstr("interrupted|the process was killed"));
}

TEST_F(PoolTest, FailuresAreGroupedAndRunAgainByKind) {
  write("explosive.toml", explosive_spec(R"("memory", "error")"));
  const std::string plugins = "--plugins '" UMM_BINARY_DIR "/tests/explosive_plugins' ";
  EXPECT_EQ(run(plugins + "run explosive.toml").exit_code, 1);
  const auto status = nlohmann::json::parse(run("status out --json").out);
  std::string signature;
  for (const auto& run : status[0]["runs"])
    if (run["name"] == "memory") signature = run["signature"];
  ASSERT_EQ(signature.size(), 8u) << status.dump(2);
  EXPECT_THAT(run("status out").out, HasSubstr("[" + signature + "] memory failed: "));

  const Finished other = run(plugins + "retry explosive.toml --signature 00000000");
  EXPECT_EQ(other.exit_code, 2);
  EXPECT_THAT(other.err, HasSubstr(signature)) << "names those that there are";
  const Finished again = run(plugins + "retry explosive.toml --signature " + signature);
  EXPECT_EQ(again.exit_code, 1) << again.err;
  EXPECT_THAT(again.out, HasSubstr("1 failed"));
  EXPECT_THAT(again.out, HasSubstr("failed [" + signature + "] memory"));
  const auto later = nlohmann::json::parse(run("status out --json").out);
  for (const auto& run : later[0]["runs"]) {
    if (run["name"] == "memory") {
      EXPECT_EQ(run["attempts"], 2);
    }
    if (run["name"] == "error") {
      EXPECT_EQ(run["attempts"], 1);
    }
  }
}

TEST_F(PoolTest, ARunIsIncompleteWhereAJudgeGaveNoAnswer) {
  write("judged.toml", small_spec() + R"([eval.wise]
prompts = "tiny_world_wise"
prompt_options = { prompts_per_category = 1 }
judge = "silent"
sampling = { steps = 2 }
images_per_prompt = 1
)");
  const std::string plugins = "--plugins '" UMM_BINARY_DIR "/tests/explosive_plugins' ";
  const std::string missing = "wise: 6 of 6 pictures have no answer (nobody is there)";
  for (const std::string parallel : {"", " --parallel 2"}) {
    const Finished silent = run(plugins + "run judged.toml" + parallel);
    EXPECT_EQ(silent.exit_code, 1) << silent.err;
    expect_words(silent.out, {"0 failed", "not complete base: ", missing.c_str()});
    expect_words(silent.err, {missing.c_str()});
    const Finished status = run("status out");
    expect_words(status.out, {"0 of 3 runs complete, 3 incomplete", missing.c_str()});
    expect_words(run("db query out \"SELECT DISTINCT status FROM runs\"").out, {"partly evaluated"});
  }
  expect_words(run(plugins + "plan judged.toml").out, {"3 to run, 3 reused"});
  const Finished answered = run(plugins + "run judged.toml", "export UMM_TEST_JUDGE_SPEAKS=1;");
  EXPECT_EQ(answered.exit_code, 0) << answered.err;
  expect_words(answered.out, {"0 stages trained, 3 evaluations made, 0 failed"});
  expect_words(run("status out").out, {"3 of 3 runs complete"});
  EXPECT_EQ(run("db query out --format csv \"SELECT DISTINCT status FROM runs\"").out, "status\ncomplete\n");
}

TEST_F(PoolTest, BudgetStopsStarting) {
  write("small.toml", sweep_spec("updates = 4") + "[budget]\ngpu_hours = 1e-9\n");
  const Finished capped = run("run small.toml");
  EXPECT_EQ(capped.exit_code, 1) << capped.err;
  EXPECT_THAT(capped.out, HasSubstr("4 runs were not started"));
  EXPECT_THAT(capped.err, HasSubstr("small.toml:"));
  const Finished raised = run("run small.toml --set budget.gpu_hours=1");
  EXPECT_EQ(raised.exit_code, 0) << raised.err;
  EXPECT_THAT(raised.out, HasSubstr("4 stages trained"));
}

}  // namespace
}  // namespace umm::testing
