// Architectures that ignore a part of their condition, or break over one.
#include <ATen/ATen.h>

#include <cmath>
#include <stdexcept>

#include "faults.h"

namespace umm::testing {
namespace {

using Toy = ToyArchitecture;

// Gives the condition away to be changed before the honest loss sees it.
struct OtherCondition : Toy {
  virtual void change(Condition& condition) = 0;
  TokenLoss generation_loss(const Condition& condition, const Tensor& images, Rng& rng) override {
    Condition changed = condition;
    change(changed);
    return Toy::generation_loss(changed, images, rng);
  }
};

struct ReadsNoWords : OtherCondition {
  void change(Condition& condition) override {
    for (Segment& segment : condition.segments)
      for (std::string& text : segment.text) text = std::string(1, 'a');
  }
};

struct KeepsItsWords : OtherCondition {
  void change(Condition& condition) override {
    for (Segment& segment : condition.segments)
      if (segment.kind == SegmentKind::text) segment.dropout_probability = 0;
  }
};

struct SeesNoPictures : OtherCondition {
  void change(Condition& condition) override {
    std::erase_if(condition.segments, [](const Segment& s) { return s.kind == SegmentKind::encoded_image; });
  }
};

struct KeepsItsPictures : OtherCondition {
  void change(Condition& condition) override {
    for (Segment& segment : condition.segments)
      if (segment.kind == SegmentKind::encoded_image) segment.dropout_probability = 0;
  }
};

struct ScalesNoGradient : OtherCondition {
  void change(Condition& condition) override {
    for (Segment& segment : condition.segments) segment.gradient_scale = 1;
  }
};

struct StopsEveryScaledGradient : OtherCondition {
  void change(Condition& condition) override {
    for (Segment& segment : condition.segments)
      if (segment.gradient_scale != 1) segment.gradient_scale = 0;
  }
};

struct BreaksOverNothing : OtherCondition {
  void change(Condition& condition) override {
    if (condition.segments.empty()) throw std::out_of_range("segments.at(0)");
  }
};

struct IsInfiniteOverNothing : Toy {
  TokenLoss generation_loss(const Condition& condition, const Tensor& images, Rng& rng) override {
    TokenLoss loss = Toy::generation_loss(condition, images, rng);
    if (condition.segments.empty()) loss.sum = loss.sum / 0.0;
    return loss;
  }
};

struct AddsFloats : Toy {
  TokenLoss generation_loss(const Condition& condition, const Tensor& images, Rng& rng) override {
    TokenLoss loss = Toy::generation_loss(condition, images, rng);
    TORCH_CHECK(hidden_.scalar_type() == at::kFloat, "expected m1 and m2 to have the same dtype");
    return loss;
  }
};

}  // namespace

std::vector<Fault> condition_faults() {
  return {
      {"words", "reads_no_words", "it does not read them", makes<ReadsNoWords>},
      {"words", "keeps_its_words", "must be replaced by dropout_text", makes<KeepsItsWords>},
      {"pictures", "sees_no_pictures", "it does not see it", makes<SeesNoPictures>},
      {"pictures", "keeps_its_pictures", "still matters", makes<KeepsItsPictures>},
      {"scale", "scales_no_gradient", "a gradient still reaches", makes<ScalesNoGradient>},
      {"scale", "stops_every_scaled_gradient", "is not half", makes<StopsEveryScaledGradient>},
      {"segments", "breaks_over_nothing", "the empty condition {} must be packed", makes<BreaksOverNothing>},
      {"segments", "is_infinite_over_nothing", "is not finite", makes<IsInfiniteOverNothing>},
      {"bf16", "adds_floats", "have the same dtype", makes<AddsFloats>}};
}

}  // namespace umm::testing
