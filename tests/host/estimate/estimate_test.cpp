#include "estimate/estimate.h"

#include <gmock/gmock.h>

#include "evaluate/benchmark.h"
#include "tests/host/evaluate/fake_experiment.h"
#include "train/trainer.h"

namespace umm::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

// Looks at a value, as no code does that keeps a GPU busy.
class CuriousMethod : public FakeMethod {
 public:
  std::vector<LossTerm> loss(Architecture& model, const std::map<std::string, Batch>& batches,
                             Rng& rng) override {
    auto terms = FakeMethod::loss(model, batches, rng);
    if (terms[0].loss.sum.sum().item<float>() > 1e9F) throw Error("a large loss");
    return terms;
  }
};

class EstimateTest : public ::testing::Test {
 protected:
  StageEstimate estimate(const StageConfig& stage) const { return estimate_stage(run_, stage, catalogue_); }

  Catalogue catalogue_ = fake_catalogue();
  RunConfig run_ = fake_run(catalogue_, "trained", '2');
};

// Matrix products of the fake model: two forward, and backward one for each weight and one for the hidden
// layer.
constexpr double kFlopsPerPicture = 5 * 2.0 * FakeArchitecture::kPixels * 8;

TEST_F(EstimateTest, CountsEveryProductOfAStage) {
  const auto stage = fake_stage(12);  // 12 updates x 2 of 4 + 2 pictures
  const auto found = estimate(stage);
  EXPECT_EQ(found.images_seen, 12 * 2 * 6);
  EXPECT_EQ(found.flops, kFlopsPerPicture * 12 * 2 * 6);
}

TEST_F(EstimateTest, FollowsTheCycleOfFlows) {
  auto stage = fake_stage(5);
  stage.train.accumulation = 1;
  stage.train.flow_cycle = {{"pictures"}, {"pictures", "replay"}};
  EXPECT_EQ(estimate(stage).images_seen, 3 * 4 + 2 * 6);
  EXPECT_EQ(estimate(stage).flops, kFlopsPerPicture * (3 * 4 + 2 * 6));
}

TEST_F(EstimateTest, FrozenPartsNeedNoGradient) {
  auto stage = fake_stage(1);
  stage.train.accumulation = 1;
  stage.train.trained_groups = {"head"};
  const auto found = estimate(stage);
  EXPECT_EQ(found.flops, kFlopsPerPicture / 5 * 3 * 6);
  EXPECT_EQ(found.memory.gradients_bytes, FakeArchitecture::kPixels * 8 * 4);
}

TEST_F(EstimateTest, MemoryIsWhatTheAllocatorSees) {
  const auto stage = fake_stage(1);
  const auto plan = estimate(stage).memory;
  FakeArchitecture model;
  model.initialize(1);
  FakeMethod method;
  const auto datasets = fake_datasets();
  const TemporaryFolder folder;
  ::testing::internal::CaptureStderr();
  Progress progress("fake", 1, "updates");
  const WorkMeter work;
  train_stage({model, method, stage, datasets, work, 0, nullptr, folder.path(), plan.activations_bytes},
              progress);
  const std::string said = ::testing::internal::GetCapturedStderr();
  const auto end = said.find(" % of the plan");
  ASSERT_NE(end, std::string::npos) << said;
  const int percent = std::stoi(said.substr(said.rfind(' ', end - 1)));
  EXPECT_GE(percent, 90) << said;
  EXPECT_LE(percent, 110) << said;
}

TEST_F(EstimateTest, RefusesWhatTrainingWouldRefuse) {
  auto stage = fake_stage();
  stage.train.trained_groups = {"tail"};
  EXPECT_THAT([&] { estimate(stage); },
              ThrowsMessage<InputError>(HasSubstr("no parameter group \"tail\" to train")));
  stage = fake_stage();
  stage.flows.erase("replay");
  EXPECT_THAT([&] { estimate(stage); },
              ThrowsMessage<InputError>(HasSubstr("needs data for flow \"replay\"")));
}

TEST_F(EstimateTest, SaysWhyThereIsNone) {
  PluginEntry entry;
  entry.kind = PluginKind::method;
  entry.id = "curious";
  entry.make_method = [](const Options&) { return std::make_unique<CuriousMethod>(); };
  auto plugins = catalogue_.entries();
  plugins.push_back(plugin(std::move(entry)));
  catalogue_ = Catalogue::of(std::move(plugins));
  auto stage = fake_stage();
  stage.method.id = "curious";
  EXPECT_THAT([&] { estimate(stage); },
              ThrowsMessage<ChildFailed>(HasSubstr("aten::_local_scalar_dense does not run without values")));
}

TEST_F(EstimateTest, PicturesOfAnEvaluation) {
  const auto evaluation = fake_evaluation(catalogue_);
  const auto items = make_benchmark(evaluation, catalogue_).items;
  const auto found = estimate_generation(run_, evaluation, items, catalogue_);
  EXPECT_EQ(found.images, 9);
  EXPECT_EQ(found.flops, 9 * kFlopsPerPicture / 5 * 2);
}

}  // namespace
}  // namespace umm::testing
