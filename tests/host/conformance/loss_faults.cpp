// Architectures whose losses, gradients or refusals are not what they promise.
#include <ATen/ATen.h>

#include <cmath>
#include <stdexcept>

#include "faults.h"

namespace umm::testing {
namespace {

using Toy = ToyArchitecture;

// --- losses

// Gives the honest loss away to be changed.
struct OtherLoss : Toy {
  virtual void change(Tensor& sum, const Tensor& images, Rng& rng) = 0;
  TokenLoss generation_loss(const Condition& condition, const Tensor& images, Rng& rng) override {
    TokenLoss loss = Toy::generation_loss(condition, images, rng);
    change(loss.sum, images, rng);
    return loss;
  }
};

struct DrawsFromLibTorch : OtherLoss {
  void change(Tensor& sum, const Tensor&, Rng&) override { sum = sum + at::rand({}); }
};

struct CountsCalls : OtherLoss {
  void change(Tensor& sum, const Tensor&, Rng&) override { sum = sum + ++calls; }
  int calls = 0;
};

struct IsNotANumber : OtherLoss {
  void change(Tensor& sum, const Tensor&, Rng&) override { sum = sum * std::nan(""); }
};

struct HasNoGradient : OtherLoss {
  void change(Tensor& sum, const Tensor&, Rng&) override { sum = sum.detach(); }
};

struct AddsUpTheBatch : OtherLoss {
  void change(Tensor& sum, const Tensor&, Rng&) override { sum = sum.sum(); }
};

struct LooksAtAValue : OtherLoss {
  void change(Tensor& sum, const Tensor& images, Rng&) override {
    if (images.mean().item<float>() > 2) sum = sum * 2;
  }
};

struct CopiesToTheHost : OtherLoss {
  void change(Tensor& sum, const Tensor& images, Rng&) override {
    sum = sum + images.cpu().mean().to(sum.device());
  }
};

struct ThawsItsWords : OtherLoss {
  void change(Tensor& sum, const Tensor&, Rng&) override {
    words_.set_requires_grad(true);
    sum = sum + words_.sum();
  }
};

struct WritesAGradient : OtherLoss {
  void change(Tensor&, const Tensor&, Rng&) override { squeeze_.mutable_grad() = at::ones_like(squeeze_); }
};

struct HasAnInfiniteGradient : OtherLoss {
  void change(Tensor& sum, const Tensor&, Rng&) override { sum = sum + (words_ - words_).sum().sqrt(); }
};

struct RemembersPictures : OtherLoss {
  void change(Tensor& sum, const Tensor& images, Rng&) override {
    mean = 0.9 * mean + 0.1 * images.mean();
    sum = sum + mean;
  }
  Tensor mean = at::zeros({});
};

// --- refusals

struct TakesAnyPicture : Toy {
  TokenLoss generation_loss(const Condition& condition, const Tensor& images, Rng& rng) override {
    const bool fits = images.sizes().slice(1) == at::IntArrayRef{3, kSide, kSide};
    return Toy::generation_loss(condition, fits ? images : at::zeros({2, 3, kSide, kSide}), rng);
  }
};

struct TakesTooFewCaptions : Toy {
  TokenLoss generation_loss(const Condition& condition, const Tensor& images, Rng& rng) override {
    Condition enough = condition;
    auto& words = enough.segments.back().text;
    expect_shape(images, {-1, 3, kSide, kSide}, "images");
    words.resize(static_cast<size_t>(images.size(0)), words.at(0));
    return Toy::generation_loss(enough, images, rng);
  }
};

struct TakesTooFewAnswers : Toy {
  TokenLoss text_loss(const Condition& prompt, const std::vector<std::string>& targets, Rng& rng) override {
    auto enough = targets;
    enough.resize(prompt.segments.back().text.size(), targets.at(0));
    return Toy::text_loss(prompt, enough, rng);
  }
};

struct TakesAnyEncoder : Toy {
  Tensor encode_image(const std::string&, const Tensor& images) override {
    return Toy::encode_image("", images);
  }
};

struct TakesGreyPictures : Toy {
  Tensor encode_image(const std::string& encoder, const Tensor& images) override {
    return Toy::encode_image(encoder, images.expand({-1, 3, -1, -1}));
  }
};

struct RefusesAsTheStandardLibrary : Toy {
  TokenLoss generation_loss(const Condition& condition, const Tensor& images, Rng& rng) override {
    if (images.dim() != 4 || images.size(1) != 3) throw std::runtime_error("three colours, please");
    return Toy::generation_loss(condition, images, rng);
  }
};

struct RefusesAsLibTorch : Toy {
  TokenLoss generation_loss(const Condition& condition, const Tensor& images, Rng& rng) override {
    TORCH_CHECK(images.dim() == 4 && images.size(1) == 3, "three colours, please");
    return Toy::generation_loss(condition, images, rng);
  }
};

struct IsSpoiltByARefusal : Toy {
  TokenLoss generation_loss(const Condition& condition, const Tensor& images, Rng& rng) override {
    if (images.dim() != 4) words_.detach().zero_();
    return Toy::generation_loss(condition, images, rng);
  }
};

}  // namespace

std::vector<Fault> loss_faults() {
  return {{"randomness", "draws_from_libtorch", "drawn elsewhere", makes<DrawsFromLibTorch>},
          {"randomness", "counts_calls", "kept from call to call", makes<CountsCalls>},
          {"randomness", "is_not_a_number", "not a number", makes<IsNotANumber>},
          {"randomness", "has_no_gradient", "has no gradient", makes<HasNoGradient>},
          {"randomness", "adds_up_the_batch", "generation_loss", makes<AddsUpTheBatch>},
          {"gradients", "thaws_its_words", "while its group `decoder` is frozen", makes<ThawsItsWords>},
          {"gradients", "writes_a_gradient", "is frozen, and has a gradient", makes<WritesAGradient>},
          {"gradients", "has_an_infinite_gradient", "the gradient of", makes<HasAnInfiniteGradient>},
          {"checkpoint", "remembers_pictures", "lacks a tensor", makes<RemembersPictures>},
          {"refusals", "takes_any_picture", "it was taken", makes<TakesAnyPicture>},
          {"refusals", "takes_too_few_captions", "one caption for two pictures", makes<TakesTooFewCaptions>},
          {"refusals", "takes_too_few_answers", "one answer to two questions", makes<TakesTooFewAnswers>},
          {"refusals", "takes_any_encoder", "an encoder that it does not have", makes<TakesAnyEncoder>},
          {"refusals", "takes_grey_pictures", "a grey picture", makes<TakesGreyPictures>},
          {"refusals", "refuses_as_the_standard_library", "it ended in: three colours",
           makes<RefusesAsTheStandardLibrary>},
          {"refusals", "refuses_as_libtorch", "it ended in: three colours", makes<RefusesAsLibTorch>},
          {"refusals", "is_spoilt_by_a_refusal", "its loss is another", makes<IsSpoiltByARefusal>},
          {"values", "looks_at_a_value", "looks at a value on the device", makes<LooksAtAValue>},
          {"values", "copies_to_the_host", "copies a tensor to the host", makes<CopiesToTheHost>}};
}

}  // namespace umm::testing
