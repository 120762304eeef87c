// What an architecture does with a condition: segments, dropout, gradient scale (umm/condition.h).
#include <ATen/ops/allclose.h>
#include <c10/core/GradMode.h>

#include <cmath>

#include "conformance/checks.h"
#include "conformance/trial.h"

namespace umm::conformance {
namespace {

GenerationObjective& objective_of(const Trial& trial) {
  if (auto* found = dynamic_cast<GenerationObjective*>(trial.model.get())) return *found;
  throw NotApplicable(std::string("it is no ") + GenerationObjective::kName);
}

// Fresh weights may keep a part from having any effect yet, as a last layer of zeros does.
struct StirredTrial : Trial {
  explicit StirredTrial(const Subject& subject) : Trial(subject) {
    const c10::NoGradGuard no_grad;
    Rng rng(9);
    for (Parameter& parameter : model->parameters())
      if (!parameter.group.empty() && parameter.value.is_floating_point())
        parameter.value.add_(rng.normal(parameter.value.sizes()), 0.05);
  }
};

float loss_of(const Trial& trial, const Condition& condition) {
  Rng rng(3);
  return objective_of(trial).generation_loss(condition, trial.batch.images, rng).mean().item<float>();
}

std::vector<std::string> twice(const std::string& text) {
  return std::vector<std::string>(kBatchSize, text);
}

Segment words(const std::vector<std::string>& texts, double dropout_probability = 0,
              const std::string& dropout_text = "") {
  Segment segment = text_segment(texts, dropout_probability);
  segment.dropout_text = dropout_text;
  return segment;
}

void reads_and_drops_words(const Subject& subject) {
  const StirredTrial trial(subject);
  const auto& captions = trial.batch.captions;
  const std::string other = trial.batch.answers[0];
  UMM_CHECK(loss_of(trial, {{words(captions)}}) != loss_of(trial, {{words(twice(other))}}),
            "generation_loss is the same for other words: it does not read them");
  const float dropped = loss_of(trial, {{words(captions, 1, other)}});
  const float replaced = loss_of(trial, {{words(twice(other), 1, other)}});
  UMM_CHECK(dropped == replaced,
            "words with dropout_probability 1 must be replaced by dropout_text: its loss is ", replaced,
            ", found ", dropped);
}

Tensor other_pictures(const Trial& trial) {
  return -trial.batch.images;
}

// Gradient of the loss with respect to the condition's picture; undefined where none reaches it.
Tensor gradient_of_picture(const Trial& trial, double scale) {
  const Tensor picture = trial.batch.images.detach().clone().set_requires_grad(true);
  const Condition condition{{encoded_image_segment(picture, "", scale), text_segment(trial.batch.captions)}};
  Rng rng(3);
  const Tensor loss = objective_of(trial).generation_loss(condition, trial.batch.images, rng).mean();
  if (loss.requires_grad()) loss.backward();
  return picture.grad();
}

void sees_and_drops_pictures(const Subject& subject) {
  const StirredTrial trial(subject);
  objective_of(trial);
  if (!dynamic_cast<ImageEncoder*>(trial.model.get()))
    throw NotApplicable(std::string("it is no ") + ImageEncoder::kName);
  const auto loss_with = [&](const Tensor& picture, double dropout) {
    Segment seen = encoded_image_segment(picture, "");
    seen.dropout_probability = dropout;
    return loss_of(trial, {{seen, text_segment(trial.batch.captions)}});
  };
  const Tensor& picture = trial.batch.images;
  UMM_CHECK(loss_with(picture, 0) != loss_with(other_pictures(trial), 0),
            "generation_loss is the same for another encoded_image: it does not see it");
  UMM_CHECK(loss_with(picture, 1) == loss_with(other_pictures(trial), 1),
            "an encoded_image with dropout_probability 1 still matters");
}

void scales_gradients(const Subject& subject) {
  const StirredTrial trial(subject);
  objective_of(trial);
  if (!dynamic_cast<ImageEncoder*>(trial.model.get()))
    throw NotApplicable(std::string("it is no ") + ImageEncoder::kName);
  const Tensor whole = gradient_of_picture(trial, 1);
  if (!whole.defined() || whole.count_nonzero().item<int64_t>() == 0)
    throw NotApplicable("no gradient reaches a picture through its encoder");
  const Tensor none = gradient_of_picture(trial, 0);
  UMM_CHECK(!none.defined() || none.count_nonzero().item<int64_t>() == 0,
            "with gradient_scale 0 a gradient still reaches the encoded_image");
  const Tensor half = gradient_of_picture(trial, 0.5);
  UMM_CHECK(half.defined() && at::allclose(half, whole * 0.5, 1e-3, 1e-7),
            "with gradient_scale 0.5 the gradient of the encoded_image is not half of what it is with 1");
}

// Methods compose what they like; what a family cannot pack it refuses.
void packs_or_refuses(const Subject& subject) {
  const StirredTrial trial(subject);
  objective_of(trial);
  const auto packs = [&](const std::string& what, const Condition& condition) {
    float loss = 0;
    try {
      loss = loss_of(trial, condition);
    } catch (const Error&) {
      return;
    } catch (const std::exception& other) {
      throw Error(what +
                  " must be packed, or refused with umm::Error; it ended in: " + first_line(other.what()));
    }
    UMM_CHECK(std::isfinite(loss), "generation_loss of ", what, " is not finite");
  };
  packs("the empty condition {}", {});
  packs("a generation_image", {{generation_image_segment(trial.batch.images)}});
  packs("a generation_image behind words",
        {{text_segment(trial.batch.captions), generation_image_segment(trial.batch.images)}});
}

}  // namespace

std::vector<Check> condition_checks() {
  return {{"words", "generation_loss reads the condition's words, and their dropout", reads_and_drops_words},
          {"pictures", "generation_loss sees encoded pictures, and their dropout", sees_and_drops_pictures},
          {"scale", "a segment's gradient_scale scales what flows back into it", scales_gradients},
          {"segments", "other conditions are packed, or refused by name", packs_or_refuses}};
}

}  // namespace umm::conformance
