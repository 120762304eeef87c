#include "train/trainer.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <tuple>

#include "tests/host/train/fakes.h"
#include "train/device.h"
#include "umm/checkpoint.h"
#include "umm/error.h"

namespace umm::testing {
namespace {

namespace fs = std::filesystem;

constexpr const char* kChildFolder = "UMM_TEST_CHILD_FOLDER";
constexpr int64_t kKilledAt = 17;  // micro-iteration, in the middle of update 9 of 12

struct Training {
  StageConfig stage = fake_stage();
  FakeArchitecture model;
  FakeMethod method;
  std::map<std::string, std::unique_ptr<Dataset>> datasets = fake_datasets();
  std::ostringstream progress_text;
  std::vector<std::vector<results::CurvePoint>> drawn;  // as they came

  Training() { model.initialize(1); }

  TrainOutcome train(const fs::path& folder, const Checkpoint* earlier = nullptr) {
    Progress progress("test", stage.train.updates, "updates", 0, {&progress_text, false, 10});
    const WorkMeter work;
    TrainInput input{model, method, stage, datasets, work, 5, earlier, folder};
    input.drawn = [this](const auto& points) { drawn.push_back(points); };
    return train_stage(input, progress);
  }
};

StageConfig checkpointed_stage() {
  auto stage = fake_stage();
  stage.train.checkpoint_every_updates = 4;
  stage.train.ema_decay = 0.9;
  return stage;
}

std::string file_bytes(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// Without what depends on the machine and its moods.
std::vector<std::tuple<std::string, int64_t, double>> reproducible_curves(const TrainingState& state) {
  Curves curves(1);
  curves.restore(state.curves);
  std::vector<std::tuple<std::string, int64_t, double>> points;
  for (const auto& point : curves.points())
    if (!point.name.starts_with("measured/")) points.emplace_back(point.name, point.update, point.value);
  return points;
}

void expect_same_result(const fs::path& a, const fs::path& b) {
  for (const char* file : {"last/model.safetensors", "ema/model.safetensors"}) {
    ASSERT_FALSE(file_bytes(a / file).empty());
    EXPECT_EQ(file_bytes(a / file), file_bytes(b / file)) << file;
  }
  const auto state_a = read_finished_stage(a), state_b = read_finished_stage(b);
  ASSERT_TRUE(state_a && state_b);
  EXPECT_EQ(reproducible_curves(*state_a), reproducible_curves(*state_b));
  EXPECT_EQ(state_a->totals.images_seen, state_b->totals.images_seen);
  EXPECT_EQ(state_a->positions, state_b->positions);
  ASSERT_TRUE(state_a->work && state_b->work);
  EXPECT_GT(state_a->work->flops, 0);
  EXPECT_EQ(state_a->work->flops, state_b->work->flops);
  EXPECT_EQ(state_a->work->tokens, state_b->work->tokens);
}

TEST(Trainer, ResumesAfterStopWithTheSameBits) {
  TemporaryFolder folder;
  Training whole;
  whole.stage = checkpointed_stage();
  ASSERT_TRUE(whole.train(folder.path() / "whole").complete);

  Training stopped;
  stopped.stage = checkpointed_stage();
  stopped.method = FakeMethod(Accident::stop, 11);
  const auto outcome = stopped.train(folder.path() / "resumed");
  request_stop(false);
  EXPECT_FALSE(outcome.complete);
  EXPECT_EQ(outcome.state.totals.updates, 6);  // the update under way was finished
  EXPECT_FALSE(read_finished_stage(folder.path() / "resumed"));

  Training resumed;
  resumed.stage = checkpointed_stage();
  ASSERT_TRUE(resumed.train(folder.path() / "resumed").complete);
  expect_same_result(folder.path() / "whole", folder.path() / "resumed");
  EXPECT_FALSE(read_resume_state(folder.path() / "resumed")) << "resume points go when the stage is finished";
}

TEST(Trainer, TellsItsCurvesAsTheyCome) {
  TemporaryFolder folder;
  Training stopped, resumed;
  stopped.stage = resumed.stage = checkpointed_stage();
  stopped.method = FakeMethod(Accident::failure, 11);
  EXPECT_THROW(stopped.train(folder.path()), Error);
  ASSERT_EQ(stopped.drawn.size(), 5u) << "one for each update that was finished";
  EXPECT_EQ(stopped.drawn[4].front().update, 5);

  const auto outcome = resumed.train(folder.path());
  ASSERT_EQ(resumed.drawn.size(), 9u);
  EXPECT_EQ(resumed.drawn[0].back().update, 4) << "what the resume point kept";
  Curves whole(12);
  whole.restore(outcome.state.curves);
  std::vector<results::CurvePoint> told;
  for (const auto& points : resumed.drawn) told.insert(told.end(), points.begin(), points.end());
  ASSERT_EQ(told.size(), whole.points().size());
  for (size_t i = 0; i < told.size(); ++i) {
    EXPECT_EQ(told[i].update, whole.points()[i].update);
    EXPECT_EQ(told[i].name, whole.points()[i].name);
    EXPECT_EQ(told[i].value, whole.points()[i].value);
  }
}

TEST(TrainerChild, TrainsUntilKilled) {
  const char* folder = std::getenv(kChildFolder);
  if (!folder) GTEST_SKIP() << "started by Trainer.SurvivesKill";
  Training run;
  run.stage = checkpointed_stage();
  run.method = FakeMethod(Accident::kill, kKilledAt);
  run.train(folder);
}

TEST(Trainer, SurvivesKill) {
  TemporaryFolder folder;
  const auto killed = folder.path() / "killed";
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    setenv(kChildFolder, killed.c_str(), 1);
    execl("/proc/self/exe", "trainer_child", "--gtest_filter=TrainerChild.*", "--gtest_brief=1", nullptr);
    _exit(127);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
  ASSERT_EQ(read_resume_state(killed)->totals.updates, 8);
  // What a process leaves that is killed while it writes.
  fs::create_directories(killed / ".pending-resume-0000000012");

  Training resumed, whole;
  resumed.stage = whole.stage = checkpointed_stage();
  ASSERT_TRUE(resumed.train(killed).complete);
  ASSERT_TRUE(whole.train(folder.path() / "whole").complete);
  expect_same_result(folder.path() / "whole", killed);
  EXPECT_FALSE(fs::exists(killed / ".pending-resume-0000000012"));
}

TEST(Trainer, LearnsAndCounts) {
  TemporaryFolder folder;
  Training run;
  run.stage = fake_stage(60);
  const auto outcome = run.train(folder.path());
  EXPECT_EQ(outcome.state.totals.updates, 60);
  EXPECT_EQ(outcome.state.totals.micro_iterations, 120);
  EXPECT_EQ(outcome.state.totals.images_seen, 120 * (4 + 2));
  EXPECT_EQ(run.method.seen["pictures"], 480);
  Curves curves(60);
  curves.restore(outcome.state.curves);
  std::vector<double> losses;
  for (const auto& point : curves.points()) {
    if (point.name == "loss") losses.push_back(point.value);
  }
  ASSERT_EQ(losses.size(), 60u);
  EXPECT_LT(losses.back(), 0.8 * losses.front());
  EXPECT_NE(run.progress_text.str().find("60/60 updates"), std::string::npos);
}

TEST(Trainer, FrozenMeansFrozen) {
  TemporaryFolder folder;
  Training run;
  run.stage.train.trained_groups = {"head"};
  const auto before = run.model.parameters()[0].value.clone();
  run.train(folder.path());
  for (auto& parameter : run.model.parameters()) {
    EXPECT_EQ(parameter.value.requires_grad(), parameter.group == "head") << parameter.name;
    EXPECT_FALSE(parameter.value.grad().defined()) << "gradients are dropped after each update";
  }
  EXPECT_TRUE(run.model.parameters()[0].value.equal(before));
}

TEST(Trainer, ReinitializesTheGroupsItIsTold) {
  TemporaryFolder folder, again, kept;
  const auto head_after = [](Training& run, const fs::path& path) {
    run.model.parameters()[1].value.mutable_data_ptr<float>()[0] = 1e6;  // what an earlier stage left
    run.stage.train.trained_groups = {"head"};
    run.train(path);
    return run.model.parameters()[1].value.detach().clone();
  };
  Training first, second, without;
  const auto body = first.model.parameters()[0].value.clone();
  const auto table = first.model.parameters()[2].value.clone();
  first.stage.train.reinitialized_groups = second.stage.train.reinitialized_groups = {"head"};
  const auto fresh = head_after(first, folder.path());
  EXPECT_LT(fresh.abs().max().item<float>(), 10);
  EXPECT_TRUE(fresh.equal(head_after(second, again.path())));
  EXPECT_GT(head_after(without, kept.path()).abs().max().item<float>(), 1e5);
  EXPECT_TRUE(first.model.parameters()[0].value.equal(body));
  EXPECT_TRUE(first.model.parameters()[2].value.equal(table));
}

TEST(Trainer, FlowCycleGivesEachMicroIterationItsFlows) {
  TemporaryFolder folder;
  Training run;
  run.stage = fake_stage(6);
  run.stage.train.flow_cycle = {{"pictures"}, {"pictures"}, {"replay"}};
  const auto outcome = run.train(folder.path());
  EXPECT_EQ(run.method.seen["pictures"], 8 * 4);
  EXPECT_EQ(run.method.seen["replay"], 4 * 2);
  EXPECT_EQ(outcome.state.positions.at("replay").cursor, 8);
}

TEST(Trainer, Bf16ModelLearnsThroughFp32Masters) {
  TemporaryFolder folder;
  Training run;
  run.stage.train.precision = "bf16";
  run.train(folder.path());
  EXPECT_EQ(run.model.parameters()[0].value.scalar_type(), at::kBFloat16);
  const auto saved = read_safetensors((folder.path() / "last/model.safetensors").string());
  ASSERT_EQ(saved[0].value.scalar_type(), at::kFloat);
  EXPECT_FALSE(saved[0].value.equal(saved[0].value.to(at::kBFloat16).to(at::kFloat))) << "masters are stored";
}

TEST(Trainer, NonFiniteLossNamesStageUpdateAndTerm) {
  TemporaryFolder folder;
  Training run;
  run.method = FakeMethod(Accident::not_a_number, 5);
  try {
    run.train(folder.path());
    FAIL() << "expected an Error";
  } catch (const Error& error) {
    const std::string message = error.what();
    EXPECT_NE(message.find("stage denoise, update 3: loss term \"pictures\" is"), std::string::npos)
        << message;
  }
}

TEST(Trainer, WrongGroupAndMissingFlowAreInputErrors) {
  TemporaryFolder folder;
  Training wrong_group;
  wrong_group.stage.train.trained_groups = {"haed"};
  EXPECT_THROW(wrong_group.train(folder.path()), InputError);
  Training missing_flow;
  missing_flow.datasets.erase("replay");
  EXPECT_THROW(missing_flow.train(folder.path()), InputError);
}

}  // namespace
}  // namespace umm::testing
