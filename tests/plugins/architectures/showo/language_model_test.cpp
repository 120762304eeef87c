#include "language_model.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "nn/attention.h"
#include "nn/initialize.h"
#include "umm/random.h"

namespace umm::showo {
namespace {

const LanguageModelConfig kSmall{
    .width = 24, .num_layers = 2, .num_heads = 3, .mlp_width = 48, .rotary_width = 4};

std::set<std::string> top_names(const LanguageModel& model) {
  std::set<std::string> names;
  for (const auto& item : model.named_parameters())
    if (item.key().find(".layers.") == std::string::npos) names.insert(item.key());
  return names;
}

TEST(LanguageModel, HasThePublishedNamesAndSizes) {
  // One published layer has 50,354,432 parameters, the final norm 4,096.
  LanguageModel model(
      {.width = 2048, .num_layers = 1, .num_heads = 32, .mlp_width = 8192, .rotary_width = 32}, 10, false);
  int64_t count = 0;
  for (const auto& parameter : model.parameters()) count += parameter.numel();
  EXPECT_EQ(count, 50354432 + 4096 + 10 * (2048 + 2049));
  EXPECT_EQ(model.named_parameters().size(), 18 + 2 + 1 + 2);
  EXPECT_TRUE(model.named_parameters().contains("model.layers.0.self_attn.q_layernorm.bias"));
  EXPECT_EQ(top_names(model),
            (std::set<std::string>{"model.embed_tokens.weight", "model.final_layernorm.weight",
                                   "model.final_layernorm.bias", "lm_head.weight", "lm_head.bias"}));
}

TEST(LanguageModel, TiedHeadReadsTheEmbeddings) {
  auto model = std::make_shared<LanguageModel>(kSmall, 11, true);
  nn::initialize(model, 0.02, Rng(1));
  EXPECT_FALSE(top_names(*model).contains("lm_head.weight"));
  const at::NoGradGuard no_gradient;
  model->named_parameters()["lm_head.bias"].fill_(2);
  const Tensor hidden = Rng(2).normal({3, 24});
  const Tensor all = model->logits(hidden, 0, 11);
  EXPECT_TRUE(at::allclose(all, hidden.matmul(model->weight().t()) + 2, 1e-5, 1e-6));
  EXPECT_TRUE(at::allclose(model->logits(hidden, 4, 3), all.narrow(1, 4, 3), 1e-5, 1e-6));
}

// The sampler's claim: prompt once, picture rows many times, equals everything anew.
TEST(LanguageModel, CachedPromptEqualsFullRecomputation) {
  const at::NoGradGuard no_gradient;
  auto model = std::make_shared<LanguageModel>(kSmall, 40, true);
  nn::initialize(model, 0.3, Rng(1));
  constexpr int64_t kPrefix = 6, kLive = 5, kLength = kPrefix + kLive;
  namespace role = nn::role;
  Tensor roles = at::full({2, kLength}, role::kVisible, at::kByte);
  roles[0].slice(0, 0, 2).fill_(role::kLeadingPad);
  roles[1].slice(0, 1, 3).fill_(role::kVisible | role::kShared);
  roles.slice(1, kPrefix).fill_(role::kVisible | role::kFull);
  const Tensor mask = nn::additive_mask(nn::visibility(roles), at::kFloat);
  Tensor ids = at::arange(2 * kLength).view({2, kLength});

  nn::KeyValueCache cache;
  model->forward(model->embed(ids.narrow(1, 0, kPrefix)), mask.narrow(2, 0, kPrefix).narrow(3, 0, kPrefix), 0,
                 nullptr, &cache);
  for (int step = 0; step < 2; ++step) {
    ids.slice(1, kPrefix).add_(step);  // another picture
    const Tensor whole = model->forward(model->embed(ids), mask).slice(1, kPrefix);
    const Tensor cached =
        model->forward(model->embed(ids.slice(1, kPrefix)), mask.slice(2, kPrefix), kPrefix, &cache);
    EXPECT_TRUE(at::allclose(cached, whole, 1e-4, 1e-5)) << (cached - whole).abs().max();
  }
}

// The claim of answering: a token at a time, with keys and values kept, equals the whole text at once.
TEST(LanguageModel, TextGrowsByOneTokenAtATime) {
  const at::NoGradGuard no_gradient;
  auto model = std::make_shared<LanguageModel>(kSmall, 40, true);
  nn::initialize(model, 0.3, Rng(1));
  const Tensor x = model->embed(at::arange(14).view({2, 7}));
  const Tensor mask = nn::additive_mask(at::ones({2, 7, 7}, at::kBool).tril(), at::kFloat);
  const Tensor whole = model->forward(x, mask);
  nn::KeyValueCache cache;
  model->forward(x.narrow(1, 0, 3), mask.slice(2, 0, 3).slice(3, 0, 3), 0, nullptr, &cache);
  for (int64_t t = 3; t < 7; ++t) {
    const Tensor next =
        model->forward(x.narrow(1, t, 1), mask.narrow(2, t, 1).slice(3, 0, t + 1), t, &cache, &cache);
    EXPECT_TRUE(at::allclose(next, whole.narrow(1, t, 1), 1e-4, 1e-5)) << t;
  }
}

}  // namespace
}  // namespace umm::showo
