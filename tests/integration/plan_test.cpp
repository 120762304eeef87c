// What `ummbench plan` says of a sweep before, between and after its runs.
#include <nlohmann/json.hpp>

#include "program.h"

namespace umm::testing {
namespace {

using Json = nlohmann::json;

class PlanTest : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    write("a.toml", small_spec() + kTwoSeeds);
  }

  Json plan(const std::string& arguments) const {
    const Finished finished = run("plan --json " + arguments);
    EXPECT_EQ(finished.exit_code, 0) << finished.err;
    return Json::parse(finished.out, nullptr, false);
  }

  static Json run_of(const Json& plan, const std::string& name) {
    for (const auto& run : plan.at("runs"))
      if (run.at("name") == name) return run;
    ADD_FAILURE() << "no run " << name << " in " << plan.dump(1);
    return {};
  }
};

TEST_F(PlanTest, BeforeAnythingRan) {
  const Json json = plan("a.toml");
  EXPECT_EQ(json["format"], 1);
  EXPECT_EQ(json["product"]["cells"], 2);
  EXPECT_EQ(json["product"]["replicates"], 2);
  EXPECT_EQ(json["product"]["runs"], 4);
  EXPECT_EQ(json["states"]["stages_to_train"], 4);
  EXPECT_EQ(json["states"]["evaluations_to_run"], 5);
  EXPECT_EQ(json["estimate"]["stages"], (Json{{"products", 4}}));
  EXPECT_EQ(json["estimate"]["lower_bound"], true);
  EXPECT_GT(json["estimate"]["device_hours"]["expected"], 0);
  EXPECT_EQ(json["budget"], nullptr);
  EXPECT_EQ(json["detectable"][0]["difference"], nullptr);
  EXPECT_EQ(json["launch"]["shapes"][0]["runs"], 5);
  const Json sft = run_of(json, "sft, seed 1");
  EXPECT_EQ(sft["axes"], (Json{{"method", "sft"}, {"seed", "1"}}));
  EXPECT_EQ(sft["stages"][0]["batch"], (Json{{"i2t", 2}, {"t2i", 2}}));
  EXPECT_EQ(sft["stages"][0]["images_seen"], 8);
  EXPECT_EQ(sft["evaluations"][0]["pictures"], 12);
  EXPECT_FALSE(fs::exists(folder_ / "out"));
}

TEST_F(PlanTest, AnEvaluationHasItsNameAndItsBenchmark) {
  std::string spec = small_spec();
  const std::string header = "[eval.geneval]\n";
  ASSERT_NE(spec.find(header), std::string::npos);
  spec.replace(spec.find(header), header.size(), "[eval.words]\nuse = \"geneval\"\n");
  write("b.toml", spec);
  const Json json = plan("b.toml");
  const Json evaluation = run_of(json, "base").at("evaluations").at(0);
  EXPECT_EQ(evaluation.at("evaluation"), "words");
  EXPECT_EQ(evaluation.at("benchmark"), "geneval");
  for (const char* key : {"benchmark", "protocol"})
    EXPECT_EQ(json.at("detectable").at(0).at(key), evaluation.at(key));
}

TEST_F(PlanTest, BetweenRuns) {
  ASSERT_EQ(run("run a.toml --only seed=0").exit_code, 0);
  ASSERT_EQ(run("run a.toml --only 'reference=*'").exit_code, 0);
  const Json json = plan("a.toml");
  EXPECT_EQ(json["states"]["stages_finished"], 2);
  EXPECT_EQ(json["states"]["evaluations_reused"], 3);
  EXPECT_EQ(run_of(json, "base")["evaluations"][0]["state"], "reused");
  EXPECT_EQ(run_of(json, "sft, seed 0")["stages"][0]["state"], "finished");
  const Json reca = run_of(json, "reca, seed 1");
  EXPECT_EQ(reca["stages"][0]["source"], "history");
  EXPECT_EQ(reca["stages"][0]["samples"], 1);
  EXPECT_EQ(reca["evaluations"][0]["samples"], 3);
  EXPECT_LE(reca["device_hours"]["low"], reca["device_hours"]["expected"]);
  EXPECT_EQ(json["estimate"]["lower_bound"], false);
  const Finished text = run("plan a.toml");
  expect_words(text.out,
               {"evaluations  2 to run, 3 reused", "(p10 ", "from up to 3 earlier of the same shape",
                "12 prompts x 1 pictures, reused", "launch       local"});

  // The same work under another name, which learns from this one's database alone when told of it.
  const std::string other = "a.toml --set 'sweep.output=\"elsewhere\"'";
  EXPECT_EQ(plan(other)["estimate"]["stages"], (Json{{"products", 4}}));
  EXPECT_EQ(plan(other + " --history out/results.sqlite")["estimate"]["stages"], (Json{{"history", 4}}));
  const Finished absent = run("plan a.toml --history absent.sqlite");
  EXPECT_EQ(absent.exit_code, 2);
  expect_words(absent.err, {"--history absent.sqlite: expected a results.sqlite"});
}

TEST_F(PlanTest, AgainstAnotherSpecAndAgainstWhatIsStored) {
  write("old.toml", small_spec() + R"([[axis]]
name = "seed"
key = "seed"
values = [0, 7]
replicate = true
[[arm]]
when = { method = "reca" }
set = { "train.lr" = 5e-4 }
)");
  const Json diff = plan("a.toml --diff old.toml")["diff"];
  EXPECT_EQ(diff["other"], "old.toml");
  EXPECT_EQ(diff["reused"], 2);
  EXPECT_EQ(diff["added"], (Json{"sft, seed 1", "reca, seed 1"}));
  EXPECT_EQ(diff["gone"], (Json{"sft, seed 7", "reca, seed 7"}));
  EXPECT_EQ(diff["changed"], (Json{"reca, seed 0"}));
  EXPECT_EQ(diff["changes"],
            (Json{{{"key", "train.lr"}, {"before", "5e-04"}, {"after", "0.001"}, {"runs", 1}}}));
  expect_words(run("plan a.toml --diff old.toml").out,
               {"against      old.toml: runs: 2 new, 2 reused, 1 changed, 2 gone",
                "1 run: train.lr 5e-04 -> 0.001", "gone  reca, seed 7"});
  const Finished absent = run("plan a.toml --diff absent.toml");
  EXPECT_EQ(absent.exit_code, 2);
  expect_words(absent.err, {"absent.toml"});

  ASSERT_EQ(run("run a.toml --only method=sft").exit_code, 0);
  const Json stored = plan("a.toml --set train.lr=2e-3 --diff")["diff"];
  EXPECT_EQ(stored["other"], "out/results.sqlite");
  EXPECT_EQ(stored["changed"], (Json{"sft, seed 0", "sft, seed 1"}));
  EXPECT_EQ(stored["changes"][0]["runs"], 2);
}

TEST_F(PlanTest, ADatabaseThatHoldsNothingIsNoneAndAnotherFileIsRefused) {
  fs::create_directories(folder_ / "out");
  write("out/results.sqlite", "");  // it is being made
  EXPECT_EQ(plan("a.toml --diff")["diff"]["added"].size(), 5u);
  write("out/results.sqlite", "no database at all");
  for (const char* command :
       {"plan a.toml", "plan a.toml --diff", "plan a.toml --history out/results.sqlite"}) {
    const Finished refused = run(command);
    EXPECT_EQ(refused.exit_code, 2) << command;
    expect_words(refused.err, {"out/results.sqlite"});
  }
}

TEST_F(PlanTest, ABudgetThatIsTooSmallIsAnErrorUnlessAccepted) {
  const std::string large = "a.toml --set budget.gpu_hours=1000",
                    small = "a.toml --set budget.gpu_hours=1e-9";
  EXPECT_EQ(plan(large)["budget"]["fits"], true);
  expect_words(run("plan " + large).out, {"budget       1000 device-hours, 0 spent: ok"});
  const Finished refused = run("plan " + small);
  EXPECT_EQ(refused.exit_code, 2);
  expect_words(refused.out, {"too little; the first 0 runs fit", "launch       local"});
  expect_words(refused.err, {"error[S230]: ", "exceed `budget.gpu_hours` = 1e-09", "--> --set:1:18"});
  const Json accepted = plan(small + " --up-to-budget");
  EXPECT_EQ(accepted["budget"]["fits"], false);
  EXPECT_EQ(accepted["budget"]["fitting_runs"], 0);
}

TEST_F(PlanTest, WhatIsNotBuiltYetIsPlannedAsFarAsItGoes) {
  write("b.toml", small_spec("updates = 2", "bagel") + kTwoSeeds + "[awaits]\nplugins = [\"bagel\"]\n" +
                      "[resources]\ngpus = 1\ngpu_model = [\"H100\", \"H200\"]\ntime = \"12h\"\n");
  const Json json = plan("b.toml");
  EXPECT_EQ(json["states"]["runs_awaiting"], 5);
  EXPECT_EQ(json["states"]["stages_to_train"], 0);
  EXPECT_EQ(json["launch"]["shapes"], Json::array());
  const Json sft = run_of(json, "sft, seed 1");
  EXPECT_EQ(sft["awaits"], (Json{"architecture \"bagel\""}));
  EXPECT_EQ(sft["stages"][0]["updates"], 2);
  expect_words(run("plan b.toml").out, {"waits for architecture \"bagel\"", "awaiting     5 runs"});
  write("c.toml", small_spec() + "[resources]\ngpu_model = [\"H100\", \"H200\"]\ntime = \"90m\"\n");
  expect_words(run("plan c.toml --tflops 1").out, {"3 runs: 1 of device H100 or H200, 1.5 h"});
}

TEST_F(PlanTest, AProtocolThatChangedIsToldOf) {
  ASSERT_EQ(run("run a.toml --only 'reference=*'").exit_code, 0);
  EXPECT_EQ(run("plan a.toml").err, "");
  const Finished drifted = run("plan a.toml --set eval.geneval.images_per_prompt=2");
  EXPECT_EQ(drifted.exit_code, 0);
  expect_words(drifted.err, {"warning[S210]: geneval: 1 stored evaluations of this sweep",
                             "images_per_prompt 1 -> 2", "will not share a table"});
}

}  // namespace
}  // namespace umm::testing
