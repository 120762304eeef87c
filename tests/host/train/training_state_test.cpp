#include "train/training_state.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/host/train/fakes.h"

namespace umm::testing {
namespace {

TEST(Curves, KeepsAtMost200MeansPerName) {
  Curves curves(1001);
  for (int64_t update = 1; update <= 1001; ++update) {
    curves.add("loss", static_cast<double>(update));
    curves.end_update(update);
  }
  const auto& points = curves.points();
  ASSERT_LE(points.size(), 200u);
  EXPECT_EQ(points[0].update, 6);
  EXPECT_DOUBLE_EQ(points[0].value, 3.5);
  EXPECT_EQ(points.back().update, 1001) << "the last update is always there";
}

TEST(Curves, RestoresInTheMiddleOfAnInterval) {
  Curves whole(400), first(400), second(400);
  for (int64_t update = 1; update <= 400; ++update) {
    Curves& half = update <= 101 ? first : second;
    if (update == 102) second.restore(first.to_json());
    for (Curves* curves : {&whole, &half}) {
      curves->add("loss", 1.0 / static_cast<double>(update));
      curves->end_update(update);
    }
  }
  EXPECT_EQ(whole.to_json(), second.to_json());
}

TEST(TrainingState, NewestResumePointCounts) {
  TemporaryFolder folder;
  TrainConfig config;
  FakeArchitecture model;
  Optimizer optimizer({model.parameters()[0]}, config);
  EXPECT_FALSE(read_resume_state(folder.path()));
  TrainingState state;
  state.curves = Curves(10).to_json();
  state.device = "cpu";
  for (const int64_t updates : {9, 10}) {
    state.totals.updates = updates;
    state.positions["a"] = {updates * 2, {3, 5}};
    state.seconds = 0.5;
    state.work = Work{1.5e15, 7};
    save_resume_point(folder.path(), state, optimizer);
  }
  const auto saved = read_resume_state(folder.path());
  ASSERT_TRUE(saved);
  EXPECT_EQ(saved->totals.updates, 10);
  EXPECT_EQ(saved->positions.at("a"), (StreamPosition{20, {3, 5}}));
  EXPECT_DOUBLE_EQ(saved->seconds, 0.5);
  ASSERT_TRUE(saved->work);
  EXPECT_EQ(saved->work->flops, 1.5e15);
  EXPECT_EQ(saved->work->tokens, 7);
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "resume-0000000009"));
  std::ofstream(folder.path() / "resume-0000000010/state.json") << "{";
  EXPECT_THROW(read_resume_state(folder.path()), InputError);
  remove_resume_points(folder.path());
  EXPECT_FALSE(read_resume_state(folder.path()));
}

TEST(TrainingState, WorkThatWasNotRecordedIsUnknown) {
  TrainingState state;
  state.curves = Curves(10).to_json();
  state.work.reset();
  EXPECT_FALSE(training_state_from_json(to_json(state)).work);
}

}  // namespace
}  // namespace umm::testing
