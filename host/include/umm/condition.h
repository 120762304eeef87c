// What a generation or an answer is conditioned on: an ordered list of segments.
//
// A *method* composes it ("the picture through its own encoder, then an instruction"); an *architecture*
// packs it into its own token sequence. Each segment carries its own dropout and gradient rule, so that
//   RecA on Show-o          {image via "clip", gradient_scale 0} {text}
//   RecA on Show-o, VQ ids  {image as generation tokens, degraded pixels} {text}
//   RecA on Harmon          {image via "mar", gradient_scale 0.1} {text, dropout 0.1 -> "Generate an image."}
//   text-to-image           {text, dropout 0.1}
//   unconditional           {}
//   editing                 {source image via "vit"} {source image as latents} {text}
// are one type. How each published recipe is said in it: ARCHITECTURE.md.
#pragma once

#include <string>
#include <vector>

#include "umm/tensor.h"
#include "umm/version.h"

namespace umm {

enum class SegmentKind {
  text,              // words
  encoded_image,     // an image seen through a named understanding encoder
  generation_image,  // an image as clean generation tokens or latents
};

struct Segment {
  SegmentKind kind = SegmentKind::text;
  std::vector<std::string> text;  // B, kind text
  Tensor image;                   // [B, 3, H, W] in [-1, 1], kinds *_image; any size, the encoder resizes
  std::string encoder;            // kind encoded_image: one of ImageEncoder::image_encoders(); "" = the first

  // Each sample's segment is replaced with this probability: text by `dropout_text`, an image by the
  // architecture's empty form. The architecture draws it from the Rng of the call.
  double dropout_probability = 0;
  std::string dropout_text;

  // Scale of the gradient that flows back into the segment's embeddings; 0 detaches them.
  double gradient_scale = 1;
};

struct Condition {
  std::vector<Segment> segments;
};

UMM_API Segment text_segment(std::vector<std::string> text, double dropout_probability = 0);
UMM_API Segment encoded_image_segment(Tensor image, std::string encoder, double gradient_scale = 1);
UMM_API Segment generation_image_segment(Tensor image);

// "text", "encoded_image via clip", ...: for messages about conditions that an architecture cannot pack.
UMM_API std::string describe(const Condition& condition);

}  // namespace umm
