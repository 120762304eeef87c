// The blocks that Harmon is made of against reference code: tests/data/parity/harmon, made by make_golden.py.
#include <gtest/gtest.h>

#include "diffusion/ddpm.h"
#include "diffusion/mar_masks.h"
#include "diffusion/masked_tokens.h"
#include "diffusion_head.h"
#include "golden.h"
#include "nn/encoder_block.h"
#include "nn/qwen2.h"
#include "umm/error.h"
#include "vae/autoencoder_kl.h"

namespace umm::harmon {
namespace {

using parity::error;

struct Golden : parity::Golden {
  explicit Golden(const std::string& name) : parity::Golden("harmon", name) {}
};

// fp32 rounding through one block; the order of sums differs (fused attention, one product for several).
constexpr double kBlock = 1e-5;
// The same through a whole model, and backwards through it.
constexpr double kModel = 1e-4;
// Ten updates of AdamW, which doubles rounding errors a few times over.
constexpr double kTraining = 1e-4;
// Seven denoising steps whose first multiplies by thousands: the reference in float64 differs by 5e-5.
constexpr double kDenoising = 5e-4;

class Qwen2Parity : public testing::Test {
 protected:
  Qwen2Parity() { golden_.load(*model_, "weight."); }

  // Padding moved to the left, where it hides as well: [3, 16] each. Positions are relative.
  struct Moved {
    Tensor places, roles;  // original column of each, flags
  };
  Moved moved() const {
    const Tensor& valid = golden_["valid"];
    const Tensor places = valid.to(at::kLong).argsort(/*stable=*/true, 1, false);
    const Tensor pads = valid.gather(1, places).logical_not();
    return {places, at::where(pads, nn::role::kLeadingPad, nn::role::kVisible).to(at::kByte)};
  }

  // Hidden states in the original order.
  Tensor hidden(at::ScalarType dtype = at::kFloat) {
    const auto [places, roles] = moved();
    const Tensor mask = nn::additive_mask(nn::visibility(roles), dtype);
    const Tensor x = model_->forward(model_->embed(golden_["ids"].gather(1, places)), mask);
    const Tensor index = places.unsqueeze(2).expand_as(x);
    return at::zeros_like(x).scatter(1, index, x);
  }

  Tensor valid_rows(const Tensor& x) const {
    return x.masked_fill(golden_["valid"].logical_not().unsqueeze(2), 0);
  }

  Tensor loss() {
    return diffusion::supervised_cross_entropy(
               hidden(), golden_["supervised"], golden_["targets"],
               [&](const Tensor& rows) { return model_->logits(rows, 0, 67); })
        .mean();
  }

  const Golden golden_{"qwen2"};
  nn::Qwen2 model_{nn::Qwen2Config{.vocabulary_size = 67,
                                   .width = 32,
                                   .num_layers = 2,
                                   .num_heads = 4,
                                   .num_key_value_heads = 2,
                                   .mlp_width = 64}};
};

TEST_F(Qwen2Parity, HiddenStatesLogitsAndLoss) {
  const Tensor states = hidden();
  EXPECT_LT(error(valid_rows(states), valid_rows(golden_["hidden"])), kModel);
  EXPECT_LT(error(valid_rows(model_->logits(states, 0, 67)), valid_rows(golden_["logits"])), kModel);
  EXPECT_LT(error(loss(), golden_["loss"]), kModel);
}

TEST_F(Qwen2Parity, GradientOfEveryParameter) {
  loss().backward();
  EXPECT_EQ(parity::expect_gradients(golden_, *model_, "gradient.", kModel), 1 + 2 * 12 + 1);
}

TEST_F(Qwen2Parity, TenUpdatesOfAdamW) {
  TrainConfig config;
  config.learning_rate = 1e-2;
  config.weight_decay = 0.01;
  parity::expect_ten_updates(
      golden_, *model_, config, [&] { return loss(); }, kTraining);
}

TEST_F(Qwen2Parity, Bfloat16ErrsNoMoreThanTheReference) {
  const at::NoGradGuard no_gradient;
  model_->to(at::kBFloat16);
  const Tensor ours = model_->logits(hidden(at::kBFloat16), 0, 67);
  const auto deviation = [&](const Tensor& values) {
    return valid_rows(values - golden_["logits"]).square().mean().sqrt().item<double>();
  };
  EXPECT_LT(deviation(ours), 1.5 * deviation(golden_["logits_bf16"]));
}

// One padded batch here, one prompt at a time there.
TEST_F(Qwen2Parity, GreedyAnswersTokenForToken) {
  const at::NoGradGuard no_gradient;
  const Tensor& prompts = golden_["prompts"];  // padded on the left
  const Tensor lengths = golden_["prompt_lengths"].unsqueeze(1);
  const Tensor is_pad = at::arange(prompts.size(1)).unsqueeze(0) < prompts.size(1) - lengths;
  const Tensor roles = at::where(is_pad, nn::role::kLeadingPad, nn::role::kVisible).to(at::kByte);
  constexpr int64_t kEnd = 3;
  const Tensor tokens = nn::continue_greedily(*model_, model_->embed(prompts), nn::visibility(roles),
                                              {.num_words = 67, .end_id = kEnd, .max_tokens = 8});
  const Tensor& expected = golden_["tokens"];  // -1 after the end
  EXPECT_TRUE(tokens.equal(expected.masked_fill(expected.eq(-1), kEnd))) << tokens << expected;
}

// The last block of the last tokens alone, behind a prompt whose keys and values are kept.
TEST_F(Qwen2Parity, LastTokensBehindACache) {
  const at::NoGradGuard no_gradient;
  const Tensor x = model_->embed(golden_["ids"]);
  const Tensor roles = at::full({3, 16}, nn::role::kVisible, at::kByte);
  const Tensor mask = nn::additive_mask(nn::visibility(roles), at::kFloat);
  const Tensor all = model_->forward(x, mask);
  EXPECT_LT(error(model_->last_hidden(x, mask, 5), all.slice(1, -5)), kBlock);
  nn::KeyValueCache cache;
  model_->last_hidden(x.slice(1, 0, 9), mask.narrow(2, 0, 9).narrow(3, 0, 9), 1, 0, nullptr, &cache);
  EXPECT_LT(error(model_->forward(x.slice(1, 9), mask.slice(2, 9), 9, &cache), all.slice(1, 9)), kBlock);
}

class EncoderBlockParity : public testing::Test {
 protected:
  EncoderBlockParity() { golden_.load(*block_, "weight."); }

  const Golden golden_{"vit_block"};
  nn::EncoderBlock block_{32, 4, 128};
};

TEST_F(EncoderBlockParity, ForwardAndBackward) {
  const Tensor x = golden_["x"].clone().requires_grad_();
  const Tensor y = block_(x);
  EXPECT_LT(error(y, golden_["y"]), kBlock);
  (y * golden_["cotangent"]).sum().backward();
  EXPECT_LT(error(x.grad(), golden_["gradient.x"]), kBlock);
  EXPECT_EQ(parity::expect_gradients(golden_, *block_, "gradient.", kModel), 12);
}

TEST_F(EncoderBlockParity, SomeRowsAreThoseOfAll) {
  const Tensor rows = at::tensor({7, 2, 3, 0, 8, 1}, at::kLong).view({2, 3});
  const Tensor some = block_->forward(golden_["x"], {}, rows);
  EXPECT_LT(error(some, nn::take_rows(golden_["y"], rows)), kBlock);
}

TEST(AutoencoderKlParity, LawsAndPictures) {
  const Golden golden("autoencoder_kl");
  vae::AutoencoderKl model(
      vae::ConvAutoencoderConfig{.encoder = {.channels = 32, .multipliers = {1, 2}, .num_blocks = {1, 1}},
                                 .decoder = {.channels = 32, .multipliers = {1, 2}, .num_blocks = {2, 2}},
                                 .code_channels = 4,
                                 .norm_groups = 32,
                                 .encoder_attention = true});
  golden.load(*model, "weight.");
  const vae::Gaussian law = model->encode(golden["images"]);
  EXPECT_LT(error(law.mean, golden["mean"]), kModel);
  EXPECT_LT(error(law.log_variance, golden["logvar"]), kModel);
  EXPECT_LT(error(model->decode(golden["mean"]), golden["rebuilt"]), kModel);
}

Tensor as_tensor(const std::vector<double>& values) {
  return at::tensor(values, at::kDouble);
}

TEST(DdpmParity, Schedules) {
  const Golden golden("ddpm");
  EXPECT_LT(error(as_tensor(diffusion::Ddpm().betas()), golden["betas"]), 1e-12);
  EXPECT_LT(error(as_tensor(diffusion::Ddpm(100).betas()), golden["betas_100"]), 1e-12);
  EXPECT_TRUE(at::tensor(diffusion::Ddpm(100).timesteps(), at::kLong).equal(golden["map_100"]));
  EXPECT_TRUE(at::tensor(diffusion::Ddpm(7).timesteps(), at::kLong).equal(golden["map_7"]));
  EXPECT_EQ(diffusion::Ddpm::strided(7).timesteps(), (std::vector<int64_t>{0, 142, 284, 426, 568, 710, 852}));
  EXPECT_EQ(diffusion::Ddpm::strided(25).timesteps().back(), 960);
  EXPECT_THROW(diffusion::Ddpm(0), InputError);
  EXPECT_THROW(diffusion::Ddpm(1001), InputError);
}

TEST(DdpmParity, LossAndItsGradient) {
  const Golden golden("ddpm");
  const diffusion::Ddpm diffusion;
  const Tensor output = golden["output"].clone().requires_grad_();
  const Tensor noised = diffusion.noised(golden["x"], golden["t"], golden["noise"]);
  const Tensor loss = diffusion.loss(output, golden["x"], noised, golden["t"], golden["noise"]);
  EXPECT_LT(((loss - golden["loss"]) / golden["loss"]).abs().max().item<double>(), kModel);
  loss.sum().backward();
  EXPECT_LT(error(output.grad(), golden["gradient"]), kModel);
}

TEST(DdpmParity, AncestralSampling) {
  const Golden golden("ddpm");
  const diffusion::Ddpm diffusion(7);
  Tensor x = golden["start"];
  for (int64_t step = 6; step >= 0; --step) {
    const double time = static_cast<double>(diffusion.timesteps()[static_cast<size_t>(step)]) / 1000;
    const Tensor input = at::cat({x, at::full({x.size(0), 1}, time)}, 1);
    const Tensor output = input.matmul(golden["network.a"]) + golden["network.b"];
    x = diffusion.denoised(output, x, step, golden["step_noise"][6 - step], 0.7);
  }
  EXPECT_LT(error(x, golden["sample"]), kDenoising);
}

TEST(DiffusionHeadParity, ForwardBackwardAndGuided) {
  const Golden golden("diffusion_head");
  DiffusionHead head({.token_channels = 4, .condition_width = 24, .width = 32, .num_blocks = 2});
  torch::nn::Module& net = *head.children().front();  // the names begin behind "net."
  golden.load(net, "weight.");
  const Tensor c = golden["c"].clone().requires_grad_();
  const auto predict = [&](const Tensor& x) {
    return head.forward(x, head.modulations(head.time(golden["t"]) + head.condition(c)));
  };
  const Tensor y = predict(golden["x"]);
  EXPECT_LT(error(y, golden["y"]), kModel);
  (y * golden["cotangent"]).sum().backward();
  EXPECT_LT(error(c.grad(), golden["gradient.c"]), kModel);
  EXPECT_GT(parity::expect_gradients(golden, net, "gradient.", kModel), 20);

  const Tensor shared = golden["x"].slice(0, 0, 3).repeat({2, 1});
  const Tensor halves = predict(shared).narrow(1, 0, 4);
  const Tensor guided = halves.slice(0, 3) + 3.0 * (halves.slice(0, 0, 3) - halves.slice(0, 3));
  EXPECT_LT(error(guided.repeat({2, 1}), golden["guided"].narrow(1, 0, 4)), kModel);
}

TEST(MarMasksParity, SharesCountsAndReveals) {
  const Golden golden("mar_masks");
  const Tensor &draws = golden["draws"], &rates = golden["rates"], &counts = golden["counts_1024"];
  for (int64_t i = 0; i < draws.size(0); ++i) {
    const double share = diffusion::masked_share(draws[i].item<double>(), {});
    EXPECT_NEAR(share, rates[i].item<double>(), 1e-12);
    EXPECT_EQ(std::ceil(1024 * share), counts[i].item<double>());
  }
  for (const auto& [tokens, iterations] : {std::pair{1024, 64}, {16, 16}, {16, 8}, {256, 64}}) {
    std::vector<int64_t> revealed;
    int64_t hidden = tokens;
    for (int64_t next : diffusion::hidden_counts(tokens, iterations)) {
      revealed.push_back(hidden - next);
      hidden = next;
    }
    const auto name = "reveal_" + std::to_string(tokens) + "_" + std::to_string(iterations);
    EXPECT_TRUE(at::tensor(revealed, at::kLong).equal(golden[name])) << name << at::tensor(revealed);
  }
}

}  // namespace
}  // namespace umm::harmon
