// The plugin: what a judge is sent, how often it is asked, and what becomes of its replies.
#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "../scripted_judge.h"
#include "images/encode.h"
#include "images/picture_file.h"
#include "images/resize.h"
#include "umm/error.h"
#include "umm/testing/linked_plugin.h"

namespace umm {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::linked_evaluator;
using testing::ScriptedJudge;

std::string record(const std::string& key, const std::string& language, bool intersection) {
  return nlohmann::json{{"key", key},
                        {"task_type", "subject-add"},
                        {"instruction", "add a dog"},
                        {"instruction_language", language},
                        {"input_image", "source.png"},
                        {"intersection_exist", intersection}}
      .dump();
}

Image gradient(int64_t width, int64_t height) {
  Image image = make_image(width, height);
  for (size_t i = 0; i < image.rgb.size(); ++i) image.rgb[i] = static_cast<uint8_t>(31 * i);
  return image;
}

const JudgeReply kGood{.text = R"({"score": [9, 4]})"}, kBad{.text = "{}"};

class GEditTest : public ::testing::Test {
 protected:
  GEditTest() {
    std::filesystem::create_directories(folder_);
    write_png(folder_ + "source.png", gradient(8, 5));
  }
  ~GEditTest() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<Evaluator> evaluator(std::map<std::string, OptionValue> values = {}) const {
    values.emplace("pictures", folder_);
    return linked_evaluator({record("k1", "en", true), record("k2", "en", false), record("k1", "cn", true)},
                            values);
  }

  ItemScore judged(const Evaluator& evaluator, ScriptedJudge& judge) const {
    const EvaluationItem item = evaluator.items()[0];
    return evaluator.score(item, evaluator.collect(item, picture_, {.judge = &judge}));
  }

  std::string folder_ = ::testing::TempDir() + "umm_gedit_" + std::to_string(getpid()) + "/";
  PictureFile picture_{.path = "edited.png", .image = gradient(16, 16)};
};

TEST_F(GEditTest, ItemsAreOfTheLanguageAndSubset) {
  const auto ids = [&](const std::map<std::string, OptionValue>& values) {
    std::vector<std::string> ids;
    for (const EvaluationItem& item : evaluator(values)->items()) ids.push_back(item.id);
    return ids;
  };
  EXPECT_THAT(ids({}), ElementsAre("k1", "k2"));
  EXPECT_THAT(ids({{"subset", "intersection"}}), ElementsAre("k1"));
  EXPECT_THAT(ids({{"language", "cn"}}), ElementsAre("k1"));
  const EvaluationItem item = evaluator({{"language", "cn"}})->items()[0];
  EXPECT_EQ(item.tag, "subject-add");
  EXPECT_EQ(item.source_picture, folder_ + "source.png");
  EXPECT_EQ(evaluator()->official_picture(item, 0, 1).stem, "fullset/subject-add/cn/k1");
  EXPECT_THROW(linked_evaluator({})->items(), InputError);
  EXPECT_THROW(linked_evaluator({"{"}), InputError);
}

TEST_F(GEditTest, TheJudgeSeesSourceAndEditedInTheSourcesSize) {
  ScriptedJudge judge({kGood});
  const auto scored = judged(*evaluator(), judge);
  EXPECT_EQ(scored.value, 4);
  ASSERT_EQ(judge.requests.size(), 2U);
  const auto& sc = judge.requests[0].parts;
  const auto& pq = judge.requests[1].parts;
  ASSERT_EQ(sc.size(), 3U);
  ASSERT_EQ(pq.size(), 2U);
  EXPECT_THAT(sc[0].text, HasSubstr("add a dog"));
  EXPECT_EQ(sc[1].media_type, "image/jpeg");
  const auto text = [](const std::vector<uint8_t>& bytes) { return std::string(bytes.begin(), bytes.end()); };
  EXPECT_EQ(sc[1].bytes, text(images::encode_jpeg(gradient(8, 5), 75)));
  const Image small = images::resized(picture_.image, 8, 5, images::Filter::bicubic);
  EXPECT_EQ(sc[2].bytes, text(images::encode_jpeg(small, 75)));
  EXPECT_EQ(pq[1].bytes, sc[2].bytes);

  ScriptedJudge other({kGood});
  judged(*evaluator({{"picture_format", "png"}}), other);
  EXPECT_EQ(other.requests[0].parts[1].media_type, "image/png");
  EXPECT_EQ(other.requests[0].parts[2].bytes, text(images::encode_png(small)));
}

TEST_F(GEditTest, TheSourceMayLieBesideTheEditedPicture) {
  picture_.path = folder_ + "k1.png";
  write_png(folder_ + "k1_SRCIMG.png", gradient(4, 6));
  ScriptedJudge beside({kGood}), named({kGood});
  EXPECT_EQ(judged(*evaluator({{"pictures", ""}, {"picture_format", "png"}}), beside).value, 4);
  const auto png = images::encode_png(gradient(4, 6));
  EXPECT_EQ(beside.requests[0].parts[1].bytes, std::string(png.begin(), png.end()));
  judged(*evaluator({{"picture_format", "png"}}), named);
  EXPECT_NE(named.requests[0].parts[1].bytes, beside.requests[0].parts[1].bytes)
      << "a folder that is named wins";
}

// Of several pictures of an item; and where each has a source of its own.
TEST_F(GEditTest, TheSourceIsTheItemsWhateverThePictureIsCalled) {
  const auto shown = [&] {
    ScriptedJudge judge({kGood});
    judged(*evaluator({{"pictures", ""}, {"picture_format", "png"}}), judge);
    return judge.requests.at(0).parts.at(1).bytes;
  };
  const auto png = [](const Image& image) {
    const auto bytes = images::encode_png(image);
    return std::string(bytes.begin(), bytes.end());
  };
  picture_.path = folder_ + "k1_0.png";
  write_png(folder_ + "k1_0_SRCIMG.png", gradient(3, 3));
  EXPECT_EQ(shown(), png(gradient(3, 3)));
  write_png(folder_ + "k1_SRCIMG.png", gradient(4, 6));
  EXPECT_EQ(shown(), png(gradient(4, 6)));
}

TEST_F(GEditTest, BothAreAskedAgainWhileAReplyIsNoUse) {
  ScriptedJudge judge({kGood, kBad, kGood});
  EXPECT_EQ(judged(*evaluator(), judge).value, 4);
  ASSERT_EQ(judge.requests.size(), 4U);
  EXPECT_EQ(judge.requests[3].attempt, 1);

  ScriptedJudge babbling({kBad});
  EXPECT_EQ(judged(*evaluator(), babbling).status, ScoreStatus::unparsable);
  EXPECT_EQ(babbling.requests.size(), 6U);
  ScriptedJudge once({kBad});
  judged(*evaluator({{"rounds", int64_t{1}}}), once);
  EXPECT_EQ(once.requests.size(), 2U);
}

TEST_F(GEditTest, WhatIsNoAnswerIsNoNumber) {
  ScriptedJudge refusing({{.status = ReplyStatus::refused, .text = "[9, 9]", .error = "filtered"}});
  const ItemScore refused = judged(*evaluator(), refusing);
  EXPECT_EQ(refused.status, ScoreStatus::refused);
  EXPECT_EQ(refused.value, 0);
  EXPECT_EQ(refused.reason, "SC: filtered; PQ: filtered");
  ScriptedJudge gone({{.status = ReplyStatus::failed, .error = "timed out"}});
  EXPECT_EQ(judged(*evaluator(), gone).status, ScoreStatus::failed);
  EXPECT_EQ(gone.requests.size(), 2U) << "the judge has tried often enough";
}

TEST_F(GEditTest, MistakesSayWhatIsMissing) {
  const auto problem = [&](const std::map<std::string, OptionValue>& values) -> std::string {
    ScriptedJudge judge({kGood});
    try {
      judged(*evaluator(values), judge);
    } catch (const InputError& error) {
      return error.what();
    }
    return "no InputError";
  };
  EXPECT_THAT(problem({{"pictures", ""}}),
              HasSubstr("k1_SRCIMG.png: expected the picture that item k1 edits, found no file"));
  EXPECT_THAT(problem({{"pictures", folder_ + "nowhere"}}),
              HasSubstr("nowhere/source.png: expected the picture"));
  EXPECT_THAT(problem({{"published", true}}), HasSubstr("expected judge_prompts to name the file"));
  EXPECT_THAT(problem({{"judge_prompts", folder_ + "none.json"}}),
              HasSubstr("none.json: expected the judge's prompts"));
  const std::string file = folder_ + "prompts.json";
  std::ofstream(file) << R"({"SC": "do <instruction>", "PQ": "look"})";
  EXPECT_EQ(problem({{"judge_prompts", file}}), "no InputError");
  EXPECT_THAT(problem({{"judge_prompts", file}, {"published", true}}),
              HasSubstr("expected the published text"));
}

}  // namespace
}  // namespace umm
