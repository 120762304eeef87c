// Show-o's parts against reference code: tests/data/parity/showo, made by make_golden.py.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <string>

#include "diffusion/masked_sampler.h"
#include "diffusion/masked_tokens.h"
#include "golden.h"
#include "language_model.h"
#include "nn/attention.h"
#include "nn/vit.h"
#include "packing.h"
#include "text/bpe_tokenizer.h"
#include "vae/conv_autoencoder.h"
#include "vae/lfq.h"

namespace umm::showo {
namespace {

// fp32 rounding through one block; the order of sums differs (fused attention, one matmul for all rows).
constexpr double kBlock = 1e-5;
// The same through a whole model, and backwards through it.
constexpr double kModel = 1e-4;
// Ten updates of AdamW at a rate of 1e-2, which doubles rounding errors a few times over.
constexpr double kTraining = 1e-4;

using parity::error;

struct Golden : parity::Golden {
  explicit Golden(const std::string& name) : parity::Golden("showo", name) {}
};

// [B, L, L] bool from rows of bytes.
Tensor unpacked(const Tensor& bytes, int64_t length) {
  const Tensor shifts = at::arange(7, -1, -1, at::kByte);
  const Tensor bits = bytes.unsqueeze(-1).bitwise_right_shift(shifts).bitwise_and(1);
  return bits.flatten(2).narrow(2, 0, length).ne(0);
}

class LanguageModelParity : public testing::Test {
 protected:
  LanguageModelParity() { golden_.load(*model_, "weight."); }

  Tensor hidden(at::ScalarType dtype = at::kFloat) {
    const Tensor mask = nn::additive_mask(golden_["visible"], dtype);
    return model_->forward(model_->embed(golden_["ids"]), mask);
  }

  Tensor logits() { return model_->logits(hidden(), 0, 61); }

  Tensor loss() {
    return diffusion::supervised_cross_entropy(
               hidden(), golden_["supervised"], golden_["targets"],
               [&](const Tensor& rows) { return model_->logits(rows, 0, 61); })
        .mean();
  }

  const Golden golden_{"language_model"};
  const std::shared_ptr<LanguageModel> model_ = std::make_shared<LanguageModel>(
      LanguageModelConfig{.width = 32, .num_layers = 2, .num_heads = 4, .mlp_width = 64, .rotary_width = 4},
      61,
      /*tied_embeddings=*/false);
};

TEST_F(LanguageModelParity, LogitsAndLoss) {
  EXPECT_LT(error(logits(), golden_["logits"]), kModel);
  EXPECT_LT(error(loss(), golden_["loss"]), kModel);
}

TEST_F(LanguageModelParity, GradientOfEveryParameter) {
  loss().backward();
  EXPECT_EQ(parity::expect_gradients(golden_, *model_, "gradient.", kModel), 1 + 2 * 18 + 2 + 2);
}

TEST_F(LanguageModelParity, TenUpdatesOfAdamW) {
  TrainConfig config;
  config.learning_rate = 1e-2;
  config.weight_decay = 0.01;
  parity::expect_ten_updates(
      golden_, *model_, config, [&] { return loss(); }, kTraining);
}

// Half of PyTorch's own error is ours to add: the same products in another order.
TEST_F(LanguageModelParity, Bfloat16ErrsNoMoreThanTheReference) {
  const at::NoGradGuard no_gradient;
  model_->to(at::kBFloat16);
  const Tensor ours = model_->logits(hidden(at::kBFloat16), 0, 61);
  const auto deviation = [&](const Tensor& values) {
    return (values - golden_["logits"]).square().mean().sqrt();
  };
  EXPECT_LT(deviation(ours).item<double>(), 1.5 * deviation(golden_["logits_bf16"]).item<double>());
}

// One padded batch here, one prompt at a time there.
TEST_F(LanguageModelParity, GreedyAnswersTokenForToken) {
  const at::NoGradGuard no_gradient;
  const Golden golden("answers");
  const Tensor& prompts = golden["prompts"];
  constexpr int64_t kPad = 49, kEnd = 24, kImageEnd = 51;
  const Tensor is_pad = prompts.eq(kPad);
  const Tensor after_picture =
      prompts.eq(kImageEnd).cumsum(1) - prompts.eq(kImageEnd).to(at::kLong);  // 0 up to it
  Tensor roles = at::where(after_picture.eq(0), nn::role::kShared | nn::role::kVisible, nn::role::kVisible);
  roles = roles.masked_fill(is_pad, nn::role::kLeadingPad).to(at::kByte);
  const Tensor tokens = nn::continue_greedily(*model_, model_->embed(prompts), nn::visibility(roles),
                                              {.num_words = 61, .end_id = kEnd, .max_tokens = 12});
  const Tensor& expected = golden["tokens"];  // -1 after the end
  EXPECT_TRUE(tokens.equal(expected.masked_fill(expected.eq(-1), kEnd))) << tokens << expected;
}

TEST(TowerParity, PatchFeatures) {
  const Golden golden("tower");
  nn::VisionTransformer tower(nn::VitConfig{
      .image_size = 28, .patch_size = 14, .width = 32, .num_layers = 2, .num_heads = 4, .mlp_width = 64});
  for (auto& parameter : tower->named_parameters()) {
    const at::NoGradGuard no_gradient;
    parameter.value().copy_(golden["weight.vision_model." + parameter.key()]);
  }
  EXPECT_LT(error(tower(golden["images"]), golden["features"]), kModel);
}

TEST(ImageTokenizerParity, CodesAndPictures) {
  const Golden golden("image_tokenizer");
  const vae::ConvAutoencoderConfig config{
      .encoder = {.channels = 32, .multipliers = {1, 2}, .num_blocks = {2, 1}},
      .decoder = {.channels = 32, .multipliers = {1, 2}, .num_blocks = {1, 2}},
      .code_channels = 5,
      .norm_groups = 32};
  vae::ConvEncoder encoder(config);
  vae::ConvDecoder decoder(config);
  golden.load(*encoder, "weight.encoder.");
  golden.load(*decoder, "weight.decoder.");
  const Tensor z = encoder(golden["images"]);
  EXPECT_LT(error(z, golden["z"]), kModel);
  EXPECT_TRUE(vae::lfq_indices(z).equal(golden["codes"]));
  EXPECT_LT(error(decoder(vae::lfq_signs_of(golden["codes"], 5, z.size(2))), golden["rebuilt"]), kModel);
}

class SequenceParity : public testing::Test {
 protected:
  static PackingConfig packing(int64_t text_length) {
    return {.text_length = text_length,
            .recon_text_length = 128,
            .num_image_tokens = 6,
            .system_prompt = "be kind and exact. "};
  }

  // Ids with the target's codes and the condition's picture (-1: embeddings) put in, as in the golden ids.
  static Tensor complete(PackedSequence packed, const Tensor& target, const Tensor& shown) {
    Tensor ids = packed.token_ids.clone();
    if (target.defined()) ids.narrow(1, packed.target_begin + 1, target.size(1)).copy_(target);
    if (shown.defined()) ids.scatter_(1, packed.picture_columns, shown);
    return ids;
  }

  // Rows of padding see nothing that matters; `every_row` compares them too.
  void expect_equal(const std::string& layout, const PackedSequence& packed, const Tensor& ids,
                    bool every_row) {
    const Tensor& expected = golden_[layout + ".ids"];
    ASSERT_TRUE(ids.equal(expected)) << layout << "\n" << ids << expected;
    const Tensor& stored = golden_[layout + ".visible"];
    const Tensor visible = stored.scalar_type() == at::kByte ? unpacked(stored, ids.size(1)) : stored;
    const Tensor rows = every_row ? at::ones_like(ids, at::kBool) : expected.ne(vocabulary_.pad());
    EXPECT_TRUE(
        (nn::visibility(packed.roles).eq(visible) | rows.logical_not().unsqueeze(2)).all().item<bool>())
        << layout;
  }

  const Golden golden_{"sequences"};
  const text::BpeTokenizer tokenizer_{
      text::read_bpe_vocabulary(std::string(UMM_SOURCE_DIR) + "/tests/data/tokenizer/gpt2")};
  const Vocabulary vocabulary_{.num_words = tokenizer_.vocabulary_size(), .num_codes = 16};
  const Tensor codes_ = golden_["codes"];
  const std::vector<std::string> instructions_ = {"describe the picture", "what do you see in this image?",
                                                  "list all the objects"};
};

TEST_F(SequenceParity, TextToImage) {
  ASSERT_EQ(golden_["vocabulary"].item<int64_t>(), vocabulary_.first_code());
  const Packer packer(packing(16), vocabulary_, tokenizer_);
  const Prompt prompt{.layout = Layout::text,
                      .texts = {"a red circle", "",
                                "a photo of a red circle above two blue squares and 3 rings in the picture"},
                      .contexts = {}};
  const auto packed = packer.pack_generation(prompt, packer.full_prefix_length(prompt));
  expect_equal("t2i", packed, complete(packed, codes_, Tensor()), /*every_row=*/true);
}

TEST_F(SequenceParity, UnderstandingOfCodes) {
  const Packer packer(packing(16), vocabulary_, tokenizer_);
  const auto packed = packer.pack_questions({.layout = Layout::codes,
                                             .texts = std::vector<std::string>(3, "what is this?"),
                                             .contexts = {},
                                             .picture_length = 6});
  expect_equal("understanding_codes", packed, complete(packed, Tensor(), codes_), /*every_row=*/true);
}

TEST_F(SequenceParity, UnderstandingThroughTheTower) {
  const Packer packer(packing(16), vocabulary_, tokenizer_);
  const auto packed = packer.pack_questions(
      {.layout = Layout::embeddings, .texts = {"what is this?"}, .contexts = {}, .picture_length = 576});
  expect_equal("understanding_tower", packed, complete(packed, Tensor(), at::full({1, 576}, -1, at::kLong)),
               /*every_row=*/true);
}

TEST_F(SequenceParity, ReconstructionThroughTheTower) {
  const Packer packer(packing(16), vocabulary_, tokenizer_);
  const auto packed = packer.pack_generation(
      {.layout = Layout::embeddings, .texts = instructions_, .contexts = {}, .picture_length = 576});
  expect_equal("recon_tower", packed, complete(packed, codes_, at::full({3, 576}, -1, at::kLong)),
               /*every_row=*/false);
}

TEST_F(SequenceParity, ReconstructionFromCodes) {
  const Packer packer(packing(48), vocabulary_, tokenizer_);
  const Prompt prompt{.layout = Layout::codes, .texts = instructions_, .contexts = {}, .picture_length = 4};
  const auto packed = packer.pack_generation(prompt, packer.full_prefix_length(prompt));
  expect_equal("recon_codes", packed, complete(packed, codes_, codes_.narrow(1, 0, 4)), /*every_row=*/false);
}

TEST(SamplerParity, EveryStepHidesAndEndsAsTheReference) {
  const Golden golden("sampler");
  const Tensor &table = golden["table"], &draws = golden["draws"];
  const int64_t num_steps = draws.size(0), num_tokens = draws.size(3), num_codes = table.size(1);
  const int64_t num_words = 20, first_column = 3;
  const Tensor positions = at::arange(first_column, first_column + num_tokens, at::kFloat).view({1, -1, 1});
  const Tensor bias = at::sin(positions * at::arange(1, num_codes + 1, at::kFloat));  // [1, N, V]
  int64_t step = 0;
  const auto logits = [&](const diffusion::MaskedState& state) {
    if (step > 0) {
      EXPECT_TRUE(state.hidden.equal(golden["hidden"][step - 1])) << "step " << step;
    }
    ++step;
    const Tensor ids = (state.codes + num_words).masked_fill(state.hidden, num_words + num_codes);
    return table.index({ids}) + bias;
  };
  const Tensor codes = diffusion::masked_sample(logits, draws, 1.3);
  EXPECT_EQ(step, num_steps);
  EXPECT_TRUE(codes.equal(golden["codes"])) << codes << golden["codes"];
}

}  // namespace
}  // namespace umm::showo
