// Architectures that encode, draw, answer or compress otherwise than they promise.
#include <ATen/ATen.h>

#include <cmath>

#include "faults.h"

namespace umm::testing {
namespace {

using Toy = ToyArchitecture;

// --- encode_image

struct AnnouncesMoreTokens : Toy {
  std::vector<ImageEncoderInfo> image_encoders() const override { return {{"patches", kSide, kTokens + 1}}; }
};

struct AnnouncesNoEncoder : Toy {
  std::vector<ImageEncoderInfo> image_encoders() const override { return {}; }
};

struct EncodesToNotANumber : Toy {
  Tensor encode_image(const std::string& encoder, const Tensor& images) override {
    return Toy::encode_image(encoder, images) * std::nan("");
  }
};

// --- generate

// Gives the honest pictures away to be changed.
struct OtherPictures : Toy {
  virtual Tensor changed(const Tensor& pictures) = 0;
  Tensor generate(const Condition& condition, const Options& sampling, std::span<Rng> rngs) override {
    return changed(Toy::generate(condition, sampling, rngs));
  }
};

struct DrawsFromLibTorch : OtherPictures {
  Tensor changed(const Tensor& pictures) override { return pictures + 0.1 * at::randn_like(pictures); }
};

struct SubtractsTheBatchMean : OtherPictures {
  Tensor changed(const Tensor& pictures) override { return pictures - pictures.mean(0, true); }
};

struct DrawsHalfASide : OtherPictures {
  Tensor changed(const Tensor& pictures) override { return pictures.slice(3, 0, kSide / 2); }
};

struct DrawsNotANumber : OtherPictures {
  Tensor changed(const Tensor& pictures) override { return pictures * std::nan(""); }
};

struct LooksAtItsPictures : OtherPictures {
  Tensor changed(const Tensor& pictures) override { return pictures / pictures.abs().sum().item<float>(); }
};

struct DrawsAllFromOneRng : Toy {
  Tensor generate(const Condition& condition, const Options& sampling, std::span<Rng> rngs) override {
    std::vector<Rng> same(rngs.size(), rngs[0]);
    return Toy::generate(condition, sampling, same);
  }
};

// --- answer

struct AnswersOnce : Toy {
  std::vector<std::string> answer(const Condition& prompt, int64_t max_tokens) override {
    return {Toy::answer(prompt, max_tokens)[0]};
  }
};

struct AnswersOtherwise : Toy {
  std::vector<std::string> answer(const Condition& prompt, int64_t max_tokens) override {
    auto answers = Toy::answer(prompt, max_tokens);
    answers[0] = std::to_string(++calls);
    return answers;
  }
  int calls = 0;
};

// --- codec

struct TrainsMoreThanItsCodec : Toy {
  std::vector<std::string> codec_groups() const override { return {"codec", "decoder"}; }
};

struct TrainsNoCodec : Toy {
  std::vector<std::string> codec_groups() const override { return {}; }
};

struct FlattensPictures : Toy {
  Tensor round_trip(const Tensor& images) override { return Toy::round_trip(images).flatten(1); }
  TokenLoss codec_loss(const Tensor& images, Rng&) override {
    const Tensor error = (Toy::round_trip(images) - images).square().sum({1, 2, 3});
    return {error, at::ones_like(error)};
  }
};

struct LooksAtItsLatents : Toy {
  Tensor round_trip(const Tensor& images) override {
    const Tensor pictures = Toy::round_trip(images);
    return pictures.isfinite().all().item<bool>() ? pictures : images;
  }
};

struct CodecLossIsNotANumber : Toy {
  TokenLoss codec_loss(const Tensor& images, Rng& rng) override {
    TokenLoss loss = Toy::codec_loss(images, rng);
    loss.sum = loss.sum * std::nan("");
    return loss;
  }
};

}  // namespace

std::vector<Fault> capability_faults() {
  return {
      {"encode_image", "announces_more_tokens", "tokens of encoder `patches`", makes<AnnouncesMoreTokens>},
      {"encode_image", "announces_no_encoder", "image_encoders() is empty", makes<AnnouncesNoEncoder>},
      {"encode_image", "encodes_to_not_a_number", "not a number", makes<EncodesToNotANumber>},
      {"generate", "draws_from_libtorch", "one prompt and Rng differs", makes<DrawsFromLibTorch>},
      {"generate", "subtracts_the_batch_mean", "its neighbours", makes<SubtractsTheBatchMean>},
      {"generate", "draws_all_from_one_rng", "must be drawn from rngs[b]", makes<DrawsAllFromOneRng>},
      {"generate", "draws_half_a_side", "pictures", makes<DrawsHalfASide>},
      {"generate", "draws_not_a_number", "not a number", makes<DrawsNotANumber>},
      {"answer", "answers_once", "gives 1 answers to 2 questions", makes<AnswersOnce>},
      {"answer", "answers_otherwise", "answers otherwise", makes<AnswersOtherwise>},
      {"codec", "trains_more_than_its_codec", "no gradient reaches it", makes<TrainsMoreThanItsCodec>},
      {"codec", "trains_no_codec", "codec_loss has no gradient", makes<TrainsNoCodec>},
      {"codec", "flattens_pictures", "round_trip() gives shape", makes<FlattensPictures>},
      {"codec", "codec_loss_is_not_a_number", "not a number", makes<CodecLossIsNotANumber>},
      {"values", "looks_at_its_pictures", "looks at a value on the device", makes<LooksAtItsPictures>},
      {"values", "looks_at_its_latents", "looks at a value on the device", makes<LooksAtItsLatents>}};
}

}  // namespace umm::testing
