#include "bundle/differences.h"

#include <gtest/gtest.h>

#include "umm/error.h"

namespace umm::testing {
namespace {

EvaluationConfig evaluation(const std::string& name, const std::string& weights) {
  EvaluationConfig config;
  config.name = name;
  config.evaluator.id = "geneval";
  config.protocol_hash = "p";
  config.weights = weights;
  return config;
}

TEST(BundleDifferences, ACellIsOfTheEvaluationWithItsWeights) {
  RunConfig run;
  run.evaluations = {evaluation("geneval", "last"), evaluation("geneval_ema", "ema")};
  results::Cell cell;
  cell.benchmark = "geneval";
  cell.protocol_hash = "p";
  cell.weights = "ema";
  EXPECT_EQ(evaluation_of(run, cell, {}).name, "geneval_ema");
  cell.weights = "base";
  EXPECT_EQ(evaluation_of(run, cell, {}).name, "geneval");
  cell.benchmark = "geneval_ema";  // as databases called it before version 4
  EXPECT_EQ(evaluation_of(run, cell, {}).name, "geneval_ema");
  cell.benchmark = "dpg";
  EXPECT_THROW(evaluation_of(run, cell, {}), InputError);
  cell.benchmark = "geneval";
  cell.protocol_hash = "q";
  EXPECT_THROW(evaluation_of(run, cell, {}), InputError);
}

}  // namespace
}  // namespace umm::testing
