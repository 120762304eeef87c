#include "nn/parallel_decoder_block.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "nn/attention.h"
#include "nn/initialize.h"
#include "umm/random.h"

namespace umm::nn {
namespace {

constexpr int64_t kWidth = 24, kHeads = 3, kRotary = 4;

ParallelDecoderBlock make_block() {
  ParallelDecoderBlock block(kWidth, kHeads, 4 * kWidth);
  initialize(block.ptr(), 0.3, Rng(5));
  return block;
}

Tensor weight(const ParallelDecoderBlock& block, const std::string& name) {
  return block->named_parameters()[name];
}

TEST(ParallelDecoderBlock, HasThePublishedNames) {
  std::set<std::string> names;
  for (const auto& parameter : make_block()->named_parameters()) names.insert(parameter.key());
  std::set<std::string> expected;
  for (const char* module :
       {"input_layernorm", "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.dense",
        "self_attn.q_layernorm", "self_attn.k_layernorm", "mlp.fc1", "mlp.fc2"})
    for (const char* part : {".weight", ".bias"}) expected.insert(std::string(module) + part);
  EXPECT_EQ(names, expected);
}

TEST(ParallelDecoderBlock, AddsAttentionAndMlpOfOneNorm) {
  const at::NoGradGuard no_gradient;
  auto block = make_block();
  const Tensor x = Rng(1).normal({2, 5, kWidth});
  const auto rope = rope_tables(0, 5, kRotary, 10000, x);
  const Tensor mask = additive_mask(at::ones({2, 5, 5}, at::kBool).tril(), at::kFloat);

  // The same in plain operations, one head and one row after the other.
  const auto linear = [&](const Tensor& in, const std::string& name) {
    return at::linear(in, weight(block, name + ".weight"), weight(block, name + ".bias"));
  };
  const Tensor h = at::layer_norm(x, {kWidth});
  Tensor seen = at::zeros_like(x);
  for (int64_t head = 0; head < kHeads; ++head) {
    const auto part = [&](const std::string& name) { return linear(h, name).narrow(2, head * 8, 8); };
    const auto turned = [&](const std::string& name) {
      return apply_rope(at::layer_norm(part(name), {8}).unsqueeze(1), rope).squeeze(1);
    };
    const Tensor scores =
        turned("self_attn.q_proj").matmul(turned("self_attn.k_proj").transpose(1, 2)) / std::sqrt(8.0);
    seen.narrow(2, head * 8, 8)
        .copy_((scores + mask.squeeze(1)).softmax(-1).matmul(part("self_attn.v_proj")));
  }
  const Tensor expected =
      x + linear(seen, "self_attn.dense") + linear(at::gelu(linear(h, "mlp.fc1"), "tanh"), "mlp.fc2");
  EXPECT_TRUE(at::allclose(block(x, mask, rope), expected, 1e-4, 1e-5));
}

TEST(ParallelDecoderBlock, PrefixInPiecesEqualsTheWhole) {
  const at::NoGradGuard no_gradient;
  auto block = make_block();
  const Tensor x = Rng(2).normal({2, 7, kWidth});
  const Tensor mask = additive_mask(at::ones({2, 7, 7}, at::kBool).tril(), at::kFloat);
  const Tensor whole = block(x, mask, rope_tables(0, 7, kRotary, 10000, x));

  KeyValue cache;
  block(x.narrow(1, 0, 4), mask.slice(2, 0, 4).slice(3, 0, 4), rope_tables(0, 4, kRotary, 10000, x), nullptr,
        &cache);
  EXPECT_EQ(cache.key.size(2), 4);
  const Tensor rest =
      block(x.narrow(1, 4, 3), mask.slice(2, 4), rope_tables(4, 3, kRotary, 10000, x), &cache, &cache);
  EXPECT_EQ(cache.key.size(2), 7);
  EXPECT_TRUE(at::allclose(rest, whole.narrow(1, 4, 3), 1e-4, 1e-5));
}

}  // namespace
}  // namespace umm::nn
