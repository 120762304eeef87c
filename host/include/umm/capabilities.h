// What an architecture may be able to do. Small interfaces, each implemented by inheriting it beside
// Architecture; a new capability is a new interface, never a changed one.
//
//   auto& generator = require<GenerationObjective>(model);   // throws naming what the model does offer
//
// Shapes: B samples. Images are float [B, 3, H, W] in [-1, 1]. Nothing is drawn but from the Rng handed in.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "umm/architecture.h"
#include "umm/checkpoint.h"
#include "umm/condition.h"
#include "umm/options.h"
#include "umm/random.h"

namespace umm {

// A loss kept per sample, so that preference methods can weigh samples, while mean() is the published
// reduction: the mean over all supervised tokens (or latents) of the batch.
struct UMM_API TokenLoss {
  Tensor sum;    // [B] float32, with gradient
  Tensor count;  // [B] float32, supervised tokens of each sample

  Tensor mean() const;        // scalar: sum(sum) / max(sum(count), 1)
  Tensor per_sample() const;  // [B]: sum / max(count, 1)
};

struct ImageEncoderInfo {
  std::string name;        // "clip", "mar", "vit"
  int64_t image_size = 0;  // pixels it resizes its input to
  int64_t num_tokens = 0;  // per image
};

class UMM_API ImageEncoder {
 public:
  static constexpr const char* kName = "image_encoder";
  virtual ~ImageEncoder();
  virtual std::vector<ImageEncoderInfo> image_encoders() const = 0;  // the first is the default
  virtual Tensor encode_image(const std::string& encoder, const Tensor& images) = 0;  // [B, N, C]
};

class UMM_API GenerationObjective {
 public:
  static constexpr const char* kName = "generation_objective";
  virtual ~GenerationObjective();

  // The objective the model was trained with (masked tokens, diffusion, flow matching, next tokens, ...) for
  // pictures of image_size(), given what they are conditioned on. Draws its masks, noise and timesteps, if it
  // has any, and the condition's dropout.
  virtual TokenLoss generation_loss(const Condition& condition, const Tensor& target_images, Rng& rng) = 0;
};

class UMM_API TextObjective {
 public:
  static constexpr const char* kName = "text_objective";
  virtual ~TextObjective();

  // Next-token cross-entropy of `targets` (B), and of what ends each, after the prompt: image-to-text where
  // the condition holds an image, text-to-text where it holds words in the picture's place.
  virtual TokenLoss text_loss(const Condition& prompt, const std::vector<std::string>& targets, Rng& rng) = 0;
};

class UMM_API ImageGenerator {
 public:
  static constexpr const char* kName = "image_generator";
  virtual ~ImageGenerator();

  // `sampling` follows the schema the plugin declares beside its options. One Rng per sample, B = their
  // number also for the condition {}, so that a picture does not depend on its neighbours in the batch. Gives
  // pictures of image_size(); what exceeds [-1, 1] is cut off when they are written. [eval mode, no grad]
  virtual Tensor generate(const Condition& condition, const Options& sampling, std::span<Rng> rngs) = 0;
};

class UMM_API TextGenerator {
 public:
  static constexpr const char* kName = "text_generator";
  virtual ~TextGenerator();
  // Greedy, one for each of the B prompts, in UTF-8.
  virtual std::vector<std::string> answer(const Condition& prompt, int64_t max_tokens) = 0;
};

// The codec between pixels and generation tokens or latents (VQ, KL-VAE), for pictures of image_size().
class UMM_API ImageCodec {
 public:
  static constexpr const char* kName = "image_codec";
  virtual ~ImageCodec();
  virtual Tensor round_trip(const Tensor& images) = 0;               // decode(encode(images))
  virtual TokenLoss codec_loss(const Tensor& images, Rng& rng) = 0;  // trains the codec itself
  virtual std::vector<std::string> codec_groups() const = 0;         // its parameter groups
};

// Files as the official code of the model reads and writes them.
class UMM_API OfficialWeights {
 public:
  static constexpr const char* kName = "official_weights";
  virtual ~OfficialWeights();

  // Matches a download of the component's official files in `folder` with the model's tensors.
  virtual void load_official(const std::string& component, const std::string& folder,
                             WeightLoader& loader) = 0;

  // Writes what post-training changes into `folder`, for the official code to load. [after load]
  virtual void save_official(const std::string& folder) = 0;
};

// Names of the capabilities that `model` implements, in the order of this header.
UMM_API std::vector<std::string> capabilities(const Architecture& model);

[[noreturn]] UMM_API void throw_missing_capability(const Architecture& model, const char* capability);

template <typename Capability>
Capability& require(Architecture& model) {
  if (auto* found = dynamic_cast<Capability*>(&model)) return *found;
  throw_missing_capability(model, Capability::kName);
}

}  // namespace umm
