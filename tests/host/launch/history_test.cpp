#include <gmock/gmock.h>

#include <fstream>

#include "evaluate/image_folder.h"
#include "launch/run_history.h"
#include "launch/status.h"
#include "process/claim.h"
#include "results/journal.h"
#include "results/run_folder.h"
#include "tests/host/train/fakes.h"

namespace umm::testing {
namespace {

namespace fs = std::filesystem;
using namespace results;
using ::testing::HasSubstr;

// One attempt of a run: frames in order.
class HistoryTest : public ::testing::Test {
 protected:
  JournalWriter& begin(int64_t number) {
    const fs::path attempt = attempt_folder(run_, number);
    fs::create_directories(attempt);
    journal_ = std::make_unique<JournalWriter>(journal_file(attempt));
    return *journal_;
  }
  template <typename FrameType>
  void add(const FrameType& frame) {
    journal_->write(FrameType::kType, to_payload(frame));
  }
  static CostRow cost(double seconds) {
    return {.phase = "train", .device_seconds = seconds, .device_name = "cpu"};
  }

  TemporaryFolder folder_;
  fs::path run_ = folder_.path() / "runs/1111111111111111";
  std::unique_ptr<JournalWriter> journal_;
};

TEST_F(HistoryTest, RunWithoutAttemptsIsQueued) {
  EXPECT_EQ(read_history(run_).state, RunState::queued);
}

TEST_F(HistoryTest, KilledProcessLosesWhatNoResumePointKept) {
  begin(1);
  add(StageBegin{"s", "cpu", 10});
  add(ResumePoint{"s", 3, 14});
  add(ProgressFrame{"train s", 5, 9, "updates", "", 7, 1});
  std::ofstream(exit_file(attempt_folder(run_, 1))) << "killed by signal 9, Killed";
  const auto history = read_history(run_);
  EXPECT_EQ(history.state, RunState::interrupted);
  EXPECT_EQ(history.error, "killed by signal 9, Killed");
  EXPECT_DOUBLE_EQ(history.lost_device_seconds, 3) << "10 + 7 seen, 14 kept";
  EXPECT_DOUBLE_EQ(history.device_seconds, 7);

  begin(2);
  add(StageBegin{"s", "cpu", 14});
  add(StageEnd{"s", {9, 9, 18}, {cost(20)}, {}});
  EXPECT_DOUBLE_EQ(read_history(run_).device_seconds, 7 + 6) << "14 of the 20 are the first process's";
}

TEST_F(HistoryTest, AStoppedProcessSaysWhatItWasStoppedAt) {
  begin(1);
  add(AttemptEnd{"stopped", "stopped by request: gave up waiting"});
  const auto history = read_history(run_);
  EXPECT_EQ(history.state, RunState::interrupted);
  EXPECT_EQ(history.error, "stopped by request: gave up waiting");
}

TEST_F(HistoryTest, ARunIsIncompleteUntilItsEvaluationHasAllAnswers) {
  EvaluationFrame made;
  made.evaluation.identity = std::string(64, 'e');
  made.evaluation.name = "wise";
  made.evidence.resize(3);
  made.evidence[1].status = "refused";
  made.evidence[2].status = "failed";
  made.evidence[2].reason = "timed out";
  begin(1);
  add(made);
  add(AttemptEnd{"complete", "", {made.evaluation.identity}});
  const auto history = read_history(run_);
  EXPECT_EQ(history.state, RunState::incomplete);
  EXPECT_EQ(history.error, "wise: 1 of 3 pictures have no answer (timed out)");
  const auto text = render({"s", "", {{"one", "1", history}}}, 200);
  EXPECT_THAT(text, HasSubstr("wise: 1 of 3 pictures have no answer"));
  EXPECT_THAT(text, HasSubstr("0 of 1 runs complete, 1 incomplete"));

  // Another run that shares the evaluation asked again.
  fs::create_directories(image_folder(folder_.path(), made.evaluation.identity));
  mark_evaluated(folder_.path(), made.evaluation.identity, attempt_folder(run_, 1));
  EXPECT_EQ(read_history(run_).state, RunState::complete);
}

TEST_F(HistoryTest, CostsOfAllAttemptsAddUp) {
  begin(1);
  add(StageBegin{"s", "cpu", 0});
  add(StageStop{"s", "failed", "boom", {cost(2)}});
  add(AttemptEnd{"failed", "boom 17"});
  EXPECT_EQ(read_history(run_).state, RunState::failed);
  EXPECT_EQ(read_history(run_).error, "boom 17");
  begin(2);
  add(StageBegin{"s", "cpu", 0});
  add(StageEnd{"s", {4, 2, 8}, {cost(5)}, {}});
  add(AttemptEnd{"complete", "", {"e"}});
  const auto history = read_history(run_);
  EXPECT_EQ(history.state, RunState::complete);
  EXPECT_EQ(history.num_attempts, 2);
  EXPECT_DOUBLE_EQ(history.device_seconds, 7);
  EXPECT_DOUBLE_EQ(history.lost_device_seconds, 2);
  EXPECT_EQ(history.evaluations, std::vector<std::string>{"e"});
}

// What resume points kept is part of the finished stage's cost by then.
TEST_F(HistoryTest, EvaluationUnderWayAddsToTheStageBeforeIt) {
  begin(1);
  const auto claim = Claim::try_make(run_);
  ASSERT_TRUE(claim);
  add(StageBegin{"s", "cpu", 0});
  add(ResumePoint{"s", 3, 5});
  add(StageEnd{"s", {4, 2, 8}, {cost(8)}, {}});
  add(ProgressFrame{"generate", 1, 9, "pictures", "", 1, 1});
  const auto history = read_history(run_);
  EXPECT_EQ(history.state, RunState::running);
  EXPECT_DOUBLE_EQ(history.device_seconds, 8 + 1);
}

TEST_F(HistoryTest, StatusGroupsFailures) {
  SweepStatus sweep{"s", "", {}};
  for (const auto& error : {"a 1", "a 2", "b"}) {
    RunHistory history;
    history.state = RunState::failed;
    history.error = error;
    sweep.runs.push_back({std::string("run of ") + error, error, history});
  }
  const auto groups = group_failures(sweep);
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0].identities, (std::vector<std::string>{"a 1", "a 2"}));
  const auto text = render(sweep, 200);
  EXPECT_THAT(text, HasSubstr("0 of 3 runs complete, 3 failed"));
  EXPECT_THAT(text, HasSubstr("[" + groups[1].signature + "] run of b failed: b"));
}

}  // namespace
}  // namespace umm::testing
