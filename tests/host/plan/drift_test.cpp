#include "plan/drift.h"

#include <gmock/gmock.h>

#include "tests/results/small_database.h"

namespace umm {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(Drift, OnlyTheSweepsOwnScoresUnderAnotherProtocolWarn) {
  const results::TemporaryFolder folder;
  const auto store = results::open_small_database(folder);
  Experiment experiment;
  experiment.name = "small";
  experiment.runs.resize(1);
  experiment.runs[0].evaluations.resize(1);
  auto& evaluation = experiment.runs[0].evaluations[0];
  evaluation.evaluator.id = "geneval";
  evaluation.protocol_hash = "another";
  EXPECT_THAT(protocol_warnings(store, experiment),
              ElementsAre(AllOf(HasSubstr("warning[S210]: geneval: 5 stored evaluations of this sweep"),
                                HasSubstr("images_per_prompt 2 -> 4, prompt"))));
  evaluation.protocol_hash = "aaaabbbbccccdddd";
  EXPECT_THAT(protocol_warnings(store, experiment), IsEmpty());
  evaluation.protocol_hash = "another";
  experiment.name = "new";
  EXPECT_THAT(protocol_warnings(store, experiment), IsEmpty());
}

}  // namespace
}  // namespace umm
