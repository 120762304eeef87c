#include "conformance/trial.h"

#include <ATen/ops/zeros.h>

namespace umm::conformance {

Trial::Trial(const Subject& subject)
    : model(make_model(subject.entry(), subject.options(), 1)), batch(subject.batch(model->image_size())) {}

Condition Trial::condition() const {
  Condition all{{text_segment(batch.captions)}};
  if (dynamic_cast<const ImageEncoder*>(model.get()))
    all.segments.insert(all.segments.begin(), encoded_image_segment(batch.images, ""));
  return all;
}

Condition Trial::question() const {
  return {{encoded_image_segment(batch.images, ""), text_segment(batch.questions)}};
}

Tensor Trial::loss(Architecture& of, uint64_t seed) const {
  Rng rng(seed);
  Tensor total = at::zeros({});
  const auto add = [&](const TokenLoss& loss, const std::string& what) {
    total = total + sound_mean(loss, kBatchSize, what, !is_partly_frozen);
  };
  if (auto* generator = dynamic_cast<GenerationObjective*>(&of)) {
    add(generator->generation_loss(condition(), batch.images, rng),
        "generation_loss of the captions' pictures");
    const Condition dropped{{text_segment(batch.captions, 0.1)}};
    add(generator->generation_loss(dropped, batch.images, rng), "generation_loss of words with dropout");
  }
  if (auto* reader = dynamic_cast<TextObjective*>(&of))
    add(reader->text_loss(question(), batch.answers, rng), "text_loss of answers");
  return total;
}

Tensor sound_mean(const TokenLoss& loss, int64_t num_samples, const std::string& what, bool has_gradient) {
  expect_shape(loss.sum, {num_samples}, "sum of " + what);
  expect_shape(loss.count, {num_samples}, "count of " + what);
  UMM_CHECK(loss.sum.scalar_type() == at::kFloat, "sum of ", what, " must be float32, found ",
            loss.sum.scalar_type());
  expect_finite(loss.sum, what);
  UMM_CHECK(!has_gradient || loss.sum.requires_grad(), what, " has no gradient");
  UMM_CHECK(loss.count.sum().item<float>() > 0, what, " counts no supervised token");
  return loss.mean();
}

}  // namespace umm::conformance
