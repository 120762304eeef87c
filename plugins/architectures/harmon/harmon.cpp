// Harmon (Wu et al. 2025, arXiv 2503.21979): a masked autoencoder sees pictures and draws them, with a
// language model between its encoder and its decoder; tokens of pictures are continuous and drawn by
// diffusion. Reference: wusize/Harmon 4eb6087; for pictures conditioned on pictures, RecA (arXiv 2509.07295).
// The network is in network.h. Here: what it can do, how conditions become prompts, and every draw.
//
// B batch, N places of a picture, U buffers, P = N + U tokens of the condition's picture, Z channels of a
// token, L tokens of the prompt, C width of the language model
#include <ATen/ATen.h>
#include <c10/core/GradMode.h>

#include <memory>
#include <utility>

#include "diffusion/mar_masks.h"
#include "diffusion/masked_tokens.h"
#include "network.h"
#include "nn/attention.h"
#include "nn/initialize.h"
#include "nn/scale_gradient.h"
#include "official.h"
#include "packing.h"
#include "text/open_tokenizer.h"
#include "umm/umm.h"
#include "vae/autoencoder_kl.h"

namespace umm::harmon {
namespace {

// A condition as the packer and the network want it.
struct Context {
  std::vector<std::string> texts;  // B, what the user says
  Tensor picture;                  // [B, P, C]; undefined without one

  int64_t picture_length() const { return picture.defined() ? picture.size(1) : 0; }
};

// What is asked of a condition decides on the words around its text.
enum class Purpose { train_drawing, draw, answer };

class Harmon final : public Architecture,
                     public ImageEncoder,
                     public ImageCodec,
                     public GenerationObjective,
                     public ImageGenerator,
                     public TextObjective,
                     public TextGenerator,
                     public OfficialWeights {
 public:
  explicit Harmon(const Options& options);
  int64_t image_size() const override { return config_.image_size; }

  // It sees pictures,
  std::vector<ImageEncoderInfo> image_encoders() const override;
  Tensor encode_image(const std::string& encoder, const Tensor& images) override;

  // draws them,
  TokenLoss generation_loss(const Condition& condition, const Tensor& target_images, Rng& rng) override;
  Tensor generate(const Condition& condition, const Options& sampling, std::span<Rng> rngs) override;

  // says something of them,
  TokenLoss text_loss(const Condition& prompt, const std::vector<std::string>& targets, Rng& rng) override;
  std::vector<std::string> answer(const Condition& prompt, int64_t max_tokens) override;

  // makes latents of them and pictures again,
  std::vector<std::string> codec_groups() const override { return {"image_tokenizer"}; }
  TokenLoss codec_loss(const Tensor& images, Rng& rng) override;
  Tensor round_trip(const Tensor& images) override;

  // and has weights.
  std::vector<ParameterGroup> parameter_groups() const override;
  std::vector<Parameter> parameters() override;
  void initialize(uint64_t seed) override;
  void set_training(bool training) override { training_ = training; }
  void load_official(const std::string& component, const std::string& folder, WeightLoader& loader) override;
  void save_official(const std::string& folder) override;

 private:
  // A picture that is shown and drawn is encoded once.
  struct Target {
    Tensor images, latents;
  };

  Context read(const Condition& condition, int64_t batch, Purpose purpose, Rng* rng,
               const Target& target = {});
  std::string drawing_text(const std::string& text, bool is_dropped, bool has_picture, Purpose purpose,
                           const Segment& segment) const;
  Tensor read_picture(const Segment& segment, Rng* rng, const Target& target);
  Prompt embed(const text::PackedRows& rows, const Context& context);
  MaskedDraws draw_masks(int64_t batch, Rng& rng) const;
  Tensor latents_of(const Tensor& images);     // [B, 3, H, W] -> [B, N, Z]
  Tensor picture_of(const Tensor& latents);    // [B, N, Z] -> [B, 3, H, W]
  Tensor fitting(const Tensor& images) const;  // at the size that the encoder sees
  at::Device device() const { return language_model_->weight().device(); }
  Rng* dropout_of(Rng* rng) const { return training_ ? rng : nullptr; }
  std::vector<NamedTensor> tensors_of(const std::string& component);

  HarmonConfig config_;
  bool training_ = false;
  std::unique_ptr<text::TextTokenizer> tokenizer_;
  Packer packer_;
  std::shared_ptr<Network> network_;
  nn::Qwen2 language_model_;  // the network's
  vae::AutoencoderKl image_tokenizer_;
};

HarmonConfig sized_for(HarmonConfig config, const text::TextTokenizer& tokenizer) {
  const int64_t num_words = tokenizer.vocabulary_size();
  auto& size = config.language_model.vocabulary_size;
  if (size == 0) size = num_words;
  UMM_CHECK_INPUT(num_words <= size, "the option `vocabulary` gives ", num_words,
                  " tokens, but this preset's embeddings are of ", size,
                  "; give it the folder of the published tokenizer's files (Qwen2.5)");
  return config;
}

Harmon::Harmon(const Options& options)
    : config_(config_of(options)),
      tokenizer_(text::open_tokenizer(options.text("vocabulary"))),
      packer_(config_.wording, {config_.prompt_length, config_.answer_length}, *tokenizer_),
      network_(std::make_shared<Network>(config_ = sized_for(config_, *tokenizer_))),
      language_model_(network_->language_model()),
      image_tokenizer_(config_.image_tokenizer) {}

// Pictures

Tensor Harmon::fitting(const Tensor& images) const {
  expect_shape(images, {-1, 3, -1, -1}, "images");
  const auto side = config_.image_size;
  if (images.size(2) == side && images.size(3) == side) return images;
  return at::_upsample_bicubic2d_aa(images.to(at::kFloat), {side, side}, /*align_corners=*/false)
      .clamp(-1, 1);
}

// The latent is the mean of its law; nothing learns through it.
Tensor Harmon::latents_of(const Tensor& images) {
  const at::NoGradGuard no_gradient;
  const Tensor& weight = image_tokenizer_->weight();
  const Tensor mean = image_tokenizer_->encode(images.to(weight.device(), weight.scalar_type())).mean;
  return (mean * config_.latent_scale).flatten(2).transpose(1, 2).contiguous();  // [B, N, Z]
}

Tensor Harmon::picture_of(const Tensor& latents) {
  const auto grid = config_.mar.grid;
  const Tensor map = latents.transpose(1, 2).unflatten(2, {grid, grid});  // [B, Z, h, w]
  return image_tokenizer_->decode(map / config_.latent_scale);
}

// Conditions

int64_t batch_size(const Condition& condition) {
  if (condition.segments.empty()) return 0;
  const auto& first = condition.segments.front();
  return first.kind == SegmentKind::text ? static_cast<int64_t>(first.text.size()) : first.image.size(0);
}

void check_layout(const Condition& condition) {
  std::vector<SegmentKind> kinds;
  for (const auto& segment : condition.segments) kinds.push_back(segment.kind);
  using enum SegmentKind;
  UMM_CHECK(kinds.empty() || kinds == std::vector{text} || kinds == (std::vector{encoded_image, text}),
            "Harmon cannot pack the condition ", describe(condition),
            "; it packs: nothing, [text], [encoded_image, text]");
}

std::string stripped(const std::string& text) {
  constexpr const char* kSpace = " \t\r\n";
  const auto begin = text.find_first_not_of(kSpace);
  return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(kSpace) + 1 - begin);
}

// Training puts a line break before an instruction to rebuild a picture, the reference's sampler does not.
std::string Harmon::drawing_text(const std::string& text, bool is_dropped, bool has_picture, Purpose purpose,
                                 const Segment& segment) const {
  const Wording& wording = config_.wording;
  if (is_dropped) return segment.dropout_text.empty() ? wording.no_caption : segment.dropout_text;
  if (has_picture) return purpose == Purpose::train_drawing ? "\n" + text : text;
  const std::string caption = stripped(text);
  return caption.empty() ? wording.no_caption : wording.caption_prefix + caption;
}

// Without `rng` nothing is dropped: dropout belongs to training.
Context Harmon::read(const Condition& condition, int64_t batch, Purpose purpose, Rng* rng,
                     const Target& target) {
  check_layout(condition);
  UMM_CHECK(purpose != Purpose::answer || !condition.segments.empty(),
            "Harmon: an answer needs a prompt; the condition is empty");
  Context context;
  context.texts.assign(static_cast<size_t>(batch), config_.wording.no_caption);
  for (const auto& segment : condition.segments) {
    if (segment.kind != SegmentKind::text) {
      expect_shape(segment.image, {batch, 3, -1, -1}, "image of the condition");
      context.picture = read_picture(segment, rng, target);
      continue;
    }
    UMM_CHECK(static_cast<int64_t>(segment.text.size()) == batch, "Harmon: the condition holds ",
              segment.text.size(), " texts for ", batch, " samples");
    UMM_CHECK(segment.gradient_scale == 1, "Harmon scales the gradient of encoded images only; ",
              describe(condition), " asks it of words");
    for (size_t b = 0; b < context.texts.size(); ++b) {
      const bool is_dropped =
          rng != nullptr && segment.dropout_probability > 0 && rng->chance(segment.dropout_probability);
      const std::string& text = segment.text[b];
      context.texts[b] = purpose == Purpose::answer
                             ? (is_dropped ? segment.dropout_text : text)
                             : drawing_text(text, is_dropped, context.picture.defined(), purpose, segment);
    }
  }
  return context;
}

// The encoder sees the whole picture. A dropped one becomes zeros.
Tensor Harmon::read_picture(const Segment& segment, Rng* rng, const Target& target) {
  UMM_CHECK(segment.encoder.empty() || segment.encoder == "mar", "Harmon has no image encoder '",
            segment.encoder, "'; it has: mar");
  const bool is_target = target.images.defined() && segment.image.is_same(target.images);
  const c10::AutoGradMode gradient(c10::GradMode::is_enabled() && segment.gradient_scale > 0);
  const Tensor latents = is_target ? target.latents : latents_of(fitting(segment.image));  // [B, N, Z]
  const Tensor seen =
      nn::scale_gradient(network_->see(latents, dropout_of(rng)), segment.gradient_scale);  // [B, P, C]
  if (rng == nullptr || segment.dropout_probability == 0) return seen;
  std::vector<uint8_t> dropped(static_cast<size_t>(seen.size(0)));
  for (auto& drop : dropped) drop = rng->chance(segment.dropout_probability);
  return seen.masked_fill(at::tensor(dropped).to(seen.device(), at::kBool).view({-1, 1, 1}), 0);
}

// Words become embeddings, a picture to see takes its place among them.
Prompt Harmon::embed(const text::PackedRows& rows, const Context& context) {
  const text::PackedRows here = rows.to(device());
  const Tensor words = language_model_->embed(here.token_ids);  // [B, L, C]
  if (!context.picture.defined()) return {words, here.roles};
  return {words.scatter(1, along(here.picture_columns, words.size(2)), context.picture), here.roles};
}

// Capabilities

std::vector<ImageEncoderInfo> Harmon::image_encoders() const {
  return {{.name = "mar",
           .image_size = config_.image_size,
           .num_tokens = config_.mar.num_places() + config_.mar.num_buffers}};
}

Tensor Harmon::encode_image(const std::string& encoder, const Tensor& images) {
  return read_picture(encoded_image_segment(images, encoder), nullptr, {});
}

MaskedDraws Harmon::draw_masks(int64_t batch, Rng& rng) const {
  const auto num_places = config_.mar.num_places(), repeats = config_.noise_repeats;
  const auto count = diffusion::draw_masked_count(num_places, config_.masked_share, rng);
  const Tensor orders = diffusion::draw_orders(batch, num_places, rng);  // [B, N]
  const Tensor timesteps = (rng.uniform({repeats, batch, count}) * diffusion::Ddpm::kTimesteps).to(at::kLong);
  const Tensor noise = rng.normal({repeats, batch, count, config_.mar.token_channels});
  return {.masked = orders.slice(1, 0, count).to(device()),
          .visible = std::get<0>(orders.slice(1, count).sort(1)).to(device()),
          .timesteps = timesteps.clamp_max(diffusion::Ddpm::kTimesteps - 1).to(device()),
          .noise = noise.to(device())};
}

TokenLoss Harmon::generation_loss(const Condition& condition, const Tensor& target_images, Rng& rng) {
  const auto batch = target_images.size(0);
  expect_shape(target_images, {batch, 3, config_.image_size, config_.image_size}, "target images");
  const Target target{target_images, latents_of(target_images)};
  const Context context = read(condition, batch, Purpose::train_drawing, &rng, target);
  const auto rows = packer_.pack_training(context.texts, context.picture_length());
  return network_->masked_loss(embed(rows, context), target.latents, draw_masks(batch, rng),
                               dropout_of(&rng));
}

TokenLoss Harmon::text_loss(const Condition& prompt, const std::vector<std::string>& targets, Rng& rng) {
  const Context context = read(prompt, static_cast<int64_t>(targets.size()), Purpose::answer, &rng);
  const auto rows = packer_.pack_answers(context.texts, context.picture_length(), targets);
  const Prompt all = embed(rows, context);
  const auto length = all.embeddings.size(1);
  // The last block computes what stands before the first answer as keys and values only.
  const Tensor columns = rows.supervised.any(0).nonzero();  // none where all answers are cut away
  const auto begin = columns.numel() > 0 ? columns[0].item<int64_t>() : length - 1, count = length - begin;
  const Tensor mask = nn::additive_mask(nn::visibility(all.roles), all.embeddings.scalar_type());
  const Tensor hidden = language_model_->last_hidden(all.embeddings, mask, count);  // [B, count, C]
  const Tensor next = rows.token_ids.roll(-1, 1).slice(1, begin).to(device());
  return diffusion::supervised_cross_entropy(
      hidden, rows.supervised.slice(1, begin), next, [this](const Tensor& rows_of_answers) {
        return language_model_->logits(rows_of_answers, 0, config_.language_model.vocabulary_size);
      });
}

Tensor Harmon::generate(const Condition& condition, const Options& sampling, std::span<Rng> rngs) {
  const at::NoGradGuard no_gradient;
  const auto batch = static_cast<int64_t>(rngs.size());
  const auto num_places = config_.mar.num_places(), num_steps = sampling.integer("denoising_steps");
  SamplingConfig config{.num_iterations = sampling.integer("steps"),
                        .diffusion = sampling.text("denoising_spacing") == "even"
                                         ? diffusion::Ddpm(num_steps)
                                         : diffusion::Ddpm::strided(num_steps),
                        .guidance = sampling.number("guidance_scale"),
                        .linear_guidance = sampling.text("guidance_schedule") == "linear",
                        .temperature = sampling.number("temperature")};
  const Context context = read(condition, batch, Purpose::draw, nullptr);
  const Context nothing{std::vector<std::string>(rngs.size(), config_.wording.no_caption), {}};
  const auto shortest = packer_.pack_generation(nothing.texts, 0).token_ids.size(1);
  Prompt prompt = embed(packer_.pack_generation(context.texts, context.picture_length(), shortest), context);
  if (config.guidance != 1) {
    const auto length = prompt.embeddings.size(1);
    const Prompt unconditional = embed(packer_.pack_generation(nothing.texts, 0, length), nothing);
    prompt = {at::cat({prompt.embeddings, unconditional.embeddings}),
              at::cat({prompt.roles, unconditional.roles})};  // [2B, L, C], [2B, L]
  }
  std::vector<Tensor> orders, start, step_noise;
  for (auto& rng : rngs) {
    orders.push_back(rng.permutation(num_places));
    start.push_back(rng.normal({num_places, config_.mar.token_channels}));
    step_noise.push_back(rng.normal({num_steps, num_places, config_.mar.token_channels}));
  }
  const SamplingDraws draws{at::stack(orders), at::stack(start).to(device()),
                            at::stack(step_noise, 1).to(device())};
  return picture_of(network_->sample(prompt, draws, config)).clamp(-1, 1).to(at::kFloat);
}

std::vector<std::string> Harmon::answer(const Condition& prompt, int64_t max_tokens) {
  const at::NoGradGuard no_gradient;
  const Context context = read(prompt, batch_size(prompt), Purpose::answer, nullptr);
  const Prompt questions = embed(packer_.pack_questions(context.texts, context.picture_length()), context);
  const Tensor ids =
      nn::continue_greedily(*language_model_, questions.embeddings, nn::visibility(questions.roles),
                            {.num_words = tokenizer_->vocabulary_size(),
                             .end_id = packer_.end_id(),
                             .max_tokens = max_tokens});  // [B, T]
  return text::decode_rows(*tokenizer_, ids);
}

Tensor Harmon::round_trip(const Tensor& images) {
  const at::NoGradGuard no_gradient;
  expect_shape(images, {-1, 3, config_.image_size, config_.image_size}, "images");
  return picture_of(latents_of(images)).clamp(-1, 1).to(at::kFloat);
}

TokenLoss Harmon::codec_loss(const Tensor& images, Rng& rng) {
  const auto batch = images.size(0);
  expect_shape(images, {batch, 3, config_.image_size, config_.image_size}, "images");
  const auto& weights = config_.codec_loss;
  const Tensor& weight = image_tokenizer_->weight();
  const Tensor pixels = images.to(weight.device(), weight.scalar_type());  // [B, 3, H, W]
  const vae::Gaussian law = image_tokenizer_->encode(pixels);              // [B, Z, h, w]
  const Tensor noise = rng.normal(law.mean.sizes()).to(pixels.options());
  const Tensor error = image_tokenizer_->decode(law.mean + (law.log_variance / 2).exp() * noise) - pixels;
  const Tensor rebuilt = (error.abs() + weights.squared_error * error.square()).flatten(1).mean(1);  // [B]
  const Tensor divergence = law.divergence() / static_cast<double>(law.mean[0].numel());             // [B]
  const Tensor loss = (rebuilt + weights.divergence * divergence).to(at::kFloat);
  return {loss, at::ones({batch}, loss.options().requires_grad(false))};
}

// Weights

std::vector<ParameterGroup> Harmon::parameter_groups() const {
  return {
      {.name = "language_model", .trained_by_default = true, .doc = "decoder blocks and final norm"},
      {.name = "embeddings",
       .trained_by_default = true,
       .doc = "embeddings of words, which are also the head"},
      {.name = "image_encoder", .trained_by_default = true, .doc = "masked autoencoder: buffers and encoder"},
      {.name = "image_decoder", .trained_by_default = true, .doc = "masked autoencoder: decoder"},
      {.name = "diffusion_head",
       .trained_by_default = true,
       .doc = "draws tokens from what is known of them"},
      {.name = "projector", .trained_by_default = true, .doc = "encoder to language model, and back"},
      {.name = "image_tokenizer", .trained_by_default = false, .doc = "pictures to latents and back"}};
}

std::string group_of(const std::string& name) {
  const auto in = [&](const char* prefix) { return name.starts_with(prefix); };
  if (in("llm.")) return in("llm.model.embed_tokens.") ? "embeddings" : "language_model";
  if (in("proj_")) return "projector";
  if (in("mar.diffloss.")) return "diffusion_head";
  return in("mar.decoder_") || in("mar.mask_token") || in("mar.diffusion_pos") ? "image_decoder"
                                                                               : "image_encoder";
}

std::vector<Parameter> Harmon::parameters() {
  std::vector<Parameter> all;
  for (const auto& item : network_->named_parameters())
    all.push_back({"model", item.key(), group_of(item.key()), item.value()});
  for (const auto& item : network_->named_buffers()) all.push_back({"model", item.key(), "", item.value()});
  for (const auto& item : image_tokenizer_->named_parameters())
    all.push_back({"image_tokenizer", item.key(), "image_tokenizer", item.value()});
  return all;
}

void Harmon::initialize(uint64_t seed) {
  nn::initialize(network_, config_.initial_deviation, Rng(seed).fork("model"), nn::LinearLaw::xavier);
  network_->mar().head().zero_modulations();
  nn::initialize(image_tokenizer_.ptr(), 0.02, Rng(seed).fork("image_tokenizer"));
}

std::vector<NamedTensor> Harmon::tensors_of(const std::string& component) {
  std::vector<NamedTensor> tensors;
  for (const auto& parameter : parameters())
    if (parameter.component == component) tensors.push_back({parameter.name, parameter.value});
  return tensors;
}

void Harmon::load_official(const std::string& component, const std::string& folder, WeightLoader& loader) {
  add_official_files(component, folder, tensors_of(component), loader);
}

void Harmon::save_official(const std::string& folder) {
  write_official_model(folder, tensors_of("model"), tensors_of("image_tokenizer"));
}

void register_harmon(Registry& registry) {
  registry.add(
      {.kind = PluginKind::architecture,
       .id = "harmon",
       .doc =
           "Harmon: a masked autoencoder around a language model, continuous picture tokens, diffusion loss",
       .options =
           OptionSchema()
               .choice("preset", "tiny", preset_names(), "sizes of all parts")
               .path("vocabulary", "",
                     "word list, tokenizer.json, or folder with the published tokenizer's files")
               .number("dropout", -1, {-1, 1}, "of encoder and decoder in training; below 0: the preset's")
               .boolean("recompute", false,
                        "activation checkpointing: blocks run again in the backward pass"),
       .sampling =
           OptionSchema()
               .integer("steps", 16, {1, 4096}, "iterations, each revealing more tokens; published: 64")
               .integer("denoising_steps", 25, {1, 1000}, "diffusion steps of a token; published: 100")
               .choice("denoising_spacing", "even", {"even", "strided"},
                       "of the steps over the timesteps; strided leaves out the noisiest; published: even")
               .number("guidance_scale", 1.0, {0, 100},
                       "g of unconditional + g (conditional - unconditional); 1: none; published: 3")
               .choice("guidance_schedule", "constant", {"constant", "linear"},
                       "linear: from 1 to guidance_scale with the share of tokens drawn")
               .number("temperature", 1.0, {0, 10}, "of the noise of denoising steps"),
       .provides = {ImageEncoder::kName, GenerationObjective::kName, TextObjective::kName,
                    ImageGenerator::kName, TextGenerator::kName, ImageCodec::kName, OfficialWeights::kName},
       .needs = {},
       .make_architecture = [](const Options& options) { return std::make_unique<Harmon>(options); }});
}

}  // namespace
}  // namespace umm::harmon

UMM_PLUGIN(umm::harmon::register_harmon)
