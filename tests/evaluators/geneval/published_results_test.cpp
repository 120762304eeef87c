#include "geneval/published_results.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "../problem.h"

namespace umm::geneval {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Json = nlohmann::json;

const std::string kTwoCats = R"({"tag": "counting", "include": [{"class": "cat", "count": 2}], )"
                             R"("exclude": [{"class": "cat", "count": 3}], "prompt": "two cats"})";
const std::string kRedDog =
    R"({"tag": "colors", "include": [{"class": "dog", "count": 1, "color": "red"}], "prompt": "a red dog"})";

// A line as pandas writes it: metadata and details are texts of JSON.
Json line(const std::string& file, const std::string& metadata, const Json& details, bool correct,
          const std::string& reason = "") {
  const Json record = Json::parse(metadata);
  return {{"filename", file}, {"tag", record["tag"]}, {"prompt", record["prompt"]}, {"correct", correct},
          {"reason", reason}, {"metadata", metadata}, {"details", details.dump()}};
}

const Json kCat = {1.0, 2.0, 3.0, 4.0, 0.95}, kDog = {1.0, 2.0, 30.0, 40.0, 0.5};

std::string text(const std::vector<Json>& lines) {
  std::string text;
  for (const Json& one : lines) text += one.dump() + "\n";
  return text;
}

const std::vector<Json> kLines = {
    line("out/00001/samples/00001.png", kRedDog, {{"dog", {kDog}}}, false,
         "expected red dog>=1, found 0 red; and 1 blue"),
    line("out/00000/samples/00000.png", kTwoCats, {{"cat", {kCat, kCat}}}, true),
    line("out/00001/samples/00000.png", kRedDog, {{"dog", {kDog}}}, true),
    line("out/00000/samples/00001.png", kTwoCats, {{"cat", {kCat}}, {"dog", {kCat}}}, false,
         "expected cat>=2, found 1")};

EvidenceLog read(const std::vector<Json>& lines, std::optional<Published> published = {}) {
  return read_results(text(lines), "r.jsonl", {}, published);
}

Verdict verdict(const EvidenceLog& log, size_t i, const Thresholds& thresholds = {}) {
  return judge(parse_record(log.items[i].metadata, "item"), parse_evidence(log.evidence[i]),
               published_verdict(log.evidence[i]).value(), thresholds);
}

TEST(PublishedResults, AreScoredFromDetectionsAndWhereAColorIsAskedFromTheVerdict) {
  const EvidenceLog log = read(kLines);
  EXPECT_EQ(log.label, "");
  std::vector<std::string> ids, reasons;
  std::vector<bool> correct;
  for (size_t i = 0; i < log.items.size(); ++i) {
    ids.push_back(log.items[i].id);
    const Verdict found = verdict(log, i);
    correct.push_back(found.correct);
    reasons.push_back(found.reasons.empty() ? "" : found.reasons.at(0));
  }
  EXPECT_THAT(ids, ElementsAre("00000", "00000", "00001", "00001"));
  EXPECT_THAT(correct, ElementsAre(true, false, true, false));
  EXPECT_THAT(reasons, ElementsAre("", "wanted at least 2 cat, saw 1", "",
                                   "published verdict: expected red dog>=1, found 0 red; and 1 blue"));
  EXPECT_EQ(log.items[2].metadata, kRedDog);
  EXPECT_EQ(log.items[2].tag, "colors");
  // A higher threshold finds less, whatever the verdict was.
  EXPECT_THAT(verdict(log, 2, {.score = 0.6F}).reasons, ElementsAre("wanted at least 1 dog, saw 0"));
}

std::string problem(Json changed, const std::string& key, const Json& value) {
  changed[key] = value;
  return testing::problem([&] { read({kLines[0], changed}); });
}

TEST(PublishedResults, NameTheLineOfWhatIsWrong) {
  EXPECT_THAT(
      problem(kLines[3], "correct", true),
      HasSubstr("r.jsonl:2: expected the verdict that its details give, wanted at least 2 cat, saw 1; "
                "found \"correct\": true"));
  EXPECT_THAT(problem(kLines[1], "correct", false), HasSubstr("its details give, correct; found"));
  EXPECT_THAT(problem(kLines[2], "details", "{}"), HasSubstr("wanted at least 1 dog, saw 0"))
      << "no dog, no red";
  EXPECT_THAT(problem(kLines[2], "details", R"({"dog": [[1, 2, 3, 4, 0.3]]})"),
              HasSubstr("r.jsonl:2: details: holds a dog with the score 0.3, which the threshold 0.3"));
  EXPECT_THAT(problem(kLines[2], "details", R"({"dog": [[1, 2, 3, 0.5]]})"), HasSubstr("expected a box [x1"));
  EXPECT_THAT(
      problem(kLines[2], "details", R"({"dog": [[1, 2, 3, 4, 1e39]]})"),
      HasSubstr("r.jsonl:2: details: expected a box [x1, y1, x2, y2, score] of dog, found [1,2,3,4,1e+39]"));
  EXPECT_THAT(problem(kLines[2], "details", "[]"), HasSubstr("details: expected an object of classes"));
  EXPECT_THAT(problem(kLines[2], "details", "{"), HasSubstr("r.jsonl:2: details: expected one JSON object"));
  EXPECT_THAT(problem(kLines[2], "metadata", "{}"), HasSubstr("r.jsonl:2: metadata: expected a \"tag\""));
  EXPECT_THAT(problem(kLines[2], "metadata", kTwoCats), HasSubstr("r.jsonl:2: "));
  EXPECT_THAT(problem(kLines[2], "correct", 1), HasSubstr("\"correct\" to be true or false"));
  for (const char* file : {"dog.png", "out/100000/samples/00000.png"})
    EXPECT_THAT(problem(kLines[2], "filename", file), HasSubstr(".../00017/samples/00000.png, found"));
  EXPECT_THAT(problem(kLines[0], "reason", ""), HasSubstr("r.jsonl:2: the picture 1 of prompt 00001 is there "
                                                          "twice, first in r.jsonl:1"));
  Json green = Json::parse(kRedDog);
  green["include"][0]["color"] = "green";
  EXPECT_THAT(problem(kLines[2], "metadata", green.dump()),
              HasSubstr("expected the record of prompt 00001 to be that of r.jsonl:2, found another"));
  EXPECT_THAT(testing::problem([] { read({}); }),
              HasSubstr("r.jsonl: expected results of GenEval's evaluate_images.py"));
}

// One process's part of several, or pictures that were never made.
TEST(PublishedResults, PromptsBetweenOthersAreMissed) {
  const EvidenceLog log =
      read({line("out/00004/samples/00000.png", kRedDog, {{"dog", {kDog}}}, true),
            line("out/00001/samples/00000.png", kTwoCats, {{"cat", {kCat, kCat}}}, true)});
  ASSERT_EQ(log.items.size(), 5u);
  EXPECT_FALSE(log.items_are_checked);
  for (size_t prompt = 0; prompt < 5; ++prompt) {
    const bool there = prompt == 1 || prompt == 4;
    EXPECT_EQ(log.items[prompt].id, id_of_line(prompt));
    EXPECT_EQ(log.items[prompt].metadata == kNoRecord, !there) << prompt;
    EXPECT_EQ(log.evidence[prompt].empty(), !there) << prompt;
  }
}

TEST(PublishedResults, CanBeHeldToThePublishedPrompts) {
  const auto told = [](const std::vector<Json>& lines) {
    return testing::problem([&] { read(lines, Published::plain); });
  };
  EXPECT_THAT(told(kLines), HasSubstr("r.jsonl: expected GenEval's 553 prompts as published, found 2"));
  EXPECT_THAT(told({kLines[0]}),
              HasSubstr("expected the pictures of every published prompt, found none of 00000"));
}

TEST(PublishedVerdict, IsOnlyInPublishedEvidence) {
  EXPECT_FALSE(published_verdict(evidence_text({})));
  EXPECT_FALSE(published_verdict(R"({"detections": [] })"));
  const auto verdict = published_verdict(R"({"detections":[],"verdict":{"correct":false,"reason":"r"}})");
  ASSERT_TRUE(verdict);
  EXPECT_FALSE(verdict->correct);
  EXPECT_EQ(verdict->reason, "r");
  EXPECT_THROW(published_verdict(R"({"detections":[],"verdict":{"correct":1}})"), Error);
}

}  // namespace
}  // namespace umm::geneval
