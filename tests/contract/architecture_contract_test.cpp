// What every architecture promises to methods and to the host (architecture.h, capabilities.h).
#include <ATen/ops/allclose.h>
#include <ATen/ops/isfinite.h>
#include <ATen/ops/upsample_bilinear2d.h>
#include <c10/core/GradMode.h>
#include <gmock/gmock.h>

#include <set>

#include "contract.h"
#include "estimate/meta_model.h"

namespace umm::contract {
namespace {

using ::testing::UnorderedElementsAreArray;

constexpr int64_t kBatchSize = 2;

class ArchitectureContract : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (!complete_dataset()) GTEST_SKIP() << "no dataset with pictures, captions and answers in this build";
    model_ = make(1);
    batch_ = make_batch();
  }

  const PluginEntry& entry() const { return plugins().at(PluginKind::architecture, GetParam()).entry; }

  std::unique_ptr<Architecture> make(uint64_t seed) const {
    auto model = entry().make_architecture(tiny_options(entry()));
    model->initialize(seed);
    model->set_training(true);
    return model;
  }

  Batch make_batch() const {
    std::vector<Sample> samples;
    for (int64_t index = 0; index < kBatchSize; ++index) samples.push_back(complete_dataset()->sample(index));
    Batch batch = collate(samples);
    const int64_t side = model_->image_size();
    if (batch.images.size(-1) != side)
      batch.images = at::upsample_bilinear2d(batch.images, {side, side}, false);
    return batch;
  }

  // Picture and caption where the model sees pictures, caption alone where it does not.
  Condition condition() const {
    Condition all{{text_segment(batch_.captions)}};
    if (dynamic_cast<const ImageEncoder*>(model_.get())) {
      all.segments.insert(all.segments.begin(), encoded_image_segment(batch_.images, ""));
    }
    return all;
  }

  Condition question() const {
    return {{encoded_image_segment(batch_.images, ""), text_segment(batch_.questions)}};
  }

  // Every objective that the model has, added up.
  Tensor loss(Architecture& model, uint64_t seed) const {
    Rng rng(seed);
    Tensor total = at::zeros({});
    if (auto* generator = dynamic_cast<GenerationObjective*>(&model)) {
      total = total + checked(generator->generation_loss(condition(), batch_.images, rng));
      total = total +
              checked(generator->generation_loss({{text_segment(batch_.captions, 0.1)}}, batch_.images, rng));
    }
    if (auto* reader = dynamic_cast<TextObjective*>(&model)) {
      total = total + checked(reader->text_loss(question(), batch_.answers, rng));
    }
    return total;
  }

  static Tensor checked(const TokenLoss& loss) {
    expect_shape(loss.sum, {kBatchSize}, "sum");
    expect_shape(loss.count, {kBatchSize}, "count");
    EXPECT_EQ(loss.sum.scalar_type(), at::kFloat);
    EXPECT_TRUE(at::isfinite(loss.sum).all().item<bool>());
    EXPECT_TRUE(loss.sum.requires_grad());
    EXPECT_GT(loss.count.sum().item<float>(), 0);
    return loss.mean();
  }

  std::unique_ptr<Architecture> model_;
  Batch batch_;
};

std::string path_of(const Parameter& parameter) {
  return parameter.component + "/" + parameter.name;
}

// Only these groups learn, as the host sets it.
void train_only(Architecture& model, const std::set<std::string>& groups) {
  for (Parameter& parameter : model.parameters()) {
    if (!parameter.group.empty()) parameter.value.set_requires_grad(groups.contains(parameter.group));
  }
}

void expect_gradients(Architecture& model) {
  for (const Parameter& parameter : model.parameters()) {
    const bool has_gradient = parameter.value.grad().defined();
    EXPECT_EQ(has_gradient, parameter.value.requires_grad()) << path_of(parameter);
    if (!has_gradient) continue;
    EXPECT_TRUE(at::isfinite(parameter.value.grad()).all().item<bool>()) << path_of(parameter);
  }
}

std::set<std::string> default_groups(const Architecture& model) {
  std::set<std::string> names;
  for (const ParameterGroup& group : model.parameter_groups()) {
    if (group.trained_by_default) names.insert(group.name);
  }
  return names;
}

TEST_P(ArchitectureContract, OffersWhatItDeclaresAndNothingElse) {
  EXPECT_FALSE(entry().provides.empty());
  EXPECT_THAT(capabilities(*model_), UnorderedElementsAreArray(entry().provides));
  EXPECT_GT(model_->image_size(), 0);
}

TEST_P(ArchitectureContract, NamesItsParametersOnceAndAlwaysAlike) {
  std::set<std::string> groups, paths, used;
  for (const ParameterGroup& group : model_->parameter_groups()) {
    EXPECT_TRUE(groups.insert(group.name).second) << group.name << " twice";
    EXPECT_FALSE(group.doc.empty()) << group.name;
  }
  const auto parameters = model_->parameters();
  const auto others = make(2)->parameters();
  ASSERT_EQ(parameters.size(), others.size());
  for (size_t i = 0; i < parameters.size(); ++i) {
    EXPECT_EQ(path_of(parameters[i]), path_of(others[i]));
    EXPECT_TRUE(paths.insert(path_of(parameters[i])).second) << path_of(parameters[i]) << " twice";
    EXPECT_TRUE(parameters[i].value.defined()) << path_of(parameters[i]);
    if (parameters[i].group.empty()) continue;
    EXPECT_TRUE(groups.contains(parameters[i].group))
        << path_of(parameters[i]) << ": " << parameters[i].group;
    used.insert(parameters[i].group);
  }
  EXPECT_EQ(used, groups) << "a group without parameters";
}

TEST_P(ArchitectureContract, FreshWeightsDependOnTheSeedAlone) {
  const auto weights = model_->parameters();
  const auto same = make(1), other = make(2);
  const auto same_weights = same->parameters(), other_weights = other->parameters();
  bool differs = false;
  for (size_t i = 0; i < weights.size(); ++i) {
    EXPECT_TRUE(weights[i].value.equal(same_weights[i].value)) << path_of(weights[i]);
    EXPECT_TRUE(at::isfinite(weights[i].value).all().item<bool>()) << path_of(weights[i]);
    differs = differs || !weights[i].value.equal(other_weights[i].value);
  }
  EXPECT_TRUE(differs);
}

TEST_P(ArchitectureContract, GradientReachesWhatIsTrainedAndNothingElse) {
  train_only(*model_, default_groups(*model_));
  loss(*model_, 3).backward();
  expect_gradients(*model_);
}

TEST_P(ArchitectureContract, LossDependsOnTheRngAlone) {
  const float first = loss(*model_, 3).item<float>();
  EXPECT_EQ(first, loss(*model_, 3).item<float>());
  if (!dynamic_cast<GenerationObjective*>(model_.get())) return;
  EXPECT_NE(first, loss(*model_, 4).item<float>());
}

// Objectives and sampling never wait for the device: none of their code looks at a value on it.
TEST_P(ArchitectureContract, RunsWithoutValues) {
  const auto model = make_meta_model({GetParam(), tiny_options(entry())}, plugins());
  model->set_training(true);
  train_only(*model, default_groups(*model));
  Rng rng(3);
  batch_.images = batch_.images.to(at::kMeta);
  if (auto* generator = dynamic_cast<GenerationObjective*>(model.get()))
    generator->generation_loss(condition(), batch_.images, rng).mean().backward();
  if (auto* reader = dynamic_cast<TextObjective*>(model.get()))
    reader->text_loss(question(), batch_.answers, rng).mean().backward();
  if (auto* codec = dynamic_cast<ImageCodec*>(model.get())) {
    const auto groups = codec->codec_groups();
    train_only(*model, {groups.begin(), groups.end()});
    codec->codec_loss(batch_.images, rng).mean().backward();
    EXPECT_EQ(codec->round_trip(batch_.images).sizes(), batch_.images.sizes());
  }
  const c10::NoGradGuard no_gradient;
  if (auto* sampler = dynamic_cast<ImageGenerator*>(model.get())) {
    std::vector<Rng> rngs(kBatchSize, rng);
    const Condition words{{text_segment(batch_.captions)}};
    const Tensor pictures = sampler->generate(words, Options(entry().sampling, {}), rngs);
    EXPECT_EQ(pictures.sizes(), batch_.images.sizes());
  }
}

TEST_P(ArchitectureContract, RefusesWrongInputsAndStaysUsable) {
  const float before = loss(*model_, 3).item<float>();
  Rng rng(1);
  if (auto* generator = dynamic_cast<GenerationObjective*>(model_.get())) {
    const Tensor grey = batch_.images.slice(1, 0, 1);    // [B, 1, H, W]
    const Tensor narrow = batch_.images.slice(3, 0, 3);  // [B, 3, H, 3]
    const Condition too_few{{text_segment({batch_.captions[0]})}};
    EXPECT_THROW(generator->generation_loss(condition(), grey, rng), Error);
    EXPECT_THROW(generator->generation_loss(condition(), narrow, rng), Error);
    EXPECT_THROW(generator->generation_loss(condition(), batch_.images[0], rng), Error);
    EXPECT_THROW(generator->generation_loss(too_few, batch_.images, rng), Error);
  }
  if (auto* encoder = dynamic_cast<ImageEncoder*>(model_.get())) {
    EXPECT_THROW(encoder->encode_image("no such encoder", batch_.images), Error);
    EXPECT_THROW(encoder->encode_image("", batch_.images.slice(1, 0, 1)), Error);
  }
  if (auto* reader = dynamic_cast<TextObjective*>(model_.get())) {
    EXPECT_THROW(reader->text_loss(question(), {batch_.answers[0]}, rng), Error);
  }
  EXPECT_EQ(before, loss(*model_, 3).item<float>());
}

TEST_P(ArchitectureContract, SurvivesItsCheckpoint) {
  std::map<std::string, std::vector<NamedTensor>> files;
  for (const Parameter& parameter : model_->parameters()) {
    files[parameter.component].push_back({parameter.name, parameter.value.detach()});
  }
  std::map<std::string, Tensor> stored;
  for (const auto& [component, tensors] : files) {
    const std::string path =
        ::testing::TempDir() + "contract_" + GetParam() + "_" + component + ".safetensors";
    write_safetensors(path, tensors);
    for (const NamedTensor& tensor : read_safetensors(path))
      stored[component + "/" + tensor.name] = tensor.value;
    std::filesystem::remove(path);
  }
  const auto restored = make(2);
  {
    const c10::NoGradGuard no_grad;
    for (Parameter& parameter : restored->parameters()) parameter.value.copy_(stored.at(path_of(parameter)));
  }
  EXPECT_EQ(loss(*model_, 3).item<float>(), loss(*restored, 3).item<float>());
}

TEST_P(ArchitectureContract, EncodesToTheTokensItAnnounces) {
  auto* encoder = dynamic_cast<ImageEncoder*>(model_.get());
  if (!encoder) GTEST_SKIP() << "no image encoder";
  EXPECT_FALSE(encoder->image_encoders().empty());
  for (const ImageEncoderInfo& info : encoder->image_encoders()) {
    const Tensor tokens = encoder->encode_image(info.name, batch_.images);
    expect_shape(tokens, {kBatchSize, info.num_tokens, -1}, info.name);
    EXPECT_TRUE(at::isfinite(tokens).all().item<bool>()) << info.name;
  }
}

TEST_P(ArchitectureContract, APictureDependsOnItsOwnRngAndConditionAlone) {
  auto* generator = dynamic_cast<ImageGenerator*>(model_.get());
  if (!generator) GTEST_SKIP() << "does not generate pictures";
  const c10::NoGradGuard no_grad;
  model_->set_training(false);
  const Options sampling(entry().sampling, {});
  const auto generate = [&](const std::string& second_prompt, uint64_t second_seed) {
    std::vector<Rng> rngs = {Rng(1), Rng(second_seed)};
    return generator->generate({{text_segment({batch_.captions[0], second_prompt})}}, sampling, rngs);
  };
  const Tensor pictures = generate(batch_.captions[1], 2);
  const int64_t side = model_->image_size();
  expect_shape(pictures, {kBatchSize, 3, side, side}, "pictures");
  EXPECT_TRUE(at::isfinite(pictures).all().item<bool>());
  EXPECT_TRUE(pictures.equal(generate(batch_.captions[1], 2)));
  EXPECT_TRUE(at::allclose(pictures[0], generate(batch_.captions[0], 5)[0], 1e-4, 1e-4));
}

TEST_P(ArchitectureContract, AnswersAlikeEveryTime) {
  auto* speaker = dynamic_cast<TextGenerator*>(model_.get());
  if (!speaker) GTEST_SKIP() << "does not answer";
  const c10::NoGradGuard no_grad;
  model_->set_training(false);
  const auto answers = speaker->answer(question(), 5);
  EXPECT_EQ(answers.size(), static_cast<size_t>(kBatchSize));
  EXPECT_EQ(answers, speaker->answer(question(), 5));
}

TEST_P(ArchitectureContract, CodecLossTrainsTheCodecsGroups) {
  auto* codec = dynamic_cast<ImageCodec*>(model_.get());
  if (!codec) GTEST_SKIP() << "no image codec";
  const auto groups = codec->codec_groups();
  train_only(*model_, {groups.begin(), groups.end()});
  Rng rng(1);
  checked(codec->codec_loss(batch_.images, rng)).backward();
  expect_gradients(*model_);
  EXPECT_EQ(codec->round_trip(batch_.images).sizes(), batch_.images.sizes());
}

INSTANTIATE_TEST_SUITE_P(Every, ArchitectureContract, ::testing::ValuesIn(ids(PluginKind::architecture)),
                         case_name);

}  // namespace
}  // namespace umm::contract
