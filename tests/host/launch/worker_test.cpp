#include "launch/worker.h"

#include <gmock/gmock.h>

#include <fstream>

#include "launch/attempt.h"
#include "launch/run_history.h"
#include "results/database.h"
#include "results/ingest.h"
#include "results/run_folder.h"
#include "results/store.h"
#include "tests/host/evaluate/fake_experiment.h"
#include "tests/host/launch/run_experiment.h"

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

TEST(Worker, TrainsEvaluatesStoresAndThenDoesNothing) {
  TemporaryFolder folder;
  const auto catalogue = fake_catalogue();
  const auto experiment = fake_experiment(catalogue, folder.path());
  const auto first = run_experiment(experiment, catalogue);
  EXPECT_EQ(first.failed_runs, 0);
  EXPECT_EQ(first.trained_stages, 1);
  EXPECT_EQ(first.made_evaluations, 2);
  const auto evaluations = open_results(folder.path()).evaluations();
  ASSERT_EQ(evaluations.size(), 2u);
  EXPECT_EQ(evaluations[0].weights, "base");
  EXPECT_EQ(evaluations[1].weights, "last");
  EXPECT_EQ(evaluations[1].checkpoint_path, "stages/aaaaaaaaaaaaaaaa/last");

  FakeArchitecture::generate_calls = FakeEvaluator::collected = 0;
  const auto second = run_experiment(experiment, catalogue);
  EXPECT_EQ(second.failed_runs + second.trained_stages + second.made_evaluations, 0);
  EXPECT_EQ(FakeArchitecture::generate_calls + FakeEvaluator::collected, 0);
}

TEST(Worker, ComparesTheFirstUpdateWithTheMemoryPlan) {
  TemporaryFolder folder;
  const auto catalogue = fake_catalogue();
  ::testing::internal::CaptureStderr();
  run_experiment(fake_experiment(catalogue, folder.path()), catalogue);
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr(" % of the plan"));
}

TEST(Worker, LostDatabaseIsMadeAgainFromJournals) {
  TemporaryFolder folder;
  const auto catalogue = fake_catalogue();
  const auto experiment = fake_experiment(catalogue, folder.path());
  run_experiment(experiment, catalogue);
  fs::remove(folder.path() / "results.sqlite");
  FakeArchitecture::generate_calls = FakeEvaluator::collected = 0;
  const auto outcome = run_experiment(experiment, catalogue);
  EXPECT_EQ(outcome.trained_stages + outcome.made_evaluations, 0);
  EXPECT_EQ(FakeArchitecture::generate_calls + FakeEvaluator::collected, 0);
  EXPECT_TRUE(open_results(folder.path()).stage_complete(std::string(64, 'a')));
  EXPECT_EQ(open_results(folder.path()).evaluations().size(), 2u);
}

TEST(Worker, LostJournalIsFilledFromWhatElseIsOnDisk) {
  TemporaryFolder folder;
  const auto catalogue = fake_catalogue();
  const auto experiment = fake_experiment(catalogue, folder.path());
  run_experiment(experiment, catalogue);
  fs::remove(folder.path() / "results.sqlite");
  fs::remove_all(folder.path() / "runs");
  FakeArchitecture::generate_calls = 0;
  const auto outcome = run_experiment(experiment, catalogue);
  EXPECT_EQ(outcome.trained_stages, 0);
  EXPECT_EQ(outcome.made_evaluations, 2);
  EXPECT_EQ(FakeArchitecture::generate_calls, 0) << "only scored again";
  EXPECT_TRUE(open_results(folder.path()).stage_complete(std::string(64, 'a')));
}

TEST(Worker, FailedRunIsRecordedAndTheNextStarts) {
  TemporaryFolder folder;
  const auto broken = fake_catalogue(Accident::failure, 10);
  auto experiment = fake_experiment(broken, folder.path());
  std::swap(experiment.runs[0], experiment.runs[1]);
  const auto outcome = run_experiment(experiment, broken);
  EXPECT_EQ(outcome.failed_runs, 1);
  EXPECT_EQ(outcome.made_evaluations, 1);
  EXPECT_FALSE(open_results(folder.path()).stage_complete(std::string(64, 'a')));
  {
    const auto store = open_results(folder.path());
    results::Statement curve(store.handle(),
                             "SELECT group_concat(at_update) FROM (SELECT * FROM curve JOIN attempt ON "
                             "attempt.id = attempt_id WHERE name = 'loss' AND status = 'failed' "
                             "ORDER BY at_update)");
    curve.step();
    EXPECT_EQ(curve.text(0), "1,2,3,4,5") << "written as they came";
  }

  // The same call with a mended method goes on from the resume point, and forgets the failure.
  TemporaryFolder whole;
  const auto mended = fake_catalogue();
  EXPECT_EQ(run_experiment(experiment, mended).failed_runs, 0);
  run_experiment(fake_experiment(mended, whole.path()), mended);
  EXPECT_EQ(bytes(stage_model(folder.path())), bytes(stage_model(whole.path())));
  EXPECT_FALSE(bytes(stage_model(whole.path())).empty());
}

TEST(Worker, StopLeavesEverythingResumable) {
  TemporaryFolder folder;
  const auto stopping = fake_catalogue(Accident::stop, 9);
  const auto experiment = fake_experiment(stopping, folder.path());
  const auto outcome = run_experiment(experiment, stopping);
  request_stop(false);
  EXPECT_TRUE(outcome.interrupted);
  EXPECT_EQ(outcome.failed_runs, 0);
  const auto catalogue = fake_catalogue();
  const auto resumed = run_experiment(experiment, catalogue);
  EXPECT_FALSE(resumed.interrupted);
  EXPECT_EQ(resumed.trained_stages, 1);
  EXPECT_EQ(resumed.made_evaluations, 1);
}

// umm/stop.h promises it to plugins.
TEST(Worker, APluginThatGivesUpAfterAStopIsStopped) {
  TemporaryFolder folder;
  const auto stopping = fake_catalogue(Accident::stop_within, 9);
  const auto experiment = fake_experiment(stopping, folder.path());
  const auto outcome = run_experiment(experiment, stopping);
  request_stop(false);
  EXPECT_TRUE(outcome.interrupted);
  EXPECT_EQ(outcome.failed_runs, 0);
  {
    const auto store = open_results(folder.path());
    results::Statement attempt(store.handle(), "SELECT status, error FROM attempt");
    ASSERT_TRUE(attempt.step());
    EXPECT_EQ(attempt.text(0), "interrupted");
    EXPECT_THAT(attempt.text(1), HasSubstr("stopped by request"));
  }
  EXPECT_EQ(run_experiment(experiment, fake_catalogue()).trained_stages, 1);
}

TEST(Worker, EmaIsEvaluatedWhereAskedFor) {
  TemporaryFolder folder;
  const auto catalogue = fake_catalogue();
  auto experiment = fake_experiment(catalogue, folder.path());
  auto second = experiment.runs[1].evaluations[0];
  second.weights = "ema";
  experiment.runs[1].evaluations.push_back(second);
  EXPECT_EQ(run_experiment(experiment, catalogue).failed_runs, 0);
  const auto evaluations = open_results(folder.path()).evaluations();
  ASSERT_EQ(evaluations.size(), 3u);
  EXPECT_EQ(evaluations[2].checkpoint_path, "stages/aaaaaaaaaaaaaaaa/ema");
  EXPECT_NE(evaluations[1].checkpoint_hash, evaluations[2].checkpoint_hash);

  TemporaryFolder without;
  experiment.output = without.path().string();
  experiment.runs[1].stages[0].train.ema_decay = 0;
  EXPECT_EQ(run_experiment(experiment, catalogue).failed_runs, 1);
}

TEST(Worker, TwoRunsShareAStageAndAnEvaluation) {
  TemporaryFolder folder;
  const auto catalogue = fake_catalogue();
  auto experiment = fake_experiment(catalogue, folder.path());
  auto twin = experiment.runs[1];
  twin.identity = std::string(64, '3');
  twin.name = "twin, seed 0";
  experiment.runs.push_back(twin);
  const auto outcome = run_experiment(experiment, catalogue);
  EXPECT_EQ(outcome.trained_stages, 1);
  EXPECT_EQ(outcome.made_evaluations, 2);
  EXPECT_EQ(open_results(folder.path()).evaluations().size(), 2u);
}

TEST(Worker, AnEvaluationWithoutAllAnswersIsMadeAgain) {
  TemporaryFolder folder;
  const auto catalogue = fake_catalogue();
  auto experiment = fake_experiment(catalogue, folder.path());
  experiment.runs.resize(1);
  FakeEvaluator::unreachable = 2;
  EXPECT_EQ(run_experiment(experiment, catalogue).failed_runs, 0);
  const auto unscored = [&] {
    const auto store = open_results(folder.path());
    const auto rows = store.evidence(store.evaluations().at(0).identity);
    return std::count_if(rows.begin(), rows.end(), [](const auto& row) { return row.status == "failed"; });
  };
  const auto history = [&] {
    return read_history(results::run_folder(folder.path(), experiment.runs[0].identity));
  };
  EXPECT_EQ(unscored(), 2);
  EXPECT_EQ(history().state, RunState::incomplete);
  FakeArchitecture::generate_calls = 0;
  EXPECT_EQ(run_experiment(experiment, catalogue).made_evaluations, 1);
  EXPECT_EQ(unscored(), 0);
  EXPECT_EQ(history().state, RunState::complete);
  EXPECT_EQ(FakeArchitecture::generate_calls, 0);
  EXPECT_EQ(run_experiment(experiment, catalogue).made_evaluations, 0);
}

// Another rule over the same pictures.
TEST(Worker, PicturesAreDrawnOnceForAllScorers) {
  TemporaryFolder folder;
  const auto catalogue = fake_catalogue();
  auto experiment = fake_experiment(catalogue, folder.path());
  run_experiment(experiment, catalogue);
  for (auto& run : experiment.runs) {
    run.identity[0] = 'e';
    auto& evaluation = run.evaluations[0];
    evaluation.evaluator.options =
        Options(catalogue.at(PluginKind::evaluator, "brightness").entry.options, {{"threshold", 10.0}});
    evaluation.protocol_hash = std::string(64, 'd');
  }
  FakeArchitecture::generate_calls = 0;
  const auto outcome = run_experiment(experiment, catalogue);
  EXPECT_EQ(outcome.made_evaluations, 2);
  EXPECT_EQ(FakeArchitecture::generate_calls, 0);

  // A picture that cannot be read is drawn again, and as it was.
  const auto pictures = folder.path() / "pictures";
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(pictures))
    if (entry.is_regular_file()) files.push_back(entry.path());
  ASSERT_EQ(files.size(), 18u);
  const std::string whole = bytes(files[0]);
  std::ofstream(files[0], std::ios::trunc) << "damaged";
  for (auto& run : experiment.runs) {
    run.identity[0] = 'f';
    run.evaluations[0].protocol_hash = std::string(64, 'b');
  }
  EXPECT_EQ(run_experiment(experiment, catalogue).made_evaluations, 2);
  EXPECT_EQ(FakeArchitecture::generate_calls, 1);
  EXPECT_TRUE(bytes(files[0]) == whole);
}

TEST(Worker, RunThatSomebodyWorksOnIsLeftToThem) {
  TemporaryFolder folder;
  const auto catalogue = fake_catalogue();
  const auto run = fake_experiment(catalogue, folder.path()).runs[0];
  const auto held = begin_attempt(results::run_folder(folder.path(), run.identity));
  ASSERT_TRUE(held);
  EXPECT_EQ(work_on(run, catalogue, {folder.path(), "test"}), kWorkerTaken);
  EXPECT_TRUE(attempt_is_alive(held->folder));
  EXPECT_EQ(results::attempt_folders(held->folder.parent_path()).size(), 1u);
}

TEST(Worker, InputThatChangedSinceSubmissionFailsTheRun) {
  TemporaryFolder folder;
  const auto catalogue = fake_catalogue();
  auto run = fake_experiment(catalogue, folder.path()).runs[0];
  const auto file = folder.path() / "prompts.jsonl";
  std::ofstream(file) << "one";
  run.inputs[file.string()] = std::string(64, '0');
  EXPECT_EQ(work_on(run, catalogue, {folder.path() / "out", "test"}), kWorkerFailed);
  EXPECT_THAT(read_history(results::run_folder(folder.path() / "out", run.identity)).error,
              HasSubstr("has changed since the run was submitted"));
}

}  // namespace
}  // namespace umm::testing
