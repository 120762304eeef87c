#include "umm/batch.h"

#include <ATen/ops/stack.h>

#include "umm/condition.h"
#include "umm/error.h"

namespace umm {
namespace {

Tensor stack_images(const std::vector<Sample>& samples, Tensor Sample::*field) {
  std::vector<Tensor> images;
  for (const auto& sample : samples) {
    const Tensor& image = sample.*field;
    if (!image.defined()) continue;
    if (images.empty())
      expect_shape(image, {3, -1, -1}, "sample image");
    else
      expect_shape(image, {3, images[0].size(1), images[0].size(2)}, "sample image");
    images.push_back(image);
  }
  if (images.empty()) return {};
  UMM_CHECK(images.size() == samples.size(),
            "a batch mixes samples with and without an image: ", images.size(), " of ", samples.size(),
            " have one");
  return at::stack(images);  // [B, 3, H, W]
}

}  // namespace

Batch collate(const std::vector<Sample>& samples) {
  Batch batch;
  batch.images = stack_images(samples, &Sample::image);
  batch.source_images = stack_images(samples, &Sample::source_image);
  for (const auto& sample : samples) {
    batch.captions.push_back(sample.caption);
    batch.questions.push_back(sample.question);
    batch.answers.push_back(sample.answer);
    batch.instructions.push_back(sample.instruction);
  }
  return batch;
}

Segment text_segment(std::vector<std::string> text, double dropout_probability) {
  Segment segment;
  segment.text = std::move(text);
  segment.dropout_probability = dropout_probability;
  return segment;
}

Segment encoded_image_segment(Tensor image, std::string encoder, double gradient_scale) {
  Segment segment;
  segment.kind = SegmentKind::encoded_image;
  segment.image = std::move(image);
  segment.encoder = std::move(encoder);
  segment.gradient_scale = gradient_scale;
  return segment;
}

Segment generation_image_segment(Tensor image) {
  Segment segment;
  segment.kind = SegmentKind::generation_image;
  segment.image = std::move(image);
  return segment;
}

std::string describe(const Condition& condition) {
  std::string text;
  for (const auto& segment : condition.segments) {
    if (!text.empty()) text += ", ";
    switch (segment.kind) {
      case SegmentKind::text:
        text += "text";
        break;
      case SegmentKind::encoded_image:
        text += "encoded_image via " + (segment.encoder.empty() ? "the default encoder" : segment.encoder);
        break;
      case SegmentKind::generation_image:
        text += "generation_image";
        break;
    }
  }
  return "[" + text + "]";
}

}  // namespace umm
