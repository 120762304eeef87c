#include "plan/plan.h"

#include <ATen/Parallel.h>
#include <gmock/gmock.h>

#include "results/run_folder.h"
#include "tests/host/evaluate/fake_experiment.h"
#include "tests/host/launch/run_experiment.h"

namespace umm::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

class PlanTest : public ::testing::Test {
 protected:
  Plan plan(double tflops = 0) const { return make_plan({experiment_, catalogue_, tflops, {}}); }

  void run() const {
    ::testing::internal::CaptureStderr();
    run_experiment(experiment_, catalogue_);
    ::testing::internal::GetCapturedStderr();
  }

  const TemporaryFolder folder_;
  Catalogue catalogue_ = fake_catalogue();
  Experiment experiment_ = fake_experiment(catalogue_, folder_.path());
};

TEST_F(PlanTest, WithoutADatabaseNothingIsDone) {
  const Plan found = plan();
  ASSERT_EQ(found.runs.size(), 2u);
  EXPECT_EQ(found.runs[1].stages[0].state, StageState::to_train);
  EXPECT_FALSE(found.runs[0].evaluations[0].reused);
  EXPECT_EQ(found.runs[1].evaluations[0].num_prompts, 3);
  EXPECT_EQ(found.states.stages_to_train, 1);
  EXPECT_EQ(found.states.evaluations_to_run, 2);
  EXPECT_EQ(found.cost.stages.at(CostSource::products), 1);
  EXPECT_TRUE(found.cost.lower_bound);
  EXPECT_FALSE(found.detectable[0].difference);
  EXPECT_FALSE(std::filesystem::exists(results::database_file(experiment_.output)));
}

TEST_F(PlanTest, WhatIsStoredIsReusedAndNothingElse) {
  run();
  const Plan found = plan();
  EXPECT_EQ(found.runs[1].stages[0].state, StageState::finished);
  EXPECT_TRUE(found.runs[0].evaluations[0].reused);
  EXPECT_TRUE(found.runs[1].evaluations[0].reused);
  EXPECT_FALSE(found.runs[1].has_work());
  EXPECT_EQ(found.cost.hours, 0);
  EXPECT_EQ(found.states.evaluations_reused, 2);
  EXPECT_TRUE(found.launch.empty());
  experiment_.runs[1].evaluations[0].weights = "ema";
  EXPECT_FALSE(plan().runs[1].evaluations[0].reused);
  experiment_.runs[1].evaluations[0].weights = "last";
  experiment_.runs[0].evaluations[0].images_per_prompt = 5;
  EXPECT_FALSE(plan().runs[0].evaluations[0].reused);
}

TEST_F(PlanTest, AnEvaluationIsReusedWhereARunWouldReuseIt) {
  FakeEvaluator::unreachable = 1;
  run();
  EXPECT_FALSE(plan().runs[0].evaluations[0].reused) << "it is stored, and lacks an answer";
  run();
  EXPECT_TRUE(plan().runs[0].evaluations[0].reused);
  std::filesystem::remove(results::database_file(experiment_.output));
  EXPECT_TRUE(plan().runs[0].evaluations[0].reused);
}

TEST_F(PlanTest, EarlierRunsTellWhatTheNextOnesTake) {
  run();
  auto next = experiment_.runs[1];
  next.identity = std::string(64, '3');
  next.stages[0].identity = std::string(64, 'b');
  experiment_.runs.push_back(next);
  const Plan found = plan();
  EXPECT_EQ(found.runs[2].stages[0].estimate.cost.source, CostSource::history);
  EXPECT_EQ(found.runs[2].evaluations[0].estimate.cost.source, CostSource::history);
  EXPECT_EQ(found.runs[2].evaluations[0].estimate.cost.num_samples, 2);
  EXPECT_GT(found.cost.hours, 0);
  EXPECT_FALSE(found.cost.lower_bound);
  EXPECT_EQ(plan(100).runs[2].stages[0].estimate.cost.source, CostSource::rate);
}

TEST_F(PlanTest, ASharedStageCountsOnce) {
  experiment_.runs.push_back(experiment_.runs[1]);
  const Plan found = plan(1);
  EXPECT_EQ(found.runs[2].stages[0].state, StageState::shared);
  EXPECT_EQ(found.states.stages_to_train, 1);
  EXPECT_LT(found.runs[2].cost.hours, found.runs[1].cost.hours);
}

TEST_F(PlanTest, ARunThatAwaitsSomethingIsListedAndNotCounted) {
  auto& run = experiment_.runs[1];
  run.awaits = {"architecture \"fake2\""};
  run.architecture.id = "fake2";
  const Plan found = plan();
  EXPECT_EQ(found.states.runs_awaiting, 1);
  EXPECT_EQ(found.states.stages_to_train, 0);
  EXPECT_EQ(found.runs[1].cost.hours, 0);
  EXPECT_FALSE(found.runs[1].has_work());
  EXPECT_EQ(found.states.evaluations_to_run, 1);
}

TEST_F(PlanTest, ADeviceThatIsNotHereIsCountedAtItsLimitOfTime) {
  auto& resources = experiment_.runs[1].resources;
  resources.device = "cuda:97";
  resources.gpus = 2;
  EXPECT_EQ(plan().cost.num_unknown, 2);
  resources.time_limit_seconds = 1800;
  const Plan found = plan();
  EXPECT_EQ(found.cost.num_unknown, 0);
  EXPECT_EQ(found.cost.num_at_time_limit, 1);
  EXPECT_EQ(found.runs[1].cost.hours, 1);
}

TEST_F(PlanTest, AGpuModelThatIsNotHereHasNoRateHere) {
  for (auto& run : experiment_.runs) run.resources.device = "auto";
  experiment_.runs[0].resources.gpu_models = {"no such model"};
  const Plan found = plan();
  EXPECT_EQ(found.runs[0].evaluations[0].estimate.cost.source, CostSource::unknown);
  EXPECT_EQ(found.runs[1].evaluations[0].estimate.cost.source, CostSource::products);
  EXPECT_EQ(found.cost.num_unknown, 1);
}

TEST_F(PlanTest, EachNumberOfThreadsIsADeviceOfItsOwn) {
  const auto add_run = [&](char digit, int64_t threads) {
    auto run = experiment_.runs[1];
    run.identity = std::string(64, digit);
    run.stages[0].identity = std::string(64, static_cast<char>(digit + 'a' - '0'));
    run.resources.threads = threads;
    experiment_.runs.push_back(run);
  };
  const int threads = at::get_num_threads();
  add_run('3', 1);
  add_run('4', 2);
  experiment_.runs.erase(experiment_.runs.begin(), experiment_.runs.begin() + 2);
  run();
  experiment_.runs.erase(experiment_.runs.begin());
  experiment_.runs.insert(experiment_.runs.begin(), 2, experiment_.runs[0]);
  add_run('5', 1);
  add_run('6', 2);
  at::set_num_threads(3);
  const Plan found = plan();
  EXPECT_EQ(at::get_num_threads(), 3) << "the plan's own are left alone";
  at::set_num_threads(threads);
  const auto &one = found.runs[3].stages[0].estimate.cost, &two = found.runs[4].stages[0].estimate.cost;
  EXPECT_EQ(one.num_samples, 1);
  EXPECT_EQ(two.num_samples, 1);
  EXPECT_NE(one.hours, two.hours);
}

TEST_F(PlanTest, RunsThatAskForTheSameMachineAreOneShape) {
  experiment_.runs.push_back(experiment_.runs[1]);
  experiment_.runs[2].resources.gpus = 8;
  experiment_.runs[2].resources.gpu_models = {"H100", "H200"};
  const Plan found = plan(1);
  ASSERT_EQ(found.launch.size(), 2u);
  EXPECT_EQ(found.launch[0].num_runs, 2);
  EXPECT_EQ(found.launch[0].device, "cpu");
  EXPECT_EQ(found.launch[1].gpus, 8);
  EXPECT_EQ(found.launch[1].device, "H100 or H200");
}

TEST_F(PlanTest, TheBudgetCoversWhatIsSpentAndWhatIsToCome) {
  run();
  experiment_.budget.gpu_hours = 1000;
  const Plan enough = plan();
  ASSERT_TRUE(enough.budget);
  EXPECT_GT(enough.budget->spent, 0);
  EXPECT_TRUE(enough.budget->fits);
  experiment_.budget.gpu_hours = 1e-12;
  EXPECT_FALSE(plan().budget->fits);
}

TEST_F(PlanTest, WhatARunWouldStopAtStopsThePlan) {
  experiment_.runs[1].stages[0].train.trained_groups = {"tail"};
  EXPECT_THAT([&] { plan(); },
              ThrowsMessage<InputError>(HasSubstr("stage denoise of run \"trained, seed 0\" would fail: ")));
  FakeEvaluator::odd_name = "a/b";
  EXPECT_THAT([&] { plan(); }, ThrowsMessage<InputError>(HasSubstr("brightness: a prompt is named \"a/b\"")));
  FakeEvaluator::odd_name.clear();
}

TEST_F(PlanTest, AJudgeThatCannotBeAskedStopsThePlan) {
  PluginEntry entry{.kind = PluginKind::judge, .id = "served"};
  entry.make_judge = [](const Options&, const JudgeConnection&) -> std::unique_ptr<Judge> {
    throw InputError("no model");
  };
  auto plugins = catalogue_.entries();
  plugins.push_back(plugin(std::move(entry)));
  catalogue_ = Catalogue::of(std::move(plugins));
  experiment_.runs[1].evaluations[0].providers[PluginKind::judge].id = "served";
  EXPECT_THAT([&] { plan(); }, ThrowsMessage<InputError>(HasSubstr("making the judge: no model")));
}

}  // namespace
}  // namespace umm::testing
