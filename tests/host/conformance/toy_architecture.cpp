#include <ATen/ATen.h>

#include "toy_plugins.h"

namespace umm::testing {
namespace {

void expect_pictures(const Tensor& images) {
  expect_shape(images, {-1, 3, ToyArchitecture::kSide, ToyArchitecture::kSide}, "images");
}

}  // namespace

ToyArchitecture::ToyArchitecture()
    : patches_(at::zeros({kWidth, kPixels / kTokens})),
      words_(at::zeros({kWidth, kLetters})),
      hidden_(at::zeros({kWidth, kPixels})),
      pixels_(at::zeros({kPixels, kWidth})),
      letters_(at::zeros({kLetters, kWidth})),
      squeeze_(at::zeros({kWidth, kPixels})),
      unfold_(at::zeros({kPixels, kWidth})) {
  // As the layers of torch::nn: they learn until the host freezes them.
  for (Parameter& parameter : ToyArchitecture::parameters()) parameter.value.set_requires_grad(true);
}

std::vector<ParameterGroup> ToyArchitecture::parameter_groups() const {
  return {{"encoder", true, "what it sees"},
          {"decoder", true, "what it reads, draws and says"},
          {"codec", false, "pictures to latents and back"}};
}

std::vector<Parameter> ToyArchitecture::parameters() {
  return {{"model", "patches", "encoder", patches_}, {"model", "words", "decoder", words_},
          {"model", "hidden", "decoder", hidden_},   {"model", "pixels", "decoder", pixels_},
          {"model", "letters", "decoder", letters_}, {"codec", "squeeze", "codec", squeeze_},
          {"codec", "unfold", "codec", unfold_}};
}

void ToyArchitecture::initialize(uint64_t seed) {
  const c10::NoGradGuard no_grad;
  Rng rng(seed);
  for (Tensor* weight : {&patches_, &words_, &hidden_, &pixels_, &letters_, &squeeze_, &unfold_})
    weight->copy_(rng.normal(weight->sizes()) * 0.1);
}

Tensor ToyArchitecture::encode_image(const std::string& encoder, const Tensor& images) {
  UMM_CHECK(encoder.empty() || encoder == "patches", "no encoder `", encoder, "`; there is `patches`");
  expect_pictures(images);
  const int64_t half = kSide / 2;
  const Tensor corners = images.reshape({-1, 3, 2, half, 2, half}).permute({0, 2, 4, 1, 3, 5});
  return at::linear(corners.reshape({-1, kTokens, kPixels / kTokens}), patches_);
}

Tensor ToyArchitecture::letters_of(const std::vector<std::string>& texts) const {
  std::vector<Tensor> rows;
  for (const std::string& text : texts) {
    std::vector<float> counts(kLetters, 0.0f);
    for (const char letter : text)
      counts[static_cast<unsigned char>(letter) % kLetters] += 1.0f / static_cast<float>(text.size());
    rows.push_back(at::tensor(counts));
  }
  return at::stack(rows).to(words_.device());
}

// Without an Rng nothing is dropped.
Tensor ToyArchitecture::context(const Condition& condition, int64_t num_samples, const Rng* rng) {
  Tensor sum = at::zeros({num_samples, kWidth}, words_.options());
  for (const Segment& segment : condition.segments) {
    if (segment.kind == SegmentKind::text) {
      auto texts = segment.text;
      UMM_CHECK(static_cast<int64_t>(texts.size()) == num_samples, texts.size(), " texts for ", num_samples,
                " samples");
      for (size_t i = 0; rng != nullptr && i < texts.size(); ++i)
        if (rng->fork("dropout", i).chance(segment.dropout_probability)) texts[i] = segment.dropout_text;
      sum = sum + at::linear(letters_of(texts), words_);
    } else {
      UMM_CHECK(segment.kind == SegmentKind::encoded_image, "cannot take ", describe(condition));
      expect_shape(segment.image, {num_samples, -1, -1, -1}, "images of the condition");
      Tensor seen = encode_image(segment.encoder, segment.image).mean(1);  // [B, C]
      std::vector<float> kept(static_cast<size_t>(num_samples), 1.0f);
      for (size_t i = 0; rng != nullptr && i < kept.size(); ++i)
        if (rng->fork("picture dropout", i).chance(segment.dropout_probability)) kept[i] = 0;
      const double scale = segment.gradient_scale;
      seen = seen * scale + seen.detach() * (1 - scale);
      sum = sum + seen * at::tensor(kept).to(seen.device()).unsqueeze(1);
    }
  }
  return sum;
}

TokenLoss ToyArchitecture::generation_loss(const Condition& condition, const Tensor& target_images,
                                           Rng& rng) {
  expect_pictures(target_images);
  const int64_t num_samples = target_images.size(0);
  const Tensor target = target_images.flatten(1);  // [B, kPixels]
  const Tensor noise = rng.normal({num_samples, kPixels}).to(target.device());
  const Tensor seen = at::linear(target + noise, hidden_) + context(condition, num_samples, &rng);
  const Tensor error = (at::linear(at::tanh(seen), pixels_) - target).square().sum(1);
  return {error, at::full_like(error, static_cast<double>(kPixels))};
}

TokenLoss ToyArchitecture::text_loss(const Condition& prompt, const std::vector<std::string>& targets,
                                     Rng& rng) {
  const Tensor logits = at::linear(context(prompt, std::ssize(targets), &rng), letters_);
  const Tensor loss = -(letters_of(targets) * at::log_softmax(logits, 1)).sum(1);
  return {loss, at::ones_like(loss)};
}

Tensor ToyArchitecture::generate(const Condition& condition, const Options&, std::span<Rng> rngs) {
  std::vector<Tensor> noise;
  for (Rng& rng : rngs) noise.push_back(rng.normal({kPixels}));
  const Tensor start = at::stack(noise).to(hidden_.device());  // [B, kPixels]
  const Tensor seen = at::linear(start, hidden_) + context(condition, std::ssize(rngs), nullptr);
  return at::tanh(at::linear(at::tanh(seen), pixels_)).view({-1, 3, kSide, kSide});
}

std::vector<std::string> ToyArchitecture::answer(const Condition& prompt, int64_t max_tokens) {
  const int64_t num_samples = std::ssize(prompt.segments.at(1).text);
  const Tensor best = at::linear(context(prompt, num_samples, nullptr), letters_).argmax(1);
  std::vector<std::string> answers;
  for (int64_t i = 0; i < num_samples; ++i)
    answers.emplace_back(static_cast<size_t>(max_tokens), static_cast<char>('a' + best[i].item<int64_t>()));
  return answers;
}

Tensor ToyArchitecture::round_trip(const Tensor& images) {
  expect_pictures(images);
  return at::linear(at::linear(images.flatten(1), squeeze_), unfold_).view_as(images);
}

TokenLoss ToyArchitecture::codec_loss(const Tensor& images, Rng&) {
  const Tensor error = (round_trip(images) - images).square().sum({1, 2, 3});
  return {error, at::full_like(error, static_cast<double>(kPixels))};
}

}  // namespace umm::testing
