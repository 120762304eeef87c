// The rules on evidence written by hand: they need no picture and no detector.
#include <gmock/gmock.h>

#include "umm/testing/linked_plugin.h"
#include "umm/umm.h"

namespace {

using namespace umm;
using ::testing::HasSubstr;
using umm::testing::linked_evaluator;

const std::string kRecord = R"({"tag": "counting", "prompt": "two rings and a circle",
  "include": [{"class": "ring", "count": 2}, {"class": "circle", "count": 1}]})";

ItemScore score_of(const std::string& detections, double threshold = 0.3) {
  const auto benchmark = linked_evaluator({kRecord}, {{"threshold", threshold}});
  return benchmark->score(benchmark->items().at(0), R"({"detections": [)" + detections + "]}");
}

TEST(MyBenchmark, GivesTheShareOfObjectsThatAreThere) {
  const std::string ring = R"({"label": "ring", "score": 0.9})",
                    circle = R"({"label": "circle", "score": 0.5})";
  EXPECT_EQ(score_of(ring + "," + ring + "," + circle).value, 1);
  EXPECT_EQ(score_of(ring + "," + ring + "," + circle).reason, "");
  EXPECT_DOUBLE_EQ(score_of(ring + "," + circle).value, 2.0 / 3);
  EXPECT_EQ(score_of(ring + "," + circle).reason, "expected 2 of ring, found 1");
  EXPECT_DOUBLE_EQ(score_of(ring + "," + ring + "," + ring).value, 2.0 / 3)
      << "a third ring replaces no circle";
  EXPECT_DOUBLE_EQ(score_of(ring + "," + circle, 0.5).value, 1.0 / 3)
      << "the score must exceed the threshold";
  EXPECT_EQ(score_of("").value, 0);
  EXPECT_THROW(score_of("7"), Error);
}

TEST(MyBenchmark, AveragesByTagAndOverAllPictures) {
  const EvaluationItem one{"0", "counting", "", ""}, two{"1", "colors", "", ""};
  const auto scores = linked_evaluator({})->aggregate({{&one, 0, 1.0}, {&one, 1, 0.0}, {&two, 0, 1.0}});
  ASSERT_EQ(scores.size(), 3U);
  EXPECT_EQ(scores[0].name, "colors");
  EXPECT_EQ(scores[0].value, 1);
  EXPECT_EQ(scores[1].value, 0.5);
  EXPECT_EQ(scores[2].name, "overall");
  EXPECT_DOUBLE_EQ(scores[2].value, 2.0 / 3);
}

TEST(MyBenchmark, NamesTheRecordThatItCannotRead) {
  const auto problem_of = [](const std::string& record) -> std::string {
    try {
      linked_evaluator({kRecord, record});
    } catch (const InputError& error) {
      return error.what();
    }
    return "(none)";
  };
  EXPECT_THAT(problem_of("{"), HasSubstr("prompts.jsonl:2: this is no record"));
  EXPECT_THAT(problem_of(R"({"tag": "a", "prompt": "b", "include": []})"), HasSubstr("prompts.jsonl:2"));
  EXPECT_THAT(problem_of(R"({"tag": "a", "prompt": "b", "include": [{"class": "ring", "count": 0}]})"),
              HasSubstr("to be positive, found 0"));
  EXPECT_THROW(linked_evaluator({})->items(), InputError);
}

}  // namespace
