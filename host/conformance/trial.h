// A model under check with pictures and words to try it on.
// B samples
#pragma once

#include "conformance/expect.h"
#include "conformance/subject.h"

namespace umm::conformance {

struct Trial {
  explicit Trial(const Subject& subject);  // fresh weights of seed 1, training mode

  // Picture and caption where the model sees pictures, caption alone where it does not.
  Condition condition() const;
  Condition question() const;  // picture, question

  // Every objective that `of` has, added up, each found sound. Scalar, with gradient.
  Tensor loss(Architecture& of, uint64_t seed) const;
  float loss_value(uint64_t seed) const { return loss(*model, seed).item<float>(); }

  std::unique_ptr<Architecture> model;
  Batch batch;                    // kBatchSize samples; pictures of the model's own size
  bool is_partly_frozen = false;  // words alone do not reach an image encoder: no gradient is right then
};

// The loss as the method takes it, after its shape and its numbers were looked at. `what` names it.
Tensor sound_mean(const TokenLoss& loss, int64_t num_samples, const std::string& what,
                  bool has_gradient = true);

}  // namespace umm::conformance
