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
  resumed.seek(stream.position());
  EXPECT_EQ(captions(stream, 5), captions(resumed, 5));
}

// As a finite one, but some samples are broken.
class BrokenDataset : public FakeDataset {
 public:
  BrokenDataset(int64_t size, std::set<int64_t> broken) : FakeDataset(size), broken_(std::move(broken)) {}
  Sample sample(int64_t index) const override {
    if (broken_.contains(index))
      throw InputError("shard.tar: member " + std::to_string(index) + " is cut off");
    return FakeDataset::sample(index);
  }

 private:
  std::set<int64_t> broken_;
};

TEST(DataStream, PassesOverWhatCannotBeReadUpToItsLimit) {
  const FakeDataset whole(10);
  const BrokenDataset broken(10, {2, 7});
  DataStream sound(whole, 4, Rng(1)),
      stream(broken, 4, Rng(1), {"recon", /*max_unreadable=*/2, /*threads=*/3});
  std::vector<std::string> expected;
  for (const auto& caption : captions(sound, 15))
    if (caption != "2" && caption != "7") expected.push_back(caption);
  const auto found = captions(stream, 11);
  ASSERT_EQ(found.size(), 44u);
  EXPECT_TRUE(std::equal(found.begin(), found.end(), expected.begin())) << "the order of the others stays";
  EXPECT_EQ(stream.position().unreadable, (std::set<int64_t>{2, 7}));

  DataStream strict(broken, 4, Rng(1), {"recon", /*max_unreadable=*/1});
  try {
    captions(strict, 11);
    FAIL() << "three are one too many";
  } catch (const InputError& error) {
    const std::string text = error.what();
    EXPECT_NE(text.find("shard.tar: member "), std::string::npos) << text;
    EXPECT_NE(text.find("data.recon.max_unreadable"), std::string::npos) << text;
  }
}

TEST(DataStream, ItsPositionKnowsWhatCannotBeRead) {
  const BrokenDataset broken(6, {0, 1, 5});
  const SampleReading reading{"recon", 3, 2};
  DataStream stream(broken, 2, Rng(4), reading), resumed(broken, 2, Rng(4), reading);
  captions(stream, 4);
  resumed.seek(stream.position());
  EXPECT_EQ(captions(stream, 5), captions(resumed, 5));
  EXPECT_EQ(stream.position(), resumed.position());
}

TEST(DataStream, SaysWhenNothingCanBeRead) {
  const BrokenDataset broken(3, {0, 1, 2});
  DataStream stream(broken, 2, Rng(1), {"recon", 3});
  EXPECT_THROW(stream.next(), InputError);
}

TEST(DataStream, RefusesNothing) {
  const FakeDataset empty(0), dataset(3);
  EXPECT_THROW(DataStream(empty, 1, Rng(1)), InputError);
  EXPECT_THROW(DataStream(dataset, 0, Rng(1)), InputError);
}

}  // namespace
}  // namespace umm::testing
