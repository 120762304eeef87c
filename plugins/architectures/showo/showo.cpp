// Show-o (Xie et al., ICLR 2025, arXiv 2408.12528, figure 2): one transformer that reads words causally and
// pictures in both directions, and generates pictures by masked-token prediction.
// Reference: showlab/Show-o 45a5a2d; for pictures conditioned on pictures, RecA (arXiv 2509.07295).
//
//   words ------------------------------> embed --+
//   picture to generate --> LFQ codes --> mask ---+--> decoder blocks --> head --> words, codes
//   picture to see --> tower --> projector -------+
//
// B batch, L tokens, N codes of a picture, P tokens of the condition's picture, C width
#include <ATen/ATen.h>
#include <c10/core/GradMode.h>

#include <memory>
#include <optional>

#include "config.h"
#include "diffusion/masked_sampler.h"
#include "diffusion/masked_tokens.h"
#include "nn/attention.h"
#include "nn/folder.h"
#include "nn/initialize.h"
#include "nn/mlp.h"
#include "nn/scale_gradient.h"
#include "official.h"
#include "packing.h"
#include "text/open_tokenizer.h"
#include "umm/umm.h"
#include "vae/lfq.h"

namespace umm::showo {
namespace {

// A condition as the packer and the model want it.
struct Context {
  Prompt prompt;
  Tensor picture;         // embeddings [B, P, C] or token ids [B, P]; undefined without one
  bool detached = false;  // no gradient into any input embedding
};

// The model

class Showo final : public Architecture,
                    public ImageEncoder,
                    public GenerationObjective,
                    public TextObjective,
                    public ImageGenerator,
                    public TextGenerator,
                    public ImageCodec,
                    public OfficialWeights {
 public:
  explicit Showo(const Options& options);

  int64_t image_size() const override { return config_.image_size; }
  std::vector<ParameterGroup> parameter_groups() const override;
  std::vector<Parameter> parameters() override;
  void initialize(uint64_t seed) override;
  void set_training(bool training) override;

  std::vector<ImageEncoderInfo> image_encoders() const override;
  Tensor encode_image(const std::string& encoder, const Tensor& images) override;
  TokenLoss generation_loss(const Condition& condition, const Tensor& target_images, Rng& rng) override;
  TokenLoss text_loss(const Condition& prompt, const std::vector<std::string>& targets, Rng& rng) override;
  Tensor generate(const Condition& condition, const Options& sampling, std::span<Rng> rngs) override;
  std::vector<std::string> answer(const Condition& prompt, int64_t max_tokens) override;
  Tensor round_trip(const Tensor& images) override;
  TokenLoss codec_loss(const Tensor& images, Rng& rng) override;
  std::vector<std::string> codec_groups() const override { return {"image_tokenizer"}; }
  void load_official(const std::string& component, const std::string& folder, WeightLoader& loader) override;
  void save_official(const std::string& folder) override;

 private:
  Context read(const Condition& condition, int64_t batch, Rng* rng, bool reference_pixels = false);
  void read_picture(const Segment& segment, const std::vector<uint8_t>& dropped, bool reference_pixels,
                    Context& context);
  Tensor tower_features(const Tensor& images, bool reference_pixels);
  void check_encoder(const std::string& encoder) const;
  Tensor embed(const PackedSequence& sequence, const Context& context);
  Tensor hidden_states(const PackedSequence& sequence, const Context& context);
  Tensor logits(const Tensor& hidden) const { return language_model_->logits(hidden, 0, vocabulary_.size()); }
  Tensor image_tokens(const Tensor& images);
  Tensor picture_of(const Tensor& codes);
  Tensor to_model(const Tensor& images);
  std::vector<NamedTensor> tensors_of(const std::string& component);

  ShowoConfig config_;
  bool reference_t2i_targets_, reference_recon_pixels_;
  std::unique_ptr<text::TextTokenizer> tokenizer_;
  Vocabulary vocabulary_;
  Packer packer_;

  vae::ConvEncoder encoder_;
  vae::ConvDecoder decoder_;
  nn::VisionTransformer tower_{nullptr};
  nn::Projector projector_{nullptr};
  std::shared_ptr<LanguageModel> language_model_;
  std::vector<std::pair<std::string, std::shared_ptr<torch::nn::Module>>> components_;  // by checkpoint file
};

Vocabulary vocabulary_for(const ShowoConfig& config, const text::TextTokenizer& tokenizer) {
  const int64_t num_words = tokenizer.vocabulary_size();
  UMM_CHECK_INPUT(config.num_words == 0 || config.num_words == num_words, "the option `vocabulary` gives ",
                  num_words, " tokens, but this preset's embeddings are of ", config.num_words,
                  "; give it the folder of the published tokenizer's files");
  return {.num_words = num_words, .num_codes = config.num_codes()};
}

Showo::Showo(const Options& options)
    : config_(config_of(options)),
      reference_t2i_targets_(options.boolean("reference_t2i_targets")),
      reference_recon_pixels_(options.boolean("reference_recon_pixels")),
      tokenizer_(text::open_tokenizer(options.text("vocabulary"))),
      vocabulary_(vocabulary_for(config_, *tokenizer_)),
      packer_({.text_length = config_.text_length,
               .recon_text_length = config_.recon_text_length,
               .num_image_tokens = config_.num_image_tokens(),
               .system_prompt = config_.system_prompt},
              vocabulary_, *tokenizer_),
      encoder_(config_.image_tokenizer),
      decoder_(config_.image_tokenizer),
      language_model_(std::make_shared<LanguageModel>(config_.language_model, vocabulary_.size(),
                                                      config_.tied_embeddings)) {
  auto model = std::make_shared<nn::Folder>();
  model->register_module("showo", language_model_);
  auto image_tokenizer = std::make_shared<nn::Folder>();
  image_tokenizer->register_module("encoder", encoder_);
  image_tokenizer->register_module("decoder", decoder_);
  components_ = {{"model", model}, {"image_tokenizer", image_tokenizer}};
  if (!config_.has_tower) return;
  tower_ = nn::VisionTransformer(config_.tower);
  const auto width = config_.language_model.width;
  projector_ = nn::Projector(config_.tower.width, width, width, nn::Activation::gelu);
  model->register_module("mm_projector", projector_);
  auto image_encoder = std::make_shared<nn::Folder>();
  image_encoder->register_module("vision_model", tower_);
  components_.emplace_back("image_encoder", image_encoder);
}

// Figure 2, bottom to top: words and codes become embeddings, a picture to see takes its place among them.
Tensor Showo::embed(const PackedSequence& sequence, const Context& context) {
  const c10::AutoGradMode gradient(c10::GradMode::is_enabled() && !context.detached);
  if (!context.picture.defined()) return language_model_->embed(sequence.token_ids);  // [B, L, C]
  if (context.prompt.layout == Layout::codes)
    return language_model_->embed(sequence.token_ids.scatter(1, sequence.picture_columns, context.picture));
  const Tensor words = language_model_->embed(sequence.token_ids);                          // [B, L, C]
  const Tensor columns = sequence.picture_columns.unsqueeze(2).expand_as(context.picture);  // [B, P, C]
  return words.scatter(1, columns, context.picture);
}

Tensor Showo::hidden_states(const PackedSequence& sequence, const Context& context) {
  const Tensor x = embed(sequence, context);                                               // [B, L, C]
  const Tensor mask = nn::additive_mask(nn::visibility(sequence.roles), x.scalar_type());  // [B, 1, L, L]
  return language_model_->forward(x, mask);
}

Tensor Showo::to_model(const Tensor& images) {
  const Tensor& weight = language_model_->weight();
  return images.to(weight.device(), weight.scalar_type());
}

Tensor Showo::image_tokens(const Tensor& images) {
  const at::NoGradGuard no_gradient;
  const auto stride = config_.image_tokenizer.stride();
  UMM_CHECK(images.dim() == 4 && images.size(1) == 3 && images.size(2) % stride == 0 &&
                images.size(3) % stride == 0,
            "Show-o: pictures to tokenize must be [B, 3, H, W] with sides that ", stride, " divides, found ",
            images.sizes());
  return vae::lfq_indices(encoder_(to_model(images))) + vocabulary_.first_code();  // [B, N]
}

Tensor Showo::picture_of(const Tensor& codes) {
  const auto signs = vae::lfq_signs_of(codes, config_.image_tokenizer.code_channels, config_.grid());
  return decoder_(to_model(signs));  // [B, 3, H, W]
}

// Conditions

int64_t batch_size(const Condition& condition) {
  UMM_CHECK(!condition.segments.empty(), "Show-o: an answer needs a prompt; the condition is empty");
  const auto& first = condition.segments.front();
  return first.kind == SegmentKind::text ? static_cast<int64_t>(first.text.size()) : first.image.size(0);
}

// Without `rng` nothing is dropped: dropout belongs to training.
Context Showo::read(const Condition& condition, int64_t batch, Rng* rng, bool reference_pixels) {
  Context context;
  context.prompt.layout = layout_of(condition);
  context.prompt.texts.assign(static_cast<size_t>(batch), "");
  for (size_t i = 0; i < condition.segments.size(); ++i) {
    const Segment& segment = condition.segments[i];
    std::vector<uint8_t> dropped(static_cast<size_t>(batch), 0);
    if (rng != nullptr && segment.dropout_probability > 0)
      for (auto& drop : dropped) drop = rng->chance(segment.dropout_probability);
    if (segment.kind != SegmentKind::text) {
      expect_shape(segment.image, {batch, 3, -1, -1}, "image of the condition");
      read_picture(segment, dropped, reference_pixels, context);
      continue;
    }
    UMM_CHECK(static_cast<int64_t>(segment.text.size()) == batch, "Show-o: the condition holds ",
              segment.text.size(), " texts for ", batch, " samples");
    UMM_CHECK(segment.gradient_scale == 1, "Show-o scales the gradient of encoded images only; ",
              describe(condition), " asks it of words");
    auto& texts = i + 1 < condition.segments.size() ? context.prompt.contexts : context.prompt.texts;
    texts = segment.text;
    for (size_t b = 0; b < texts.size(); ++b)
      if (dropped[b]) texts[b] = segment.dropout_text;
  }
  return context;
}

void Showo::read_picture(const Segment& segment, const std::vector<uint8_t>& dropped, bool reference_pixels,
                         Context& context) {
  const auto device = language_model_->weight().device();
  const Tensor empty = at::tensor(dropped).to(device, at::kBool).unsqueeze(1);  // [B, 1]
  const double scale = segment.gradient_scale;
  if (segment.kind == SegmentKind::generation_image) {
    UMM_CHECK(scale == 1, "Show-o scales the gradient of encoded images only, found ", scale,
              " for image codes");
    context.picture = image_tokens(segment.image).masked_fill(empty, vocabulary_.mask());  // [B, P]
  } else {
    context.detached = scale == 0;
    const c10::AutoGradMode gradient(c10::GradMode::is_enabled() && !context.detached);
    check_encoder(segment.encoder);
    const Tensor seen =
        nn::scale_gradient(tower_features(segment.image, reference_pixels), scale);  // [B, P, C]
    context.picture = seen.masked_fill(empty.unsqueeze(2), 0);
  }
  context.prompt.picture_length = context.picture.size(1);
}

// Capabilities

std::vector<ImageEncoderInfo> Showo::image_encoders() const {
  if (!config_.has_tower) return {};
  return {
      {.name = "clip", .image_size = config_.tower.image_size, .num_tokens = config_.tower.num_patches()}};
}

void Showo::check_encoder(const std::string& encoder) const {
  UMM_CHECK(config_.has_tower, "this preset of Show-o sees pictures as image codes; it has no image encoder");
  UMM_CHECK(encoder.empty() || encoder == "clip", "Show-o has no image encoder '", encoder,
            "'; it has: clip");
}

Tensor Showo::encode_image(const std::string& encoder, const Tensor& images) {
  check_encoder(encoder);
  return tower_features(images, /*reference_pixels=*/false);
}

// The reference shows the tower a picture to rebuild in [-1, 1] and resized without a filter; a picture to
// describe as the tower was trained.
Tensor Showo::tower_features(const Tensor& images, bool reference_pixels) {
  const auto side = config_.tower.image_size;
  Tensor pixels = images.to(language_model_->weight().device(), at::kFloat);
  const bool fits = pixels.size(2) == side && pixels.size(3) == side;
  if (!fits && reference_pixels)
    pixels = at::upsample_bilinear2d(pixels, {side, side}, /*align_corners=*/false);
  if (!fits && !reference_pixels)
    pixels = at::_upsample_bicubic2d_aa(pixels, {side, side}, /*align_corners=*/false).clamp(-1, 1);
  if (const auto& [mean, deviation] = config_.tower_pixels; !reference_pixels && !mean.empty()) {
    const auto channels = [&](const std::vector<double>& values) {
      return at::tensor(values, pixels.options()).view({1, 3, 1, 1});
    };
    pixels = ((pixels + 1) / 2 - channels(mean)) / channels(deviation);
  }
  return projector_(tower_(to_model(pixels)));  // [B, P, C]
}

TokenLoss Showo::generation_loss(const Condition& condition, const Tensor& target_images, Rng& rng) {
  const auto batch = target_images.size(0), num_tokens = config_.num_image_tokens();
  expect_shape(target_images, {batch, 3, config_.image_size, config_.image_size}, "target images");
  const Tensor codes = image_tokens(target_images);  // [B, N]
  const Context context = read(condition, batch, &rng, reference_recon_pixels_);
  const Tensor masked = diffusion::draw_token_mask(batch, num_tokens, rng);  // [B, N]

  PackedSequence sequence = packer_.pack_generation(context.prompt).to(codes.device());
  const auto begin = sequence.target_begin + 1;
  const Tensor shown = codes.masked_fill(masked.to(codes.device()), vocabulary_.mask());         // [B, N]
  const Tensor targets = sequence.token_ids.slice_scatter(codes, 1, begin, begin + num_tokens);  // [B, L]
  sequence.token_ids = sequence.token_ids.slice_scatter(shown, 1, begin, begin + num_tokens);    // [B, L]

  Tensor supervised = at::zeros_like(sequence.supervised);  // [B, L]
  supervised.narrow(1, begin, num_tokens).copy_(masked);
  if (context.prompt.layout == Layout::text && reference_t2i_targets_) {
    supervised.select(1, begin - 1).fill_(true);
    supervised.select(1, begin + num_tokens).fill_(true);
  }
  return diffusion::supervised_cross_entropy(hidden_states(sequence, context), supervised, targets,
                                             [this](const Tensor& hidden) { return logits(hidden); });
}

TokenLoss Showo::text_loss(const Condition& prompt, const std::vector<std::string>& targets, Rng& rng) {
  const Context context = read(prompt, static_cast<int64_t>(targets.size()), &rng);
  const auto device = language_model_->weight().device();
  const PackedSequence sequence = packer_.pack_answers(context.prompt, targets).to(device);
  const Tensor next = sequence.token_ids.roll(-1, 1);  // [B, L]
  return diffusion::supervised_cross_entropy(hidden_states(sequence, context), sequence.supervised, next,
                                             [this](const Tensor& hidden) { return logits(hidden); });
}

// No token of a prompt sees the picture, so keys and values of both prompts are computed once.
Tensor Showo::generate(const Condition& condition, const Options& sampling, std::span<Rng> rngs) {
  const at::NoGradGuard no_gradient;
  const auto batch = static_cast<int64_t>(rngs.size());
  const auto num_steps = sampling.integer("steps"), num_tokens = config_.num_image_tokens();
  const double guidance = sampling.number("guidance_scale");
  const auto device = language_model_->weight().device();

  const Context context = read(condition, batch, nullptr, reference_recon_pixels_);
  const PackedSequence sequence =
      packer_.pack_generation(context.prompt, packer_.full_prefix_length(context.prompt)).to(device);
  const auto prefix = sequence.target_begin;
  Tensor x = embed(sequence, context), roles = sequence.roles;  // [B, L, C]
  if (guidance > 0) {
    Context empty;
    empty.prompt.texts.resize(rngs.size());
    const PackedSequence unconditional = packer_.pack_generation(empty.prompt, prefix).to(device);
    x = at::cat({x, embed(unconditional, empty)});  // [2B, L, C]
    roles = at::cat({roles, unconditional.roles});
  }
  const Tensor mask = nn::additive_mask(nn::visibility(roles), x.scalar_type());  // [2B, 1, L, L]
  nn::KeyValueCache cache;
  language_model_->forward(x.narrow(1, 0, prefix), mask.narrow(2, 0, prefix).narrow(3, 0, prefix), 0, nullptr,
                           &cache);
  const Tensor live_mask = mask.slice(2, prefix);            // [2B, 1, N + 2, L]
  const Tensor frame = sequence.token_ids.slice(1, prefix);  // [B, N + 2]

  const auto logits = [&](const diffusion::MaskedState& state) {
    const Tensor ids = (state.codes + vocabulary_.first_code()).masked_fill(state.hidden, vocabulary_.mask());
    Tensor live = language_model_->embed(frame.slice_scatter(ids, 1, 1, 1 + num_tokens));  // [B, N + 2, C]
    if (guidance > 0) live = at::cat({live, live});
    const Tensor hidden = language_model_->forward(live, live_mask, prefix, &cache).narrow(1, 1, num_tokens);
    const Tensor all =
        language_model_->logits(hidden, vocabulary_.first_code(), vocabulary_.num_codes);  // [2B, N, V]
    if (guidance == 0) return all;
    return (1 + guidance) * all.narrow(0, 0, batch) - guidance * all.narrow(0, batch, batch);
  };
  std::vector<Tensor> draws;
  for (auto& rng : rngs) draws.push_back(rng.uniform({num_steps, 2, num_tokens}));
  const Tensor codes = diffusion::masked_sample(logits, at::stack(draws, 2).to(device),
                                                sampling.number("temperature"));  // [B, N]
  return picture_of(codes).clamp(-1, 1).to(at::kFloat);
}

std::vector<std::string> Showo::answer(const Condition& prompt, int64_t max_tokens) {
  const at::NoGradGuard no_gradient;
  const Context context = read(prompt, batch_size(prompt), nullptr);
  const auto device = language_model_->weight().device();
  const PackedSequence sequence = packer_.pack_questions(context.prompt).to(device);
  const Tensor ids =
      nn::continue_greedily(*language_model_, embed(sequence, context), nn::visibility(sequence.roles),
                            {.num_words = vocabulary_.num_words,
                             .end_id = tokenizer_->end_id(),
                             .max_tokens = max_tokens});  // [B, T]
  return text::decode_rows(*tokenizer_, ids);
}

Tensor Showo::round_trip(const Tensor& images) {
  const at::NoGradGuard no_gradient;
  expect_shape(images, {-1, 3, config_.image_size, config_.image_size}, "images");
  return picture_of(image_tokens(images) - vocabulary_.first_code()).clamp(-1, 1).to(at::kFloat);
}

// Of some pictures the decoder gets a random part of the codes, so that each code says all of its part.
TokenLoss Showo::codec_loss(const Tensor& images, Rng& rng) {
  const Tensor pixels = to_model(images), z = encoder_(pixels);  // [B, 3, H, W], [B, bits, h, w]
  const auto& weights = config_.codec_loss;
  const double share = weights.code_dropout;
  const Tensor rate =
      ((rng.uniform({z.size(0), 1, 1, 1}) - (1 - share)) / share).clamp_min(0);          // [B, 1, 1, 1]
  const Tensor kept = rng.uniform({z.size(0), 1, z.size(2), z.size(3)}).ge(rate).to(z);  // [B, 1, h, w]
  const Tensor error = decoder_(vae::lfq_signs(z) * kept) - pixels;                      // [B, 3, H, W]
  const Tensor asked = at::upsample_nearest2d(kept, {pixels.size(2), pixels.size(3)});   // [B, 1, H, W]
  const Tensor distance = (error.abs() + weights.squared_error * error.square()) * asked;
  const auto terms = vae::lfq_terms(z);
  const Tensor rebuilt = distance.flatten(1).mean(1) / kept.mean();  // [B]
  const Tensor loss = rebuilt + weights.commitment * terms.commitment - weights.diversity * terms.diversity;
  return {loss.to(at::kFloat), at::ones({images.size(0)}, loss.options().dtype(at::kFloat))};
}

// Weights

std::vector<ParameterGroup> Showo::parameter_groups() const {
  return {
      {.name = "language_model", .trained_by_default = true, .doc = "decoder blocks, final norm and head"},
      {.name = "embeddings",
       .trained_by_default = true,
       .doc = "embeddings of words, special tokens and codes"},
      {.name = "projector", .trained_by_default = true, .doc = "tower features to embeddings"},
      {.name = "image_tokenizer", .trained_by_default = false, .doc = "pictures to codes and back"},
      {.name = "image_encoder", .trained_by_default = false, .doc = "vision tower"}};
}

std::vector<Parameter> Showo::parameters() {
  const auto group_of = [](const std::string& component, const std::string& name) -> std::string {
    if (component != "model") return component;
    if (name.starts_with("mm_projector.")) return "projector";
    return name.starts_with("showo.model.embed_tokens.") ? "embeddings" : "language_model";
  };
  std::vector<Parameter> all;
  for (const auto& [component, module] : components_)
    for (const auto& item : module->named_parameters())
      all.push_back({.component = component,
                     .name = item.key(),
                     .group = group_of(component, item.key()),
                     .value = item.value()});
  return all;
}

void Showo::initialize(uint64_t seed) {
  for (const auto& [component, module] : components_) nn::initialize(module, 0.02, Rng(seed).fork(component));
}

void Showo::set_training(bool training) {
  for (const auto& [component, module] : components_) module->train(training);
}

std::vector<NamedTensor> Showo::tensors_of(const std::string& component) {
  std::vector<NamedTensor> tensors;
  for (const auto& parameter : parameters())
    if (parameter.component == component) tensors.push_back({parameter.name, parameter.value});
  return tensors;
}

void Showo::load_official(const std::string& component, const std::string& folder, WeightLoader& loader) {
  add_official_files(component, folder, tensors_of(component), loader);
}

void Showo::save_official(const std::string& folder) {
  write_official_model(folder, tensors_of("model"), config_, vocabulary_);
}

void register_showo(Registry& registry) {
  registry.add(
      {.kind = PluginKind::architecture,
       .id = "showo",
       .doc = "Show-o: one transformer over words and image codes, pictures by masked-token prediction",
       .options =
           OptionSchema()
               .choice("preset", "tiny", preset_names(), "sizes of all parts")
               .path("vocabulary", "",
                     "word list, tokenizer.json, or folder with the published tokenizer's files")
               .choice("head", "preset", {"preset", "tied", "untied"},
                       "whether the head reads the word embeddings backwards")
               .boolean("recompute", false, "activation checkpointing: blocks run again in the backward pass")
               .boolean("reference_t2i_targets", true,
                        "text-to-image also supervises the marks around the picture, as the published code")
               .boolean("reference_recon_pixels", false,
                        "a condition's picture reaches the tower in [-1, 1] and resized without a filter, "
                        "as the published code"),
       .sampling =
           OptionSchema()
               .integer("steps", 12, {1, 1000}, "sampling steps")
               .number("guidance_scale", 1.0, {0, 100}, "g of (1 + g) conditional - g unconditional; 0: none")
               .number("temperature", 1.0, {0, 100}, "first temperature of the choice of what stays hidden"),
       .provides = {ImageEncoder::kName, GenerationObjective::kName, TextObjective::kName,
                    ImageGenerator::kName, TextGenerator::kName, ImageCodec::kName, OfficialWeights::kName},
       .needs = {},
       .make_architecture = [](const Options& options) { return std::make_unique<Showo>(options); }});
}

}  // namespace
}  // namespace umm::showo

UMM_PLUGIN(umm::showo::register_showo)
