#include "evaluate/collect.h"

#include <gmock/gmock.h>

#include <atomic>
#include <fstream>
#include <nlohmann/json.hpp>

#include "images/encode.h"
#include "tests/host/train/fakes.h"
#include "umm/error.h"

namespace umm::testing {
namespace {

using ::testing::HasSubstr;

// Replies with the first part of what it is asked, and has two tokens in and three out.
class EchoJudge : public Judge {
 public:
  std::string version() const override { return "echo"; }
  int64_t max_parallel() const override { return 4; }
  JudgeReply ask(const JudgeRequest& request) override {
    UMM_CHECK_INPUT(!gone, "the server is gone");
    return {.text = request.parts.at(0).text, .tokens_in = 2, .tokens_out = 3};
  }

  bool gone = false;
};

// Asks twice about each picture; one that is as wide as `refused_width` is an error.
class AskingEvaluator : public Evaluator {
 public:
  std::string version() const override { return "1"; }
  std::vector<EvaluationItem> items() const override { return {}; }
  std::string collect(const EvaluationItem& item, const PictureFile& picture,
                      const EvidenceProviders& providers) const override {
    UMM_CHECK(picture.image.width != refused_width, "too wide: ", item.id);
    providers.judge->ask({.parts = {{.text = "first"}}});
    const JudgeReply reply = providers.judge->ask({.parts = {{.text = item.id}}});
    return nlohmann::json{{"reply", reply.text}, {"bytes", picture.bytes.size()}}.dump();
  }
  ItemScore score(const EvaluationItem&, const std::string&) const override { return {}; }
  std::vector<NamedScore> aggregate(const std::vector<ScoredImage>&) const override { return {}; }

  int64_t refused_width = -1;
};

class CollectTest : public ::testing::Test {
 protected:
  CollectTest() {
    auto evaluator = std::make_unique<AskingEvaluator>();
    evaluator_ = evaluator.get();
    benchmark_.name = "evaluator `asking`";
    benchmark_.evaluator = std::move(evaluator);
    auto judge = std::make_unique<EchoJudge>();
    judge_ = judge.get();
    benchmark_.judge = std::move(judge);
    for (int64_t i = 0; i < 9; ++i) {
      benchmark_.items.push_back({.id = "item" + std::to_string(i)});
      const auto file = folder_.path() / (std::to_string(i) + ".png");
      write_png(file.string(), make_image(8 + 2 * i, 8));
      pictures_.push_back({.item = static_cast<size_t>(i), .file = file, .stored_path = file.string()});
    }
  }

  std::optional<Collected> collect(Unreadable unreadable = Unreadable::stop) {
    Progress progress("test", 9, "pictures");
    return collect_evidence(benchmark_, pictures_, progress, unreadable);
  }

  TemporaryFolder folder_;
  Benchmark benchmark_;
  AskingEvaluator* evaluator_ = nullptr;
  EchoJudge* judge_ = nullptr;
  std::vector<SubmittedPicture> pictures_;
};

TEST_F(CollectTest, KeepsTheOrderAndCountsWhatJudgesAreAsked) {
  const auto collected = collect();
  ASSERT_TRUE(collected);
  ASSERT_EQ(collected->evidence.size(), 9u);
  for (size_t i = 0; i < 9; ++i) {
    const auto seen = nlohmann::json::parse(collected->evidence[i].evidence_json);
    EXPECT_EQ(seen["reply"], "item" + std::to_string(i));
    EXPECT_EQ(seen["bytes"], std::filesystem::file_size(pictures_[i].file));
  }
  results::CostRow cost;
  collected->add_to(cost);
  EXPECT_EQ(cost.judge_calls, 18);
  EXPECT_EQ(cost.judge_tokens_in, 36);
  EXPECT_EQ(cost.judge_tokens_out, 54);
}

TEST_F(CollectTest, TheFirstFailingPictureIsTold) {
  evaluator_->refused_width = 8;
  try {
    collect();
    FAIL() << "a failing picture passed";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("too wide: item0"));
  }
}

TEST_F(CollectTest, UnreadablePicturesArePassedOverWhereThatIsAsked) {
  std::ofstream(pictures_[4].file) << "no picture";
  EXPECT_THROW(collect(), InputError);
  const auto collected = collect(Unreadable::pass_over);
  ASSERT_TRUE(collected);
  EXPECT_EQ(collected->evidence.size(), 8u);
  ASSERT_EQ(collected->unreadable.size(), 1u);
  EXPECT_EQ(collected->unreadable[0].path, pictures_[4].file.string());
}

TEST_F(CollectTest, SoAreThoseThatCannotBeLookedAtUnlessTheJudgeGaveUp) {
  evaluator_->refused_width = 10;
  const auto collected = collect(Unreadable::pass_over);
  ASSERT_TRUE(collected);
  EXPECT_EQ(collected->evidence.size(), 8u);
  EXPECT_EQ(collected->judge_calls, 16);
  ASSERT_EQ(collected->unreadable.size(), 1u);
  EXPECT_EQ(collected->unreadable[0].path, pictures_[1].file.string());
  EXPECT_THAT(collected->unreadable[0].reason, HasSubstr("too wide: item1"));
  judge_->gone = true;
  EXPECT_THROW(collect(Unreadable::pass_over), InputError) << "all others would fail, too";
}

// As Pillow's exif_transpose, which reference scorers call: an orientation of 6 lies on its side.
TEST_F(CollectTest, PicturesAreTurnedUpright) {
  const auto jpeg = images::encode_jpeg(make_image(16, 8));
  constexpr std::string_view kExif{
      "\xFF\xE1\x00\x22"
      "Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0",
      36};
  std::string bytes(jpeg.begin(), jpeg.end());
  std::ofstream(pictures_[0].file, std::ios::binary) << bytes.insert(2, kExif);
  pictures_.resize(1);
  evaluator_->refused_width = 16;
  EXPECT_TRUE(collect());
  evaluator_->refused_width = 8;
  EXPECT_THROW(collect(), Error);
}

TEST_F(CollectTest, CellsOfAGridAreCut) {
  for (int64_t cell = 0; cell < 4; ++cell) {
    pictures_[static_cast<size_t>(cell)].file = pictures_[0].file;
    pictures_[static_cast<size_t>(cell)].grid = 2;
    pictures_[static_cast<size_t>(cell)].cell = cell;
  }
  evaluator_->refused_width = 4;  // a quarter of 8 x 8
  EXPECT_THROW(collect(), Error);
  evaluator_->refused_width = 8;  // the whole
  EXPECT_TRUE(collect());
  write_png(pictures_[0].file.string(), make_image(9, 8));
  try {
    collect();
    FAIL() << "9 pixels were halved";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("found 9 x 8 pixels, which do not divide"));
  }
  const auto collected = collect(Unreadable::pass_over);
  ASSERT_TRUE(collected);
  EXPECT_EQ(collected->evidence.size(), 5u);
  EXPECT_EQ(collected->unreadable.size(), 1u) << "a file is told once";
}

}  // namespace
}  // namespace umm::testing
