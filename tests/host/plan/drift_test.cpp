#include "plan/drift.h"

#include <gmock/gmock.h>

#include "tests/results/small_database.h"

namespace umm {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(Drift, ProtocolTextsAreComparedKeyByKey) {
  EXPECT_EQ(protocol_difference(R"({"images_per_prompt": 12, "options": {"threshold": 0.3}, "seed": 1})",
                                R"({"images_per_prompt": 4, "options": {"threshold": 0.5}, "seed": 1})"),
            "images_per_prompt 12 -> 4, options/threshold 0.3 -> 0.5");
  EXPECT_EQ(protocol_difference(R"({"a": 1})", R"({"b": "x"})"), "a 1 -> (absent), b (absent) -> \"x\"");
  EXPECT_EQ(protocol_difference(R"({"a": 1})", R"({"a": 1})"), "");
  EXPECT_EQ(protocol_difference("no JSON", R"({})"), "");
}

TEST(Drift, OnlyTheSweepsOwnScoresUnderAnotherProtocolWarn) {
  const results::TemporaryFolder folder;
  const auto store = results::open_small_database(folder);
  Experiment experiment;
  experiment.name = "small";
  experiment.runs.resize(1);
  experiment.runs[0].evaluations.resize(1);
  auto& evaluation = experiment.runs[0].evaluations[0];
  evaluation.name = "geneval";
  evaluation.protocol_hash = "another";
  EXPECT_THAT(protocol_warnings(store, experiment),
              ElementsAre(HasSubstr("warning[S210]: geneval: 5 stored evaluations of this sweep")));
  evaluation.protocol_hash = "aaaabbbbccccdddd";
  EXPECT_THAT(protocol_warnings(store, experiment), IsEmpty());
  evaluation.protocol_hash = "another";
  experiment.name = "new";
  EXPECT_THAT(protocol_warnings(store, experiment), IsEmpty());
}

}  // namespace
}  // namespace umm
