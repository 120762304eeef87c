#include "train/data_stream.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/host/train/fakes.h"

namespace umm::testing {
namespace {

std::vector<std::string> captions(DataStream& stream, int64_t batches) {
  std::vector<std::string> all;
  for (int64_t i = 0; i < batches; ++i) {
    for (const auto& caption : stream.next().captions) all.push_back(caption);
  }
  return all;
}

TEST(DataStream, FiniteDatasetComesInASeededOrderEachEpoch) {
  const FakeDataset dataset(10);
  DataStream stream(dataset, 5, Rng(1));
  const auto first = captions(stream, 2), second = captions(stream, 2);
  EXPECT_EQ(std::set<std::string>(first.begin(), first.end()).size(), 10u);
  EXPECT_EQ(std::set<std::string>(second.begin(), second.end()).size(), 10u);
  EXPECT_NE(first, second);
  DataStream again(dataset, 5, Rng(1)), other(dataset, 5, Rng(2));
  EXPECT_EQ(captions(again, 2), first);
  EXPECT_NE(captions(other, 2), first);
}

TEST(DataStream, InfiniteDatasetComesInItsOwnOrderFromASeededStart) {
  const FakeDataset dataset;
  DataStream stream(dataset, 2, Rng(1)), again(dataset, 2, Rng(1)), other(dataset, 2, Rng(2));
  const auto found = captions(stream, 2);
  const int64_t start = std::stoll(found[0]);
  for (int64_t i = 0; i < 4; ++i) EXPECT_EQ(found[i], std::to_string(start + i));
  EXPECT_EQ(captions(again, 2), found);
  EXPECT_NE(captions(other, 2), found);
}

TEST(DataStream, CursorIsTheWholeState) {
  const FakeDataset dataset(7);
  DataStream stream(dataset, 3, Rng(1)), resumed(dataset, 3, Rng(1));
  captions(stream, 4);  // into the second epoch
  resumed.seek(stream.cursor());
  EXPECT_EQ(captions(stream, 5), captions(resumed, 5));
}

TEST(DataStream, RefusesNothing) {
  const FakeDataset empty(0), dataset(3);
  EXPECT_THROW(DataStream(empty, 1, Rng(1)), InputError);
  EXPECT_THROW(DataStream(dataset, 0, Rng(1)), InputError);
}

}  // namespace
}  // namespace umm::testing
