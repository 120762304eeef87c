// The plugin: what a judge is sent, and what becomes of its replies.
#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "../published_data.h"
#include "../scripted_judge.h"
#include "images/encode.h"
#include "umm/error.h"
#include "umm/testing/linked_plugin.h"

namespace umm {
namespace {

using ::testing::HasSubstr;
using testing::linked_evaluator;
using testing::linked_plugin;
using testing::ScriptedJudge;
using Values = std::map<std::string, OptionValue>;

const char* const kBasic =
    R"({"10": {"id": "source.jpg", "prompt": "Add a cat.", "edit_type": "add"},
        "9": {"id": "a/b.jpg", "prompt": "Cut it.", "edit_type": "extract"}})";
const char* const kUge = R"({"1": {"id": "source.jpg", "prompt": "Add a cat."}})";

std::unique_ptr<Evaluator> evaluator(const Values& values = {}, const std::string& text = kBasic) {
  return linked_plugin().make_evaluator(Options(linked_plugin().options, values),
                                        {.source = "edits.json", .text = text});
}

std::string text(const std::vector<uint8_t>& bytes) {
  return {bytes.begin(), bytes.end()};
}

class ImgEditTest : public ::testing::Test {
 protected:
  ImgEditTest() {
    std::filesystem::create_directories(folder_);
    std::ofstream(folder_ + "source.jpg", std::ios::binary) << source_;
  }
  ~ImgEditTest() override { std::filesystem::remove_all(folder_); }

  ItemScore judged(const Values& values, ScriptedJudge& judge, const std::string& edits = kBasic) const {
    Values all = values;
    all.emplace("pictures", folder_);
    const auto made = evaluator(all, edits);
    const EvaluationItem item = made->items()[0];
    return made->score(item, made->collect(item, edited_, {.judge = &judge}));
  }

  std::string folder_ = ::testing::TempDir() + "umm_imgedit_" + std::to_string(getpid()) + "/";
  std::string source_ = text(images::encode_jpeg(make_image(6, 4)));
  PictureFile edited_{.path = "10.png", .bytes = text(images::encode_png(make_image(8, 8)))};
};

TEST_F(ImgEditTest, ReadsThePublishedFormAndLines) {
  const auto items = evaluator({{"pictures", "here"}})->items();
  ASSERT_EQ(items.size(), 2U);
  EXPECT_EQ(items[0].id, "10");
  EXPECT_EQ(items[0].tag, "add");
  EXPECT_EQ(items[0].prompt, "Add a cat.");
  EXPECT_EQ(items[0].source_picture, "here/source.jpg");
  EXPECT_EQ(evaluator()->official_picture(items[0], 0, 1).stem, "10");
  // What is stored of an item makes it again.
  const auto again = linked_evaluator({items[0].metadata, items[1].metadata})->items();
  EXPECT_EQ(again[1].id, "9");
  EXPECT_EQ(again[1].tag, "extract");
  EXPECT_EQ(again[1].source_picture, "a/b.jpg");
  EXPECT_THROW(linked_evaluator({"{"}), InputError);
  EXPECT_THROW(linked_evaluator({})->items(), InputError);
  EXPECT_THROW(evaluator({}, kUge), InputError);
}

TEST_F(ImgEditTest, TheJudgeSeesBothFilesAsTheyAre) {
  ScriptedJudge judge({{.text = "A: 5\nB: 4\nC: 4"}});
  EXPECT_EQ(judged({}, judge).value, 4.33);
  ASSERT_EQ(judge.requests.size(), 1U);
  const auto& parts = judge.requests[0].parts;
  ASSERT_EQ(parts.size(), 3U);
  EXPECT_THAT(parts[0].text, HasSubstr("Add a cat."));
  EXPECT_EQ(parts[1].bytes, source_);
  EXPECT_EQ(parts[1].media_type, "image/png") << "as upstream declares it";
  EXPECT_EQ(parts[2].bytes, edited_.bytes);
  ScriptedJudge other({{.text = "A: 5"}});
  judged({{"declare", "true"}}, other);
  EXPECT_EQ(other.requests[0].parts[1].media_type, "image/jpeg");
  EXPECT_EQ(other.requests[0].parts[2].media_type, "image/png");
}

TEST_F(ImgEditTest, OptionsReachTheRules) {
  ScriptedJudge judge({{.text = "**A:** 3\n**B:** 5\n**C:** 2"}}), one({{.text = "Right.\nScore: 4"}});
  EXPECT_EQ(judged({}, judge).status, ScoreStatus::unparsable);
  EXPECT_EQ(judge.requests.size(), 1U) << "the reference asks once";
  EXPECT_EQ(judged({{"parser", "strict3"}}, judge).value, 3.33);
  EXPECT_EQ(judged({{"parser", "strict3"}, {"combine", "min"}}, judge).value, 2);
  EXPECT_EQ(judged({{"parser", "strict3"}, {"cap", true}}, judge).value, 2.67);
  EXPECT_EQ(judged({{"suite", "uge"}}, one, kUge).value, 4);
  EXPECT_THROW(evaluator({{"cap", true}}), InputError);
  EXPECT_THROW(evaluator({{"suite", "uge"}, {"parser", "strict3"}}, kUge), InputError);
  ScriptedJudge babbling({{.text = "no"}});
  judged({{"rounds", int64_t{2}}}, babbling);
  EXPECT_EQ(babbling.requests.size(), 2U);
}

TEST_F(ImgEditTest, PublishedMeansThePublishedFiles) {
  const auto whole = testing::published_file("imgedit/basic_edit.json");
  UMM_SKIP_WITHOUT(whole, "imgedit/basic_edit.json");
  const Values values = {{"published", true},
                         {"judge_prompts", testing::published_path("imgedit/prompts.json").string()}};
  const auto published = evaluator(values, *whole);
  EXPECT_EQ(published->items().size(), 737U);
  EXPECT_THROW(evaluator(values, *whole + "\n"), InputError);
  EXPECT_THROW(evaluator({{"published", true}}, *whole), InputError);
  std::vector<std::string> lines;
  for (const EvaluationItem& item : published->items()) lines.push_back(item.metadata);
  EXPECT_EQ(linked_evaluator(lines, values)->items().size(), 737U);
  lines.pop_back();
  EXPECT_THROW(linked_evaluator(lines, values), InputError);
}

}  // namespace
}  // namespace umm
