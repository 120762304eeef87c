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

namespace my_model {
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

// Embeddings and who sees them (nn::role), part by part.
struct Sequence {
  std::vector<Tensor> tokens;  // [B, T, C] each
  std::vector<Tensor> roles;   // [B, T] uint8 each

  void add(const Tensor& part, uint8_t flags) {
    tokens.push_back(part);
    roles.push_back(at::full({part.size(0), part.size(1)}, flags, part.options().dtype(at::kByte)));
  }
};

class MyModel final : public Architecture,
                      public ImageEncoder,
                      public GenerationObjective,
                      public TextObjective,
                      public ImageGenerator {
 public:
  explicit MyModel(const Options& options);

  int64_t image_size() const override { return kImageSize; }
  std::vector<ParameterGroup> parameter_groups() const override;
  std::vector<Parameter> parameters() override;
  void initialize(uint64_t seed) override { nn::initialize(root_, 0.02, Rng(seed)); }
  void set_training(bool training) override { root_->train(training); }

  std::vector<ImageEncoderInfo> image_encoders() const override;
  Tensor encode_image(const std::string& encoder, const Tensor& images) override;
  TokenLoss generation_loss(const Condition& condition, const Tensor& target_images, Rng& rng) override;
  TokenLoss text_loss(const Condition& prompt, const std::vector<std::string>& targets, Rng& rng) override;
  Tensor generate(const Condition& condition, const Options& sampling, std::span<Rng> rngs) override;

 private:
  Sequence pack(const Condition& condition, int64_t batch, Rng* rng);
  void add_text(const Tensor& ids, double gradient_scale, Sequence& sequence);
  Tensor picture_tokens(const Tensor& patches, const Tensor& t);
  Tensor fitted(const Tensor& images) const;
  Tensor hidden_states(const Sequence& sequence);
  Tensor velocity(Sequence sequence, const Tensor& x, const Tensor& t);
  at::TensorOptions options() const { return ids_->weight.options(); }  // device and dtype of the weights

  int64_t width_, text_length_;
  std::shared_ptr<nn::Folder> root_ = std::make_shared<nn::Folder>();
  torch::nn::Embedding ids_, places_;  // of bytes and marks; of a patch in its picture
  torch::nn::Linear patch_in_, patch_out_, time_, id_out_;
  torch::nn::ModuleList blocks_;
  torch::nn::LayerNorm norm_;
  nn::VisionTransformer image_encoder_;
};

// The network

MyModel::MyModel(const Options& options)
    : width_(options.integer("width")),
      text_length_(options.integer("text_length")),
      ids_(kNumIds, width_),
      places_(kNumPatches, width_),
      patch_in_(kPatchNumbers, width_),
      patch_out_(width_, kPatchNumbers),
      time_(kNumWaves, width_),
      id_out_(width_, kNumIds),
      norm_(torch::nn::LayerNormOptions({width_})),
      image_encoder_(nn::VitConfig{.image_size = kImageSize,
                                   .patch_size = kPatchSize,
                                   .width = width_,
                                   .num_layers = kEncoderLayers,
                                   .num_heads = kNumHeads,
                                   .mlp_width = 4 * width_}) {
  UMM_CHECK_INPUT(width_ % (2 * kNumHeads) == 0, "my_model: width must be a multiple of ", 2 * kNumHeads,
                  ", found ", width_);
  for (int64_t i = 0; i < options.integer("num_layers"); ++i)
    blocks_->push_back(nn::ParallelDecoderBlock(width_, kNumHeads, 4 * width_));
  // These names are the keys of the checkpoint.
  root_->register_module("ids", ids_);
  root_->register_module("places", places_);
  root_->register_module("patch_in", patch_in_);
  root_->register_module("patch_out", patch_out_);
  root_->register_module("time", time_);
  root_->register_module("id_out", id_out_);
  root_->register_module("blocks", blocks_);
  root_->register_module("norm", norm_);
  root_->register_module("image_encoder", image_encoder_);
}

Tensor MyModel::hidden_states(const Sequence& sequence) {
  Tensor x = at::cat(sequence.tokens, 1);                             // [B, L, C]
  const Tensor visible = nn::visibility(at::cat(sequence.roles, 1));  // [B, L, L]
  const Tensor mask = nn::additive_mask(visible, x.scalar_type());    // [B, 1, L, L]
  const auto rope = nn::rope_tables(0, x.size(1), width_ / kNumHeads, /*theta=*/10000, x);
  for (const auto& block : *blocks_) x = block->as<nn::ParallelDecoderBlock>()->forward(x, mask, rope);
  return norm_(x);
}

// `x` at time `t` [B or 1, 1, 1] as tokens; a clean picture is one at t = 1.
Tensor MyModel::picture_tokens(const Tensor& patches, const Tensor& t) {  // [B, N, D] -> [B, N, C]
  const Tensor waves = (t * at::arange(kNumWaves, t.options()) * std::numbers::pi).cos();  // [B, 1, 32]
  return patch_in_(patches.to(options())) + places_->weight + time_(waves.to(options()));
}

// Velocity in float32 of the noisy patches `x` after what is in `sequence`.
Tensor MyModel::velocity(Sequence sequence, const Tensor& x, const Tensor& t) {  // [B, N, D]
  sequence.add(picture_tokens(x, t), nn::role::kVisible | nn::role::kFull);
  return patch_out_(hidden_states(sequence).slice(1, -kNumPatches)).to(at::kFloat);
}

// Conditions

// Parts of one fixed length each, so that no token's place depends on the other texts of the batch.
// Without `rng` nothing is dropped: dropout belongs to training.
Sequence MyModel::pack(const Condition& condition, int64_t batch, Rng* rng) {
  Sequence sequence;
  add_text(at::full({batch, 1}, kBegin, at::kLong), 1, sequence);
  for (const Segment& segment : condition.segments) {
    std::vector<uint8_t> dropped(static_cast<size_t>(batch), 0);
    if (rng != nullptr)
      for (auto& drop : dropped) drop = rng->chance(segment.dropout_probability);
    if (segment.kind == SegmentKind::text) {
      std::vector<std::string> texts = segment.text;
      UMM_CHECK(texts.size() == dropped.size(), "my_model: the condition holds ", texts.size(), " texts for ",
                batch, " samples");
      for (size_t b = 0; b < texts.size(); ++b)
        if (dropped[b]) texts[b] = segment.dropout_text;
      add_text(byte_ids(texts, text_length_), segment.gradient_scale, sequence);
      continue;
    }
    expect_shape(segment.image, {batch, 3, -1, -1}, "image of the condition");
    Tensor tokens;  // [B, N, C]
    if (segment.kind == SegmentKind::encoded_image)
      tokens = encode_image(segment.encoder, segment.image);
    else
      tokens = picture_tokens(patches_of(fitted(segment.image)), at::ones({1, 1, 1}, options()));
    const Tensor empty = at::tensor(dropped).to(tokens.device(), at::kBool).view({batch, 1, 1});
    tokens = nn::scale_gradient(tokens.masked_fill(empty, 0), segment.gradient_scale);
    sequence.add(tokens, nn::role::kVisible | nn::role::kShared);
  }
  return sequence;
}

// `ids` [B, T] on the CPU.
void MyModel::add_text(const Tensor& ids, double gradient_scale, Sequence& sequence) {
  const auto device = options().device();
  sequence.tokens.push_back(nn::scale_gradient(ids_(ids.to(device)), gradient_scale));
  sequence.roles.push_back((ids.ne(kEnd).to(at::kByte) * nn::role::kVisible).to(device));
}

Tensor MyModel::fitted(const Tensor& images) const {  // [B, 3, H, W] -> [B, 3, 32, 32] float32
  const Tensor pixels = images.to(options().device(), at::kFloat);
  if (pixels.size(2) == kImageSize && pixels.size(3) == kImageSize) return pixels;
  return at::_upsample_bilinear2d_aa(pixels, {kImageSize, kImageSize}, /*align_corners=*/false);
}

// Capabilities

std::vector<ImageEncoderInfo> MyModel::image_encoders() const {
  return {{.name = "vit", .image_size = kImageSize, .num_tokens = kNumPatches}};
}

Tensor MyModel::encode_image(const std::string& encoder, const Tensor& images) {
  UMM_CHECK(encoder.empty() || encoder == "vit", "my_model has no image encoder '", encoder,
            "'; it has: vit");
  expect_shape(images, {-1, 3, -1, -1}, "images");
  return image_encoder_(fitted(images).to(options()));  // [B, N, C]
}

// The mean over a patch's numbers of the squared error of its velocity, at a time of each picture's own.
TokenLoss MyModel::generation_loss(const Condition& condition, const Tensor& target_images, Rng& rng) {
  expect_shape(target_images, {-1, 3, kImageSize, kImageSize}, "target images");
  const auto batch = target_images.size(0);
  const Sequence sequence = pack(condition, batch, &rng);
  const Tensor clean = patches_of(fitted(target_images));                                       // [B, N, D]
  const Tensor noise = rng.normal(clean.sizes()).to(clean.device());                            // [B, N, D]
  const Tensor t = rng.uniform({batch, 1, 1}).to(clean.device());                               // [B, 1, 1]
  const Tensor wanted = clean - noise;                                                          // [B, N, D]
  const Tensor errors = (velocity(sequence, noise + t * wanted, t) - wanted).square().mean(2);  // [B, N]
  return {errors.sum(1), at::full({batch}, kNumPatches, errors.options())};
}

// Each token shown, the mark and the answer's bytes, predicts the one after it, the last one the end.
TokenLoss MyModel::text_loss(const Condition& prompt, const std::vector<std::string>& targets, Rng& rng) {
  const auto batch = static_cast<int64_t>(targets.size());
  size_t longest = 0;
  for (const std::string& target : targets) longest = std::max(longest, target.size());
  const auto length = static_cast<int64_t>(longest) + 1;
  const Tensor next = byte_ids(targets, length);                                                     // [B, T]
  const Tensor shown = at::cat({at::full({batch, 1}, kBegin, at::kLong), next.slice(1, 0, -1)}, 1);  // [B, T]
  Sequence sequence = pack(prompt, batch, &rng);
  add_text(shown, 1, sequence);
  const Tensor hidden = hidden_states(sequence).slice(1, -length);  // [B, T, C]
  return diffusion::supervised_cross_entropy(
      hidden, shown.ne(kEnd), next.to(hidden.device()),
      [this](const Tensor& rows) { return id_out_(rows).to(at::kFloat); });
}

// Euler's steps along the velocity, from noise at t = 0 to the picture at t = 1.
Tensor MyModel::generate(const Condition& condition, const Options& sampling, std::span<Rng> rngs) {
  const at::NoGradGuard no_gradient;
  const int64_t num_steps = sampling.integer("steps");
  const Sequence sequence = pack(condition, static_cast<int64_t>(rngs.size()), nullptr);
  std::vector<Tensor> noise;
  for (Rng& rng : rngs) noise.push_back(rng.normal({kNumPatches, kPatchNumbers}));
  Tensor x = at::stack(noise).to(options().device());  // [B, N, D]
  for (int64_t step = 0; step < num_steps; ++step) {
    const double t = static_cast<double>(step) / static_cast<double>(num_steps);
    x = x + velocity(sequence, x, at::full({1, 1, 1}, t, x.options())) / num_steps;
  }
  return images_of(x).clamp(-1, 1);
}

// Weights

std::vector<ParameterGroup> MyModel::parameter_groups() const {
  return {{.name = "language_model", .trained_by_default = true, .doc = "everything but the image encoder"},
          {.name = "image_encoder", .trained_by_default = true, .doc = "what pictures are seen through"}};
}

std::vector<Parameter> MyModel::parameters() {
  std::vector<Parameter> all;
  for (const auto& item : root_->named_parameters()) {
    const bool sees = item.key().starts_with("image_encoder.");
    all.push_back({.component = "model",
                   .name = item.key(),
                   .group = sees ? "image_encoder" : "language_model",
                   .value = item.value()});
  }
  return all;
}

}  // namespace

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

}  // namespace my_model

UMM_PLUGIN(my_model::register_plugins)
