#include "train/micro_batches.h"

#include <gmock/gmock.h>

#include "tests/host/train/fakes.h"

namespace umm::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

class MicroBatchesTest : public ::testing::TestWithParam<bool> {
 protected:
  MicroBatchesTest() { stage_.train.flow_cycle = {{"pictures"}, {"pictures", "replay"}}; }

  MicroBatches make(bool ahead) const { return {method_, stage_, datasets_, Rng(3), ahead}; }

  StageConfig stage_ = fake_stage();
  const FakeMethod method_;
  const Datasets datasets_ = fake_datasets();
};

std::vector<std::string> captions(const std::map<std::string, Batch>& batches) {
  std::vector<std::string> all;
  for (const auto& [flow, batch] : batches)
    for (const auto& caption : batch.captions) all.push_back(flow + " " + caption);
  return all;
}

TEST_P(MicroBatchesTest, DrawingAheadChangesNothing) {
  MicroBatches inline_ones = make(false), others = make(GetParam());
  for (int64_t i = 0; i < 7; ++i) {
    const auto expected = inline_ones.next(i, at::kCPU), found = others.next(i, at::kCPU);
    EXPECT_EQ(captions(found), captions(expected)) << i;
    EXPECT_EQ(others.positions(), inline_ones.positions()) << i;
    EXPECT_EQ(images_in(found), i % 2 == 0 ? 4 : 6);
  }
  EXPECT_THAT(others.positions(),
              ElementsAre(Pair("pictures", StreamPosition{28}), Pair("replay", StreamPosition{6})));
}

TEST_P(MicroBatchesTest, GoesOnFromItsCursors) {
  MicroBatches whole = make(GetParam()), first = make(GetParam()), second = make(GetParam());
  for (int64_t i = 0; i < 3; ++i) {
    whole.next(i, at::kCPU);
    first.next(i, at::kCPU);
  }
  second.next(0, at::kCPU);
  second.seek(first.positions());
  EXPECT_EQ(captions(second.next(3, at::kCPU)), captions(whole.next(3, at::kCPU)));
  EXPECT_EQ(second.positions(), whole.positions());
}

INSTANTIATE_TEST_SUITE_P(Ahead, MicroBatchesTest, ::testing::Bool());

TEST(MicroBatches, FlowsComeRoundAgain) {
  TrainConfig config;
  EXPECT_EQ(turns(config), 1);
  config.flow_cycle = {{"a"}, {"b"}, {"a", "b"}};
  EXPECT_EQ(turns(config), 3);
}

}  // namespace
}  // namespace umm::testing
