#include "nn/vit.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "nn/initialize.h"
#include "umm/error.h"
#include "umm/random.h"

namespace umm::nn {
namespace {

const VitConfig kConfig{
    .image_size = 16, .patch_size = 4, .width = 12, .num_layers = 2, .num_heads = 3, .mlp_width = 20};

TEST(VisionTransformer, HasThePublishedNames) {
  std::set<std::string> names;
  for (const auto& parameter : VisionTransformer(kConfig)->named_parameters()) names.insert(parameter.key());
  std::set<std::string> expected = {"embeddings.class_embedding", "embeddings.patch_embedding.weight",
                                    "embeddings.position_embedding.weight", "pre_layrnorm.weight",
                                    "pre_layrnorm.bias"};
  for (const char* layer : {"encoder.layers.0.", "encoder.layers.1."})
    for (const char* module : {"layer_norm1", "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj",
                               "self_attn.out_proj", "layer_norm2", "mlp.fc1", "mlp.fc2"})
      for (const char* part : {".weight", ".bias"}) expected.insert(std::string(layer) + module + part);
  EXPECT_EQ(names, expected);
}

TEST(VisionTransformer, GivesOneFeaturePerPatchInRasterOrder) {
  const at::NoGradGuard no_gradient;
  VisionTransformer tower(kConfig);
  initialize(tower.ptr(), 0.02, Rng(1));
  Tensor images = Rng(2).normal({2, 3, 16, 16});
  const Tensor before = tower(images);
  ASSERT_EQ(before.sizes(), (std::vector<int64_t>{2, 16, 12}));
  images[0].slice(1, 4, 8).slice(2, 12, 16).add_(1);  // row 1, column 3: patch 7 of picture 0
  const Tensor change = (tower(images) - before).abs().sum(2);
  EXPECT_EQ(change[0].argmax().item<int64_t>(), 7);
  EXPECT_EQ(change[1].sum().item<double>(), 0);
}

TEST(VisionTransformer, RejectsOtherSizes) {
  VisionTransformer tower(kConfig);
  EXPECT_THROW(tower(at::zeros({1, 3, 8, 8})), Error);
}

}  // namespace
}  // namespace umm::nn
