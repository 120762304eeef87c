// A model of two numbers that does what methods ask of it and remembers what it was handed.
//   generation  loss of a sample = generator x mean(target^2)
//   text        loss of a sample = reader x length of the answer
#pragma once

#include <ATen/ops/full.h>
#include <ATen/ops/tensor.h>

#include <string>
#include <vector>

#include "umm/architecture.h"
#include "umm/batch.h"
#include "umm/capabilities.h"
#include "umm/error.h"
#include "umm/method.h"

namespace umm::testing {

struct GenerationCall {
  Condition condition;
  Tensor target;
  uint64_t draw = 0;  // first number of the stream it was handed
};

struct TextCall {
  Condition prompt;
  std::vector<std::string> answers;
};

class FakeArchitecture : public Architecture,
                         public ImageEncoder,
                         public GenerationObjective,
                         public TextObjective,
                         public ImageCodec {
 public:
  int64_t image_size() const override { return 8; }
  std::vector<ParameterGroup> parameter_groups() const override {
    return {{"generator", true, ""}, {"reader", true, ""}, {"codec", false, ""}};
  }
  std::vector<Parameter> parameters() override {
    return {{"model", "generator", "generator", generator}, {"model", "reader", "reader", reader}};
  }
  void initialize(uint64_t) override {}
  void set_training(bool) override {}

  std::vector<ImageEncoderInfo> image_encoders() const override { return {{"eye", 8, 4}}; }
  Tensor encode_image(const std::string&, const Tensor& images) override {
    return images.mean({2, 3}).unsqueeze(1);
  }

  TokenLoss generation_loss(const Condition& condition, const Tensor& target_images, Rng& rng) override {
    generation_calls.push_back({condition, target_images, rng.next()});
    const Tensor count = at::full({target_images.size(0)}, 2.0);
    return {at::mul(at::mul(target_images, target_images).mean({1, 2, 3}), at::mul(count, generator)), count};
  }
  TokenLoss text_loss(const Condition& prompt, const std::vector<std::string>& targets, Rng&) override {
    text_calls.push_back({prompt, targets});
    std::vector<float> lengths;
    for (const std::string& target : targets) lengths.push_back(static_cast<float>(target.size()));
    return {at::mul(at::tensor(lengths), reader), at::tensor(lengths)};
  }
  Tensor round_trip(const Tensor& images) override { return images; }
  TokenLoss codec_loss(const Tensor& images, Rng&) override {
    codec_images = images;
    return {images.mean({1, 2, 3}), at::full({images.size(0)}, 1.0)};
  }
  std::vector<std::string> codec_groups() const override { return {"codec"}; }

  Tensor generator = at::full({1}, 3.0).requires_grad_();
  Tensor reader = at::full({1}, 5.0).requires_grad_();
  std::vector<GenerationCall> generation_calls;
  std::vector<TextCall> text_calls;
  Tensor codec_images;
};

// Can nothing.
class EmptyArchitecture : public Architecture {
 public:
  int64_t image_size() const override { return 8; }
  std::vector<ParameterGroup> parameter_groups() const override { return {}; }
  std::vector<Parameter> parameters() override { return {}; }
  void initialize(uint64_t) override {}
  void set_training(bool) override {}
};

// `size` samples of 8 x 8 random pixels with numbered words.
inline Batch fake_batch(int64_t size, uint64_t seed = 1) {
  Batch batch;
  batch.images = Rng(seed).uniform({size, 3, 8, 8}).mul(2).sub(1);
  for (int64_t i = 0; i < size; ++i) {
    const std::string number = std::to_string(i);
    batch.captions.push_back("caption " + number);
    batch.questions.push_back("question " + number);
    batch.answers.push_back("answer " + number);
    batch.instructions.emplace_back();
  }
  return batch;
}

inline std::vector<std::string> flow_names(const Method& method) {
  std::vector<std::string> names;
  for (const Flow& flow : method.flows()) names.push_back(flow.name);
  return names;
}

inline std::vector<std::string> term_names(const std::vector<LossTerm>& terms) {
  std::vector<std::string> names;
  for (const LossTerm& term : terms) names.push_back(term.name);
  return names;
}

inline const LossTerm& term(const std::vector<LossTerm>& terms, const std::string& name) {
  for (const LossTerm& candidate : terms) {
    if (candidate.name == name) return candidate;
  }
  throw Error("no loss term " + name);
}

}  // namespace umm::testing
