#include "evaluate/run_experiment.h"

#include <gmock/gmock.h>

#include <fstream>

#include "evaluate/rescore.h"
#include "results/store.h"
#include "tests/host/evaluate/fake_experiment.h"

namespace umm::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

results::Store open_results(const fs::path& output) {
  return results::Store::open_read_only((output / "results.sqlite").string());
}

std::string bytes(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

fs::path stage_model(const fs::path& output) {
  return output / "stages/aaaaaaaaaaaaaaaa/last/model.safetensors";
}

TEST(RunExperiment, TrainsEvaluatesStoresAndThenDoesNothing) {
  TemporaryFolder folder;
  const auto catalogue = fake_catalogue();
  const auto experiment = fake_experiment(catalogue, folder.path());
  const auto first = run_experiment(experiment, catalogue, "test");
  EXPECT_EQ(first.failed_runs, 0);
  EXPECT_EQ(first.trained_stages, 1);
  EXPECT_EQ(first.made_evaluations, 2);
  const auto evaluations = open_results(folder.path()).evaluations();
  ASSERT_EQ(evaluations.size(), 2u);
  EXPECT_EQ(evaluations[0].weights, "base");
  EXPECT_EQ(evaluations[1].weights, "last");
  EXPECT_EQ(evaluations[1].checkpoint_path, "stages/aaaaaaaaaaaaaaaa/last");

  FakeArchitecture::generate_calls = FakeEvaluator::collected = 0;
  const auto second = run_experiment(experiment, catalogue, "test");
  EXPECT_EQ(second.failed_runs + second.trained_stages + second.made_evaluations, 0);
  EXPECT_EQ(FakeArchitecture::generate_calls + FakeEvaluator::collected, 0);
}

TEST(RunExperiment, LostDatabaseIsFilledFromWhatIsOnDisk) {
  TemporaryFolder folder;
  const auto catalogue = fake_catalogue();
  const auto experiment = fake_experiment(catalogue, folder.path());
  run_experiment(experiment, catalogue, "test");
  fs::remove(folder.path() / "results.sqlite");
  FakeArchitecture::generate_calls = 0;
  const auto outcome = run_experiment(experiment, catalogue, "test");
  EXPECT_EQ(outcome.trained_stages, 0);
  EXPECT_EQ(outcome.made_evaluations, 2);
  EXPECT_EQ(FakeArchitecture::generate_calls, 0) << "only scored again";
  EXPECT_TRUE(open_results(folder.path()).stage_complete(std::string(64, 'a')));
}

TEST(RunExperiment, FailedRunIsRecordedAndTheNextStarts) {
  TemporaryFolder folder;
  const auto broken = fake_catalogue(Accident::failure, 10);
  auto experiment = fake_experiment(broken, folder.path());
  std::swap(experiment.runs[0], experiment.runs[1]);
  const auto outcome = run_experiment(experiment, broken, "test");
  EXPECT_EQ(outcome.failed_runs, 1);
  EXPECT_EQ(outcome.made_evaluations, 1);
  EXPECT_FALSE(open_results(folder.path()).stage_complete(std::string(64, 'a')));

  // The same call with a mended method goes on from the resume point, and forgets the failure.
  TemporaryFolder whole;
  const auto mended = fake_catalogue();
  EXPECT_EQ(run_experiment(experiment, mended, "test").failed_runs, 0);
  run_experiment(fake_experiment(mended, whole.path()), mended, "test");
  EXPECT_EQ(bytes(stage_model(folder.path())), bytes(stage_model(whole.path())));
  EXPECT_FALSE(bytes(stage_model(whole.path())).empty());
}

TEST(RunExperiment, StopLeavesEverythingResumable) {
  TemporaryFolder folder;
  const auto stopping = fake_catalogue(Accident::stop, 9);
  const auto experiment = fake_experiment(stopping, folder.path());
  const auto outcome = run_experiment(experiment, stopping, "test");
  request_stop(false);
  EXPECT_TRUE(outcome.interrupted);
  EXPECT_EQ(outcome.failed_runs, 0);
  const auto catalogue = fake_catalogue();
  const auto resumed = run_experiment(experiment, catalogue, "test");
  EXPECT_FALSE(resumed.interrupted);
  EXPECT_EQ(resumed.trained_stages, 1);
  EXPECT_EQ(resumed.made_evaluations, 1);
}

TEST(RunExperiment, EmaIsEvaluatedWhereAskedFor) {
  TemporaryFolder folder;
  const auto catalogue = fake_catalogue();
  auto experiment = fake_experiment(catalogue, folder.path());
  auto second = experiment.runs[1].evaluations[0];
  second.weights = "ema";
  experiment.runs[1].evaluations.push_back(second);
  EXPECT_EQ(run_experiment(experiment, catalogue, "test").failed_runs, 0);
  const auto evaluations = open_results(folder.path()).evaluations();
  ASSERT_EQ(evaluations.size(), 3u);
  EXPECT_EQ(evaluations[2].checkpoint_path, "stages/aaaaaaaaaaaaaaaa/ema");
  EXPECT_NE(evaluations[1].checkpoint_hash, evaluations[2].checkpoint_hash);

  TemporaryFolder without;
  experiment.output = without.path().string();
  experiment.runs[1].stages[0].train.ema_decay = 0;
  EXPECT_EQ(run_experiment(experiment, catalogue, "test").failed_runs, 1);
}

TEST(RunExperiment, SecondProgramIsKeptOut) {
  TemporaryFolder folder;
  const auto catalogue = fake_catalogue();
  const auto experiment = fake_experiment(catalogue, folder.path());
  const auto held = results::Store::open((folder.path() / "results.sqlite").string());
  try {
    run_experiment(experiment, catalogue, "test");
    FAIL() << "expected an error";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("process " + std::to_string(getpid())));
  }
}

TEST(Rescore, AgreesWithItselfAndFindsChanges) {
  TemporaryFolder folder;
  const auto catalogue = fake_catalogue();
  run_experiment(fake_experiment(catalogue, folder.path()), catalogue, "test");
  const auto agreed = rescore(open_results(folder.path()), catalogue);
  EXPECT_EQ(agreed.evaluations, 2);
  EXPECT_EQ(agreed.images, 18);
  EXPECT_TRUE(agreed.differences.empty());

  auto store = results::Store::open((folder.path() / "results.sqlite").string());
  auto forged = store.evaluations()[0];
  auto evidence = store.evidence(forged.identity);
  const auto items = store.items(forged.identity);
  auto scores = store.scores(forged.identity);
  forged.identity = std::string(64, '9');
  evidence[4].score += 0.5;
  scores[0].second += 0.25;
  store.put_evaluation(std::string(64, '1'), forged, items, evidence, scores, {});
  const auto report = rescore(store, catalogue);
  ASSERT_EQ(report.differences.size(), 2u);
  EXPECT_EQ(report.differences[0].what, "prompt 00001, picture 1");
  EXPECT_EQ(report.differences[1].what, "aggregate 0");
}

}  // namespace
}  // namespace umm::testing
