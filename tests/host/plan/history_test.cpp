#include "plan/history.h"

#include <gmock/gmock.h>

#include "spec/identity.h"
#include "tests/results/small_database.h"

namespace umm {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Lines of a stage's canonical text, as a spec gives them.
std::string canonical(const std::string& batch, const std::string& rate, const std::string& build) {
  return "architecture = \"toy\"\narchitecture library = \"" + build + "\"\ndata.recon batch = " + batch +
         "\ndata.recon.seed = 3\nmethod = \"reca\"\nmethod library = \"" + build +
         "\"\nprogram = \"ummbench 1\"\nseed = 0\ntrain.lr = " + rate + "\ntrain.updates = 100\n";
}

StageConfig stage_of(const std::string& text) {
  StageConfig stage;
  stage.canonical = text;
  return stage;
}

class HistoryTest : public ::testing::Test {
 protected:
  HistoryTest() : store_(results::Store::open(folder_ / "results.sqlite")) {
    store_.put_sweep({"sweep", "", "", ""});
    run_.canonical = "architecture = \"toy\"\narchitecture library = \"a\"\ntrained = \"b\"\n";
    evaluation_.evaluator.id = "geneval";
  }

  // A run with one stage, trained in `seconds`, and 24 pictures.
  void put(const std::string& name, const std::string& text, double seconds, double generate_seconds) {
    auto row = results::small_run("reca", 0);
    row.identity = results::identity_of(name);
    row.sweep = "sweep";
    row.canonical_config = run_.canonical;
    const auto stage = results::identity_of("stage " + name);
    store_.put_run(row, {{stage, "reca", "reca", text}});
    store_.finish_attempt(store_.begin_attempt({stage}), {200, 100, 4800},
                          {results::small_cost("load", 9), results::small_cost("train", seconds)}, {});
    auto evaluation = results::small_evaluation(name);
    evaluation.sampling_text = canonical_text(evaluation_.sampling);
    store_.put_evaluation(
        row.identity, evaluation, {}, {}, {},
        {results::small_cost("generate", generate_seconds), results::small_cost("score", 24)});
  }

  static std::vector<double> seconds(const Paces& paces) {
    ResourceConfig resources;
    resources.device = "cpu";
    return seconds_on_devices(paces, resources, "");
  }

  const results::TemporaryFolder folder_;
  results::Store store_;
  RunConfig run_;
  EvaluationConfig evaluation_;
};

TEST_F(HistoryTest, RatesSeedsAndBuildsLeaveTheCostAlone) {
  put("one", canonical("8", "0.1", "a"), 200, 24);
  put("two", canonical("8", "0.2", "b"), 100, 48);
  put("large", canonical("64", "0.1", "a"), 900, 24);
  History history;
  history.add(store_);
  EXPECT_THAT(seconds(history.of(stage_of(canonical("8", "0.5", "c")))), ElementsAre(1, 2));
  EXPECT_THAT(seconds(history.of(stage_of(canonical("64", "0.5", "c")))), ElementsAre(9));
  EXPECT_THAT(history.of(stage_of(canonical("32", "0.5", "c"))), IsEmpty());
}

TEST_F(HistoryTest, APictureTakesItsScoringToo) {
  put("one", canonical("8", "0.1", "a"), 200, 24);
  History history;
  EXPECT_THAT(history.of(run_, evaluation_), IsEmpty());
  history.add(store_);
  EXPECT_THAT(seconds(history.of(run_, evaluation_)), ElementsAre(2));
  evaluation_.evaluator.id = "dpg";
  EXPECT_THAT(history.of(run_, evaluation_), IsEmpty());
}

TEST_F(HistoryTest, AttemptsThatDidNotCompleteSayNothing) {
  put("one", canonical("8", "0.1", "a"), 200, 24);
  const auto stage = results::identity_of("stage lost");
  auto row = results::small_run("lost", 0);
  row.sweep = "sweep";
  store_.put_run(row, {{stage, "reca", "reca", canonical("8", "0.3", "a")}});
  store_.interrupt_attempt(store_.begin_attempt({stage}), "failed", "no", {results::small_cost("train", 7)});
  History history;
  history.add(store_);
  EXPECT_THAT(seconds(history.of(stage_of(canonical("8", "0.5", "c")))), ElementsAre(2));
}

TEST(HistoryDevices, OnlyThoseThatTheRunAsksFor) {
  const Paces paces = {
      {"NVIDIA H100", 3}, {"cpu: A x2 threads", 9}, {"NVIDIA H200", 2}, {"cpu: B x2 threads", 8}};
  ResourceConfig resources;
  resources.device = "cpu";
  EXPECT_THAT(seconds_on_devices(paces, resources, "cpu: C"), ElementsAre(8, 9));
  EXPECT_THAT(seconds_on_devices(paces, resources, "cpu: A x2 threads"), ElementsAre(9));
  resources.device = "cuda:0";
  EXPECT_THAT(seconds_on_devices(paces, resources, ""), ElementsAre(2, 3));
  resources.gpu_models = {"H200"};
  EXPECT_THAT(seconds_on_devices(paces, resources, "NVIDIA H100"), ElementsAre(2));
  resources.gpu_models = {"A100"};
  EXPECT_THAT(seconds_on_devices(paces, resources, "NVIDIA H100"), IsEmpty());
}

TEST(HistoryDevices, AutoTakesWhatThereIs) {
  ResourceConfig resources;
  resources.device = "auto";
  const Paces both = {{"NVIDIA H100", 3}, {"cpu: A x2 threads", 9}}, gpu = {{"NVIDIA H100", 3}};
  EXPECT_THAT(seconds_on_devices(both, resources, "cpu: C"), ElementsAre(9));
  EXPECT_THAT(seconds_on_devices(both, resources, "NVIDIA A100"), ElementsAre(3));
  EXPECT_THAT(seconds_on_devices(gpu, resources, "cpu: C"), ElementsAre(3));
}

}  // namespace
}  // namespace umm
