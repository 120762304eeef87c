// What architectures promise of each capability besides the objectives.
#include <ATen/ops/allclose.h>
#include <c10/core/GradMode.h>

#include "conformance/checks.h"
#include "conformance/trial.h"

namespace umm::conformance {
namespace {

template <typename Capability>
Capability& offered(const Trial& trial) {
  if (auto* found = dynamic_cast<Capability*>(trial.model.get())) return *found;
  throw NotApplicable(std::string("it is no ") + Capability::kName);
}

void encodes_to_the_tokens_it_announces(const Subject& subject) {
  const Trial trial(subject);
  auto& encoder = offered<ImageEncoder>(trial);
  const auto infos = encoder.image_encoders();
  UMM_CHECK(!infos.empty(), "image_encoders() is empty");
  for (const ImageEncoderInfo& info : infos) {
    const Tensor tokens = encoder.encode_image(info.name, trial.batch.images);  // [B, N, C]
    expect_shape(tokens, {kBatchSize, info.num_tokens, -1}, "tokens of encoder `" + info.name + "`");
    expect_finite(tokens, "tokens of encoder `" + info.name + "`");
  }
}

void draws_each_picture_by_itself(const Subject& subject) {
  const Trial trial(subject);
  auto& generator = offered<ImageGenerator>(trial);
  const c10::NoGradGuard no_grad;
  trial.model->set_training(false);
  const Options sampling(subject.entry().sampling, {});
  const auto generate = [&](const std::string& second_prompt, uint64_t second_seed) {
    std::vector<Rng> rngs = {Rng(1), Rng(second_seed)};
    const Condition words{{text_segment({trial.batch.captions[0], second_prompt})}};
    return generator.generate(words, sampling, rngs);  // [B, 3, H, W]
  };
  disturb_global_generator(1);
  const Tensor pictures = generate(trial.batch.captions[1], 2);
  const int64_t side = trial.model->image_size();
  expect_shape(pictures, {kBatchSize, 3, side, side}, "pictures");
  expect_finite(pictures, "pictures");
  disturb_global_generator(2);
  expect_equal(pictures, generate(trial.batch.captions[1], 2), "the picture of one prompt and Rng");
  UMM_CHECK(!pictures[1].equal(generate(trial.batch.captions[1], 5)[1]),
            "another rngs[1] leaves picture 1 as it was: sample b must be drawn from rngs[b]");
  // Products of other sizes round differently, so not bit by bit.
  UMM_CHECK(at::allclose(pictures[0], generate(trial.batch.captions[0], 5)[0], 1e-4, 1e-4),
            "a picture changes with its neighbours in the batch");
}

void answers_alike(const Subject& subject) {
  const Trial trial(subject);
  auto& speaker = offered<TextGenerator>(trial);
  const c10::NoGradGuard no_grad;
  trial.model->set_training(false);
  constexpr int64_t kMaxTokens = 5;
  const auto answers = speaker.answer(trial.question(), kMaxTokens);
  UMM_CHECK(answers.size() == static_cast<size_t>(kBatchSize), "answer() gives ", answers.size(),
            " answers to ", kBatchSize, " questions");
  UMM_CHECK(answers == speaker.answer(trial.question(), kMaxTokens),
            "answer() answers otherwise when asked again");
}

void trains_its_codec(const Subject& subject) {
  const Trial trial(subject);
  auto& codec = offered<ImageCodec>(trial);
  const auto groups = codec.codec_groups();
  train_only(*trial.model, {groups.begin(), groups.end()});
  Rng rng(1);
  sound_mean(codec.codec_loss(trial.batch.images, rng), kBatchSize, "codec_loss").backward();
  expect_gradients(*trial.model);
  const Tensor pictures = codec.round_trip(trial.batch.images);
  UMM_CHECK(pictures.sizes() == trial.batch.images.sizes(), "round_trip() gives shape ", pictures.sizes(),
            " for ", trial.batch.images.sizes());
}

}  // namespace

std::vector<Check> capability_checks() {
  return {
      {"encode_image", "an encoder gives the tokens that it announces", encodes_to_the_tokens_it_announces},
      {"generate", "a picture depends on its own Rng and condition alone", draws_each_picture_by_itself},
      {"answer", "asked again, it answers alike", answers_alike},
      {"codec", "the codec's loss trains the codec's groups", trains_its_codec}};
}

}  // namespace umm::conformance
