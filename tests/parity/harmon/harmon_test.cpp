// All of Harmon against the reference's own code, at a tiny size with random weights and its draws handed in.
#include <gtest/gtest.h>

#include "diffusion/mar_masks.h"
#include "diffusion/masked_tokens.h"
#include "golden.h"
#include "network.h"
#include "nn/attention.h"
#include "nn/scale_gradient.h"
#include "packing.h"
#include "small_config.h"
#include "text/bpe_tokenizer.h"
#include "vae/autoencoder_kl.h"

namespace umm::harmon {
namespace {

using parity::error;

// fp32 rounding through a whole model, and backwards through it; the reference in float64 differs by 2e-6
// where it samples.
constexpr double kModel = 1e-4;
constexpr double kTraining = 1e-4;
constexpr int64_t kImageSlot = -200;

class HarmonParity : public testing::Test {
 protected:
  HarmonParity() {
    golden_.load(*network_, "weight.");
    golden_.load(*image_tokenizer_, "vae.");
  }

  const Tensor& golden(const std::string& name) const { return golden_[name]; }

  Prompt embed(const text::PackedRows& rows, const Tensor& picture) {
    const Tensor words = network_->language_model()->embed(rows.token_ids);
    if (!picture.defined()) return {words, rows.roles};
    return {words.scatter(1, along(rows.picture_columns, words.size(2)), picture), rows.roles};
  }

  Tensor seen() {
    const at::NoGradGuard no_gradient;
    return network_->see(golden("latents"), nullptr);
  }
  Tensor seen_to_learn_from() { return nn::scale_gradient(network_->see(golden("latents"), nullptr), 0.1); }

  // The draws of one loss: the reference orders noise by repeat, sample, place.
  MaskedDraws draws(const std::string& flow) const {
    const auto count = golden(flow + ".masked_count").item<int64_t>();
    const Tensor& orders = golden(flow + ".orders");
    const Tensor masked = orders.slice(1, 0, count);
    const auto at_masked = [&](const Tensor& all) {  // [R, B, N, ...] -> [R, B, M, ...]
      std::vector<Tensor> samples;
      for (int64_t b = 0; b < orders.size(0); ++b)
        samples.push_back(all.select(1, b).index_select(1, masked[b]));
      return at::stack(samples, 1);
    };
    return {.masked = masked,
            .visible = std::get<0>(orders.slice(1, count).sort(1)),
            .timesteps = at_masked(golden(flow + ".t").view({4, 2, kPlaces})),
            .noise = at_masked(golden(flow + ".noise").view({4, 2, kPlaces, 4}))};
  }

  Tensor t2i_loss() {
    const auto rows = packer_.pack_training(
        {"Generate an image: a red circle", "Generate an image: two blue squares above a ring"}, 0);
    return network_->masked_loss(embed(rows, {}), golden("latents"), draws("t2i"), nullptr).mean();
  }

  Tensor recon_loss() {
    const auto rows = packer_.pack_training({"\ndescribe the picture", "\nlist all the objects"}, kPicture);
    return network_
        ->masked_loss(embed(rows, seen_to_learn_from()), golden("latents"), draws("recon"), nullptr)
        .mean();
  }

  Tensor i2t_loss() {
    const auto rows = packer_.pack_answers(questions_, kPicture, answers_);
    const Prompt all = embed(rows, seen_to_learn_from());
    const Tensor mask = nn::additive_mask(nn::visibility(all.roles), at::kFloat);
    auto& model = network_->language_model();
    return diffusion::supervised_cross_entropy(model->forward(all.embeddings, mask), rows.supervised,
                                               rows.token_ids.roll(-1, 1),
                                               [&](const Tensor& h) { return model->logits(h, 0, 910); })
        .mean();
  }

  void expect_gradients(const std::string& flow) {
    EXPECT_GT(parity::expect_gradients(golden_, *network_, flow + ".gradient.", kModel), 60);
  }

  // Ids without padding, as the reference orders them; slots of the picture are kImageSlot there.
  static void expect_same_ids(const text::PackedRows& packed, int64_t picture_length, const Tensor& ids,
                              const Tensor& valid) {
    Tensor ours = packed.token_ids;
    if (picture_length > 0) ours = ours.scatter(1, packed.picture_columns, kImageSlot);
    const Tensor visible = packed.roles.bitwise_and(nn::role::kVisible).ne(0);
    for (int64_t b = 0; b < ids.size(0); ++b)
      EXPECT_TRUE(ours[b].masked_select(visible[b]).equal(ids[b].masked_select(valid[b])))
          << ours[b] << ids[b];
  }

  // The reference draws iteration by iteration; here every place has its noise from the start.
  SamplingDraws sampling_draws(const std::string& name, int64_t num_iterations) const {
    const Tensor& orders = golden(name + ".orders");
    const auto batch = orders.size(0);
    SamplingDraws draws{orders, at::zeros({batch, kPlaces, 4}), at::zeros({7, batch, kPlaces, 4})};
    int64_t hidden = kPlaces;
    int64_t iteration = 0;
    for (int64_t next : diffusion::hidden_counts(kPlaces, num_iterations)) {
      const Tensor wanted = std::get<0>(orders.slice(1, next, hidden).sort(1));  // [B, M], raster order
      const auto count = wanted.size(1);
      const std::string suffix = "." + std::to_string(iteration++);
      const Tensor start = golden(name + ".start" + suffix).view({batch, count, 4});
      const Tensor steps = golden(name + ".step_noise" + suffix).view({7, batch, count, 4});
      draws.start.scatter_(1, along(wanted, 4), start);
      draws.step_noise.scatter_(2, along(wanted, 4).expand_as(steps), steps);
      hidden = next;
    }
    return draws;
  }

  Tensor picture_of(const Tensor& latents) {
    return image_tokenizer_->decode(latents.transpose(1, 2).unflatten(2, {4, 4}) / kLatentScale);
  }

  // Rows of the guided prompt: conditional, then unconditional.
  Prompt guided_prompt() {
    const auto length = golden("sample.ids").size(1);
    const auto rows = packer_.pack_generation(
        {"Generate an image: a red circle", "Generate an image: two blue squares above a ring",
         "Generate an image.", "Generate an image."},
        0, length);
    expect_same_ids(rows, 0, golden("sample.ids"), golden("sample.valid"));
    return embed(rows, {});
  }

  static SamplingConfig sampling(const std::string& timesteps) {
    SamplingConfig config{.num_iterations = 5, .guidance = 3, .temperature = 0.9};
    config.diffusion =
        timesteps.empty() ? diffusion::Ddpm(7) : diffusion::Ddpm({0, 143, 286, 429, 572, 715, 858});
    return config;
  }

  const parity::Golden golden_{"harmon", "harmon"};
  const text::BpeTokenizer tokenizer_{
      text::read_bpe_vocabulary(std::string(UMM_SOURCE_DIR) + "/tests/data/tokenizer/qwen")};
  const Packer packer_{
      small_config().wording, {small_config().prompt_length, small_config().answer_length}, tokenizer_};
  const std::vector<std::string> questions_ = {"what is this?", "which color is it?"};
  const std::vector<std::string> answers_ = {"a red circle", "two blue squares"};
  std::shared_ptr<Network> network_ = std::make_shared<Network>(small_config());
  vae::AutoencoderKl image_tokenizer_{small_config().image_tokenizer};
};

TEST_F(HarmonParity, LatentsAndWhatTheLanguageModelSees) {
  const Tensor mean = image_tokenizer_->encode(golden("images")).mean * kLatentScale;
  EXPECT_LT(error(mean.flatten(2).transpose(1, 2), golden("latents")), kModel);
  EXPECT_LT(error(seen(), golden("z_enc")), kModel);
}

TEST_F(HarmonParity, PromptsTokenForToken) {
  expect_same_ids(
      packer_.pack_training(
          {"Generate an image: a red circle", "Generate an image: two blue squares above a ring"}, 0),
      0, golden("t2i.ids"), golden("t2i.valid"));
  expect_same_ids(packer_.pack_training({"\ndescribe the picture", "\nlist all the objects"}, kPicture),
                  kPicture, golden("recon.ids"), golden("recon.valid"));
  const Tensor &rebuilt = golden("sample_recon.ids"), &valid_rebuilt = golden("sample_recon.valid");
  expect_same_ids(packer_.pack_generation({"Describe this image in details."}, kPicture), kPicture,
                  rebuilt.slice(0, 0, 1), valid_rebuilt.slice(0, 0, 1));
  expect_same_ids(packer_.pack_generation({"Generate an image."}, 0), 0, rebuilt.slice(0, 1),
                  valid_rebuilt.slice(0, 1));
  // The reference ends an answer with a line break, which nothing sees and nothing predicts.
  const auto rows = packer_.pack_answers(questions_, kPicture, answers_);
  const Tensor& labels = golden("i2t.labels");
  const Tensor expected = labels.masked_select(labels.ge(0));
  const Tensor next = rows.token_ids.roll(-1, 1);
  EXPECT_TRUE(next.masked_select(rows.supervised).equal(expected)) << expected;
  Tensor valid = golden("i2t.valid").clone();
  for (int64_t b = 0; b < 2; ++b) valid[b][valid[b].sum().item<int64_t>() - 1] = false;
  expect_same_ids(rows, kPicture, golden("i2t.ids"), valid);
}

TEST_F(HarmonParity, TextToImageLossAndGradients) {
  const Tensor value = t2i_loss();
  EXPECT_LT(error(value, golden("t2i.loss")), kModel);
  value.backward();
  expect_gradients("t2i");
}

TEST_F(HarmonParity, ReconstructionLossAndGradients) {
  const Tensor value = recon_loss();
  EXPECT_LT(error(value, golden("recon.loss")), kModel);
  value.backward();
  expect_gradients("recon");
}

TEST_F(HarmonParity, ImageToTextLossAndGradients) {
  const Tensor value = i2t_loss();
  EXPECT_LT(error(value, golden("i2t.loss")), kModel);
  value.backward();
  expect_gradients("i2t");
}

// Blocks, and each noise level of the head, run again in the backward pass: the same values.
TEST_F(HarmonParity, RecomputedGradients) {
  HarmonConfig recomputing = small_config();
  recomputing.language_model.recompute = recomputing.mar.recompute = true;
  network_ = std::make_shared<Network>(recomputing);
  golden_.load(*network_, "weight.");
  recon_loss().backward();
  expect_gradients("recon");
}

TEST_F(HarmonParity, TenUpdatesOfAdamW) {
  TrainConfig config;
  config.learning_rate = 1e-3;
  config.weight_decay = 0.02;
  config.beta2 = 0.95;
  parity::expect_ten_updates(
      golden_, *network_, config, [&] { return t2i_loss() + recon_loss() + i2t_loss(); }, kTraining);
}

TEST_F(HarmonParity, SampledPictures) {
  const at::NoGradGuard no_gradient;
  const SamplingDraws draws = sampling_draws("sample", 5);
  // The seven evenly spaced steps begin with one that multiplies by thousands and drowns the others; sections
  // of the schedule do not.
  for (const std::string steps : {"", "sections."}) {
    SamplingConfig config = sampling(steps);
    const Tensor tokens = network_->sample(guided_prompt(), draws, config);
    EXPECT_LT(error(tokens, golden("sample." + steps + "tokens")), kModel) << steps;
    EXPECT_LT(error(picture_of(tokens), golden("sample." + steps + "picture")), kModel) << steps;
    config.linear_guidance = true;
    EXPECT_LT(
        error(network_->sample(guided_prompt(), draws, config), golden("sample." + steps + "linear.tokens")),
        kModel)
        << steps;
    Prompt plain = guided_prompt();
    plain = {plain.embeddings.slice(0, 0, 2), plain.roles.slice(0, 0, 2)};
    EXPECT_LT(error(network_->sample(plain, draws, config), golden("sample." + steps + "plain.tokens")),
              kModel)
        << steps;
  }
}

TEST_F(HarmonParity, RebuiltPictures) {
  const at::NoGradGuard no_gradient;
  const auto rows =
      packer_.pack_generation(std::vector<std::string>(2, "Describe this image in details."), kPicture);
  const Prompt shown = embed(rows, seen());
  const Prompt nothing = embed(
      packer_.pack_generation(std::vector<std::string>(2, "Generate an image."), 0, rows.token_ids.size(1)),
      {});
  const Prompt prompt{at::cat({shown.embeddings, nothing.embeddings}), at::cat({shown.roles, nothing.roles})};
  const SamplingDraws draws = sampling_draws("sample_recon", 5);
  for (const std::string steps : {"", "sections."})
    EXPECT_LT(
        error(network_->sample(prompt, draws, sampling(steps)), golden("sample_recon." + steps + "tokens")),
        kModel)
        << steps;
}

}  // namespace
}  // namespace umm::harmon
