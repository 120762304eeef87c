// MyModel: one decoder over text bytes and picture patches, pictures drawn by flow matching on pixels
// (Lipman et al. 2023, arXiv 2210.02747; Liu et al. 2023, arXiv 2209.03003).
//
//   begin | text -> bytes, or picture -> image encoder, or clean picture -> patches | ... | target
//
// The target is a picture's noisy patches, which see each other and all before, or an answer's bytes, causal.
// On the line x_t = (1 - t) noise + t x from noise to picture the model predicts the velocity x - noise.
// B batch, L tokens of a sequence, T tokens of one part of it, C width
// N = 64 patches of a picture, D = 48 numbers of a patch, H and W pixels of a picture of any size
#include <ATen/ATen.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/modules/embedding.h>

#include <algorithm>
#include <memory>
#include <numbers>

#include "diffusion/masked_tokens.h"
#include "nn/attention.h"
#include "nn/folder.h"
#include "nn/initialize.h"
#include "nn/parallel_decoder_block.h"
#include "nn/rope.h"
#include "nn/scale_gradient.h"
#include "nn/vit.h"
#include "umm/umm.h"

namespace {

using namespace umm;

constexpr int64_t kImageSize = 32;  // pixels
constexpr int64_t kPatchSize = 4;   // pixels
constexpr int64_t kGrid = kImageSize / kPatchSize;
constexpr int64_t kNumPatches = kGrid * kGrid;                  // N
constexpr int64_t kPatchNumbers = 3 * kPatchSize * kPatchSize;  // D
constexpr int64_t kNumHeads = 4;
constexpr int64_t kEncoderLayers = 2;
constexpr int64_t kNumWaves = 32;  // features of the time t

// Token ids: the 256 bytes, then these.
constexpr int64_t kBegin = 256;  // before everything, and before an answer
constexpr int64_t kEnd = 257;    // after an answer; also padding, which nothing sees
constexpr int64_t kNumIds = 258;

Tensor patches_of(const Tensor& images) {  // [B, 3, 32, 32] -> [B, N, D]
  return at::pixel_unshuffle(images, kPatchSize).flatten(2).transpose(1, 2);
}

Tensor images_of(const Tensor& patches) {  // the way back
  return at::pixel_shuffle(patches.transpose(1, 2).unflatten(2, {kGrid, kGrid}), kPatchSize);
}

// What does not fit loses its tail; what is short is filled up with kEnd. On the CPU.
Tensor byte_ids(const std::vector<std::string>& texts, int64_t length) {  // [B, length] int64
  Tensor ids = at::full({static_cast<int64_t>(texts.size()), length}, kEnd, at::kLong);
  auto rows = ids.accessor<int64_t, 2>();
  for (int64_t b = 0; b < rows.size(0); ++b) {
    const std::string& text = texts[static_cast<size_t>(b)];
    for (int64_t i = 0; i < std::min(length, static_cast<int64_t>(text.size())); ++i)
      rows[b][i] = static_cast<unsigned char>(text[static_cast<size_t>(i)]);
  }
  return ids;
}

// Heads are of one width, and rope turns its numbers in pairs.
int64_t width_of(const Options& options) {
  const int64_t width = options.integer("width"), unit = 2 * kNumHeads;
  UMM_CHECK_INPUT(width % unit == 0, "my_model: width must be a multiple of ", unit, ", found ", width);
  return width;
}

// A packed sequence, part by part.
struct Sequence {
  std::vector<Tensor> tokens;  // embeddings, [B, T, C] each
  std::vector<Tensor> roles;   // who sees them, [B, T] uint8 of nn::role each
};

class MyModel final : public Architecture,
                      public ImageEncoder,
                      public GenerationObjective,
                      public TextObjective,
                      public ImageGenerator {
 public:
  // The names are the keys of the checkpoint.
  explicit MyModel(const Options& options)
      : width_(width_of(options)),
        text_length_(options.integer("text_length")),
        id_in_(root_->register_module("id_in", torch::nn::Embedding(kNumIds, width_))),
        id_out_(root_->register_module("id_out", torch::nn::Linear(width_, kNumIds))),
        patch_in_(root_->register_module("patch_in", torch::nn::Linear(kPatchNumbers, width_))),
        patch_out_(root_->register_module("patch_out", torch::nn::Linear(width_, kPatchNumbers))),
        place_in_(root_->register_module("place_in", torch::nn::Embedding(kNumPatches, width_))),
        time_in_(root_->register_module("time_in", torch::nn::Linear(kNumWaves, width_))),
        blocks_(root_->register_module("blocks", torch::nn::ModuleList())),
        norm_(root_->register_module("norm", torch::nn::LayerNorm(torch::nn::LayerNormOptions({width_})))),
        image_encoder_(root_->register_module(
            "image_encoder",
            nn::VisionTransformer(nn::VitConfig{kImageSize, kPatchSize, width_, kEncoderLayers, kNumHeads,
                                                /*mlp_width=*/4 * width_}))) {
    for (int64_t i = 0; i < options.integer("num_layers"); ++i)
      blocks_->push_back(nn::ParallelDecoderBlock(width_, kNumHeads, 4 * width_));
  }

  int64_t image_size() const override { return kImageSize; }
  void initialize(uint64_t seed) override { nn::initialize(root_, 0.02, Rng(seed)); }
  void set_training(bool training) override { root_->train(training); }

  std::vector<ParameterGroup> parameter_groups() const override {
    return {{.name = "language_model", .doc = "everything but the image encoder"},
            {.name = "image_encoder", .doc = "what a condition's pictures are seen through"}};
  }

  std::vector<Parameter> parameters() override {
    std::vector<Parameter> all;
    for (const auto& item : root_->named_parameters()) {
      const bool encodes = item.key().starts_with("image_encoder.");
      all.push_back({"model", item.key(), encodes ? "image_encoder" : "language_model", item.value()});
    }
    return all;
  }

  std::vector<ImageEncoderInfo> image_encoders() const override {
    return {{.name = "vit", .image_size = kImageSize, .num_tokens = kNumPatches}};
  }

  Tensor encode_image(const std::string& encoder, const Tensor& images) override {
    UMM_CHECK(encoder.empty() || encoder == "vit", "my_model has no image encoder '", encoder,
              "'; it has: vit");
    expect_shape(images, {-1, 3, -1, -1}, "images");
    return image_encoder_(fitted(images).to(weights()));  // [B, N, C]
  }

  // Squared error of each patch's velocity, the mean over its numbers; every picture has a time of its own.
  TokenLoss generation_loss(const Condition& condition, const Tensor& target_images, Rng& rng) override {
    expect_shape(target_images, {-1, 3, kImageSize, kImageSize}, "target images");
    const int64_t batch = target_images.size(0);
    const Sequence shown = pack(condition, batch, &rng);
    const Tensor clean = patches_of(target_images.to(weights().device(), at::kFloat));       // [B, N, D]
    const Tensor noise = rng.normal(clean.sizes()).to(clean.device());                       // [B, N, D]
    const Tensor t = rng.uniform({batch, 1, 1}).to(clean.device());                          // [B, 1, 1]
    const Tensor error = velocity(shown, noise + t * (clean - noise), t) - (clean - noise);  // [B, N, D]
    const Tensor losses = error.square().mean(2);                                            // [B, N]
    return {losses.sum(1), at::full({batch}, kNumPatches, losses.options())};
  }

  // The mark before the answer predicts its first byte, each byte the next, the last one the end.
  TokenLoss text_loss(const Condition& prompt, const std::vector<std::string>& targets, Rng& rng) override {
    const auto batch = static_cast<int64_t>(targets.size());
    size_t longest = 0;
    for (const std::string& target : targets) longest = std::max(longest, target.size());
    const Tensor next = byte_ids(targets, static_cast<int64_t>(longest) + 1);  // [B, T]
    const Tensor mark = at::full({batch, 1}, kBegin, next.options());          // [B, 1]
    const Tensor given = at::cat({mark, next.slice(1, 0, -1)}, 1);             // [B, T]
    Sequence sequence = pack(prompt, batch, &rng);
    add_ids(sequence, given);
    const Tensor hidden = hidden_states(sequence).slice(1, -given.size(1));  // [B, T, C]
    const auto logits = [this](const Tensor& rows) { return id_out_(rows).to(at::kFloat); };
    return diffusion::supervised_cross_entropy(hidden, given.ne(kEnd), next.to(hidden.device()), logits);
  }

  // Euler steps along the velocity, from noise at t = 0 to the picture at t = 1.
  Tensor generate(const Condition& condition, const Options& sampling, std::span<Rng> rngs) override {
    const at::NoGradGuard no_gradient;
    const Sequence shown = pack(condition, static_cast<int64_t>(rngs.size()), nullptr);
    std::vector<Tensor> noise;
    for (Rng& rng : rngs) noise.push_back(rng.normal({kNumPatches, kPatchNumbers}));
    Tensor x = at::stack(noise).to(weights().device());  // [B, N, D]
    const int64_t num_steps = sampling.integer("steps");
    for (int64_t step = 0; step < num_steps; ++step) {
      const double t = static_cast<double>(step) / static_cast<double>(num_steps);
      x = x + velocity(shown, x, at::full({1}, t, x.options())) / num_steps;
    }
    return images_of(x).clamp(-1, 1);
  }

 private:
  at::TensorOptions weights() const { return id_in_->weight.options(); }  // their device and dtype

  // A text has a fixed length, so that no token's place depends on the other texts of the batch.
  // Without `rng` nothing is dropped: dropout belongs to training.
  Sequence pack(const Condition& condition, int64_t batch, Rng* rng) {
    Sequence sequence;
    add_ids(sequence, at::full({batch, 1}, kBegin, at::kLong));
    for (const Segment& segment : condition.segments) {
      std::vector<uint8_t> dropped(static_cast<size_t>(batch), 0);
      if (rng != nullptr)
        for (auto& drop : dropped) drop = rng->chance(segment.dropout_probability);
      if (segment.kind != SegmentKind::text) {
        add_picture(sequence, segment, at::tensor(dropped).view({batch, 1, 1}));
        continue;
      }
      std::vector<std::string> texts = segment.text;
      UMM_CHECK(texts.size() == dropped.size(), "my_model: the condition holds ", texts.size(), " texts for ",
                batch, " samples");
      for (size_t b = 0; b < texts.size(); ++b)
        if (dropped[b]) texts[b] = segment.dropout_text;
      add_ids(sequence, byte_ids(texts, text_length_), segment.gradient_scale);
    }
    return sequence;
  }

  void add_ids(Sequence& sequence, const Tensor& ids, double gradient_scale = 1) {  // [B, T] on the CPU
    const auto device = weights().device();
    sequence.tokens.push_back(nn::scale_gradient(id_in_(ids.to(device)), gradient_scale));
    sequence.roles.push_back((ids.ne(kEnd).to(at::kByte) * nn::role::kVisible).to(device));
  }

  // A picture's tokens see each other; those of a dropped one are zeros.
  void add_picture(Sequence& sequence, const Segment& segment, const Tensor& dropped) {  // [B, 1, 1] uint8
    expect_shape(segment.image, {dropped.size(0), 3, -1, -1}, "image of the condition");
    const bool encoded = segment.kind == SegmentKind::encoded_image;
    Tensor tokens = encoded ? encode_image(segment.encoder, segment.image)
                            : picture_tokens(patches_of(fitted(segment.image)), at::ones({1}));  // [B, N, C]
    tokens = tokens.masked_fill(dropped.to(tokens.device(), at::kBool), 0);
    sequence.tokens.push_back(nn::scale_gradient(tokens, segment.gradient_scale));
    sequence.roles.push_back(picture_roles(tokens, nn::role::kShared));
  }

  static Tensor picture_roles(const Tensor& tokens, uint8_t flags) {  // [B, N, C] -> [B, N]
    const auto bytes = tokens.options().dtype(at::kByte);
    return at::full({tokens.size(0), kNumPatches}, nn::role::kVisible | flags, bytes);
  }

  // Patches at time `t` [B, 1, 1], or [1] for all; a clean picture is one at t = 1.
  Tensor picture_tokens(const Tensor& patches, const Tensor& t) {  // [B, N, D] -> [B, N, C]
    const Tensor waves = (t * at::arange(kNumWaves, t.options()) * std::numbers::pi).cos();  // [B, 1, 32]
    return patch_in_(patches.to(weights())) + place_in_->weight + time_in_(waves.to(weights()));
  }

  // Of the noisy patches `x` after what is shown, in float32.
  Tensor velocity(Sequence sequence, const Tensor& x, const Tensor& t) {  // [B, N, D]
    sequence.tokens.push_back(picture_tokens(x, t));
    sequence.roles.push_back(picture_roles(sequence.tokens.back(), nn::role::kFull));
    return patch_out_(hidden_states(sequence).slice(1, -kNumPatches)).to(at::kFloat);
  }

  Tensor hidden_states(const Sequence& sequence) {
    Tensor x = at::cat(sequence.tokens, 1);  // [B, L, C]
    count_tokens(x.size(0) * x.size(1));
    const Tensor visible = nn::visibility(at::cat(sequence.roles, 1));  // [B, L, L]
    const Tensor mask = nn::additive_mask(visible, x.scalar_type());    // [B, 1, L, L]
    const auto rope = nn::rope_tables(0, x.size(1), width_ / kNumHeads, /*theta=*/10000, x);
    for (const auto& block : *blocks_) x = block->as<nn::ParallelDecoderBlock>()->forward(x, mask, rope);
    return norm_(x);
  }

  Tensor fitted(const Tensor& images) const {  // [B, 3, H, W] -> [B, 3, 32, 32] float32
    return at::_upsample_bilinear2d_aa(images.to(weights().device(), at::kFloat), {kImageSize, kImageSize},
                                       /*align_corners=*/false);
  }

  std::shared_ptr<nn::Folder> root_ = std::make_shared<nn::Folder>();  // holds what follows; made first
  int64_t width_, text_length_;
  torch::nn::Embedding id_in_;
  torch::nn::Linear id_out_, patch_in_, patch_out_;
  torch::nn::Embedding place_in_;  // of a patch in its picture
  torch::nn::Linear time_in_;
  torch::nn::ModuleList blocks_;
  torch::nn::LayerNorm norm_;
  nn::VisionTransformer image_encoder_;
};

void register_plugins(Registry& registry) {
  registry.add(
      {.kind = PluginKind::architecture,
       .id = "my_model",
       .doc = "One decoder over bytes and patches; pictures by flow matching on pixels.",
       .options = OptionSchema()
                      .integer("width", 96, {8, 4096}, "numbers per token, a multiple of 8")
                      .integer("num_layers", 3, {1, 64}, "decoder blocks")
                      .integer("text_length", 64, {1, 4096}, "bytes read of each text of a condition"),
       .sampling = OptionSchema().integer("steps", 16, {1, 1000}, "Euler steps from noise to picture"),
       .provides = {ImageEncoder::kName, GenerationObjective::kName, TextObjective::kName,
                    ImageGenerator::kName},
       .make_architecture = [](const Options& options) { return std::make_unique<MyModel>(options); }});
}

}  // namespace

UMM_PLUGIN(register_plugins)
