#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "../published_data.h"
#include "umm/error.h"
#include "umm/random.h"
#include "umm/testing/linked_plugin.h"

namespace umm {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::linked_evaluator;

const char* const kRedDog =
    R"({"tag": "colors", "prompt": "a red dog", "include": [{"class": "dog", "count": 1, "color": "red"}]})";
const char* const kTwoCats =
    R"({"tag": "counting", "prompt": "two cats", "include": [{"class": "cat", "count": 2}]})";

// Sees what the test puts there.
class FixedDetector : public ObjectDetector {
 public:
  std::string version() const override { return "fixed"; }
  std::vector<Detection> detect(const Image&) override { return objects; }
  std::vector<double> color_scores(const Image&, const Detection& object,
                                   const std::vector<std::string>& colors) override {
    asked.push_back(object.label);
    EXPECT_EQ(colors.size(), 10U);
    std::vector<double> scores(colors.size(), 0.0);
    scores[0] = 1;
    return scores;
  }

  std::vector<Detection> objects;
  std::vector<std::string> asked;
};

Detection object(const std::string& label, double score) {
  return {.label = label, .score = score, .x1 = 1, .y1 = 2, .x2 = 3, .y2 = 4, .mask = {}};
}

TEST(GenEval, GivesItemsInRecordOrder) {
  const auto items = linked_evaluator({kRedDog, kTwoCats})->items();
  ASSERT_EQ(items.size(), 2U);
  EXPECT_EQ(items[0].id, "00000");
  EXPECT_EQ(items[1].id, "00001");
  EXPECT_EQ(items[1].tag, "counting");
  EXPECT_EQ(items[1].prompt, "two cats");
  EXPECT_EQ(items[1].metadata, kTwoCats);
}

TEST(GenEval, NamesTheLineOfABadRecord) {
  try {
    linked_evaluator({kRedDog, "{"});
    FAIL() << "accepted a broken record";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("prompts.jsonl:2: expected one JSON object"));
  }
  EXPECT_THROW(linked_evaluator({})->items(), InputError);
}

const PictureFile kPicture{.path = "picture.png", .image = make_image(4, 4)};

TEST(GenEval, CollectsEverythingAndColorsOnlyWhereAsked) {
  FixedDetector detector;
  detector.objects = {object("dog", 0.01), object("cat", 0.5), object("dog", 0.9)};
  const auto evaluator = linked_evaluator({kRedDog});
  const EvaluationItem item = evaluator->items()[0];
  const auto evidence = nlohmann::json::parse(evaluator->collect(item, kPicture, {.detector = &detector}));
  ASSERT_EQ(evidence["detections"].size(), 3U);
  EXPECT_THAT(detector.asked, ElementsAre("dog", "dog"));
  EXPECT_EQ(evidence["detections"][0]["color_scores"].size(), 10U);
  EXPECT_FALSE(evidence["detections"][1].contains("color_scores"));
}

TEST(GenEval, RescoresStoredEvidenceUnderOtherThresholds) {
  FixedDetector detector;
  detector.objects = {object("dog", 0.2)};
  const auto strict = linked_evaluator({kRedDog});
  const EvaluationItem item = strict->items()[0];
  const std::string evidence = strict->collect(item, kPicture, {.detector = &detector});
  const ItemScore failed = strict->score(item, evidence);
  EXPECT_EQ(failed.value, 0);
  EXPECT_EQ(failed.reason, "wanted at least 1 dog, saw 0");

  // Evidence and item are enough: an evaluator without records scores as well.
  const ItemScore passed = linked_evaluator({}, {{"threshold", 0.1}})->score(item, evidence);
  EXPECT_EQ(passed.value, 1);
  EXPECT_EQ(passed.reason, "");
}

TEST(GenEval, OptionsReachTheRules) {
  const auto evaluator = linked_evaluator({kTwoCats}, {{"counting_threshold", 0.5}, {"max_overlap", 0.5}});
  FixedDetector detector;
  detector.objects = {object("cat", 0.6), object("cat", 0.6)};
  const EvaluationItem item = evaluator->items()[0];
  const std::string evidence = evaluator->collect(item, kPicture, {.detector = &detector});
  EXPECT_EQ(evaluator->score(item, evidence).value, 0);
  EXPECT_EQ(linked_evaluator({}, {{"counting_threshold", 0.5}})->score(item, evidence).value, 1);
  EXPECT_EQ(linked_evaluator({}, {{"counting_threshold", 0.5}, {"max_objects", int64_t{1}}})
                ->score(item, evidence)
                .value,
            0);
}

TEST(GenEval, ReadsAndScoresResultsOfTheReferencesScorer) {
  const auto result = [](const char* file, const char* record, const char* details, bool correct) {
    return nlohmann::json{{"filename", file},
                          {"correct", correct},
                          {"reason", correct ? "" : "its words"},
                          {"metadata", record},
                          {"details", details}}
               .dump() +
           "\n";
  };
  const std::string dogs = R"({"dog": [[1, 2, 3, 4, 0.5]]})";
  const std::string text = result("a/00000/samples/00000.png", kRedDog, dogs.c_str(), false) +
                           result("a/00001/samples/00000.png", kTwoCats, "{}", false);
  const auto evaluator = linked_evaluator({});
  const auto logs = evaluator->read_log(text, "results.jsonl");
  ASSERT_EQ(logs.size(), 1U);
  ASSERT_EQ(logs[0].items.size(), 2U);
  const auto reason = [&](const Evaluator& by, size_t i) {
    return by.score(logs[0].items[i], logs[0].evidence[i]).reason;
  };
  EXPECT_EQ(reason(*evaluator, 0), "published verdict: its words");
  EXPECT_EQ(reason(*evaluator, 1), "wanted at least 2 cat, saw 0");
  EXPECT_EQ(reason(*linked_evaluator({}, {{"threshold", 0.6}}), 0), "wanted at least 1 dog, saw 0");
  EXPECT_THROW(linked_evaluator({}, {{"published", "plain"}})->read_log(text, "results.jsonl"), InputError);
  EXPECT_THROW(linked_evaluator({}, {{"threshold", 0.6}})->read_log(text, "results.jsonl"), InputError);
}

TEST(GenEval, CanBeHeldToThePublishedPrompts) {
  for (const char* which : {"plain", "rewritten"}) {
    EXPECT_THROW(linked_evaluator({kRedDog}, {{"published", which}}), InputError);
    const std::string name =
        std::string("geneval/evaluation_metadata") + (which[0] == 'p' ? "" : "_long") + ".jsonl";
    const auto file = testing::published_file(name);
    UMM_SKIP_WITHOUT(file, name);
    std::vector<std::string> records;
    std::istringstream lines(*file);
    for (std::string line; std::getline(lines, line);) records.push_back(line);
    EXPECT_EQ(linked_evaluator(records, {{"published", which}})->items().size(), 553U);
    records.pop_back();
    EXPECT_THROW(linked_evaluator(records, {{"published", which}}), InputError);
  }
}

double named(const std::vector<NamedScore>& scores, const std::string& name) {
  for (const NamedScore& score : scores) {
    if (score.name == name) return score.value;
  }
  ADD_FAILURE() << "no aggregate " << name;
  return -1;
}

TEST(Aggregate, TagsWeighAlikeInOverall) {
  const EvaluationItem dog{.id = "0", .tag = "colors", .prompt = "", .metadata = ""};
  const EvaluationItem cat{.id = "1", .tag = "counting", .prompt = "", .metadata = ""};
  const EvaluationItem cow{.id = "2", .tag = "own_tag", .prompt = "", .metadata = ""};
  const auto scores = linked_evaluator({})->aggregate(
      {{&cow, 0, {1}}, {&dog, 0, {1}}, {&dog, 1, {0}}, {&dog, 2, {0}}, {&dog, 3, {0}}, {&cat, 0, {1}}});
  std::vector<std::string> names;
  for (const NamedScore& score : scores) names.push_back(score.name);
  EXPECT_THAT(names, ElementsAre("counting", "colors", "own_tag", "images_correct", "prompts_any_correct",
                                 "overall"));
  EXPECT_DOUBLE_EQ(named(scores, "colors"), 0.25);
  EXPECT_DOUBLE_EQ(named(scores, "images_correct"), 0.5);
  EXPECT_DOUBLE_EQ(named(scores, "prompts_any_correct"), 1);
  EXPECT_DOUBLE_EQ(named(scores, "overall"), 0.75);
}

TEST(Aggregate, HoldsItsDefinitionOnRandomScores) {
  const auto evaluator = linked_evaluator({});
  Rng rng(7);
  for (int round = 0; round < 50; ++round) {
    std::vector<EvaluationItem> items;
    for (int i = 0; i < 12; ++i) {
      items.push_back({std::to_string(i), "tag" + std::to_string(rng.integer(3)), "", ""});
    }
    std::vector<ScoredImage> images;
    std::map<std::string, std::pair<double, double>> sums;  // per tag: sum and number
    for (const EvaluationItem& item : items) {
      const int64_t num_images = 1 + rng.integer(4);
      for (int64_t index = 0; index < num_images; ++index) {
        const double value = rng.chance(0.4) ? 1 : 0;
        images.push_back({&item, index, {value}});
        sums[item.tag].first += value;
        sums[item.tag].second += 1;
      }
    }
    double overall = 0;
    const auto scores = evaluator->aggregate(images);
    for (const auto& [tag, sum] : sums) {
      EXPECT_DOUBLE_EQ(named(scores, tag), sum.first / sum.second);
      overall += sum.first / sum.second / static_cast<double>(sums.size());
    }
    EXPECT_NEAR(scores.back().value, overall, 1e-12);
    EXPECT_EQ(scores.back().name, "overall");
    std::reverse(images.begin(), images.end());
    EXPECT_NEAR(evaluator->aggregate(images).back().value, overall, 1e-12) << "order must not matter";
  }
}

TEST(Aggregate, WhatHasNoScoreIsLeftOutAndCounted) {
  const EvaluationItem dog{.id = "0", .tag = "colors"}, cat{.id = "1", .tag = "counting"};
  const ItemScore missing{.status = ScoreStatus::missing};
  const auto scores = linked_evaluator({})->aggregate(
      {{&dog, 0, missing}, {&dog, 1, {0}}, {&dog, 2, {1}}, {&cat, 0, missing}, {&cat, 1, missing}});
  std::vector<std::string> names;
  for (const NamedScore& score : scores) names.push_back(score.name);
  EXPECT_THAT(names, ElementsAre("colors", "images_correct", "prompts_any_correct", "overall"));
  EXPECT_EQ(named(scores, "colors"), 0.5);
  EXPECT_EQ(named(scores, "prompts_any_correct"), 1);
  EXPECT_EQ(scores[0].num_unscored, 1);
  for (size_t i = 1; i < scores.size(); ++i) {
    EXPECT_EQ(scores[i].num_images, 5) << names[i];
    EXPECT_EQ(scores[i].num_unscored, 3) << names[i];
  }
  EXPECT_THAT(linked_evaluator({})->aggregate({{&dog, 0, missing}}), ::testing::IsEmpty());
}

TEST(Aggregate, RefusesNothing) {
  EXPECT_THROW(linked_evaluator({})->aggregate({}), Error);
}

}  // namespace
}  // namespace umm
