// What datasets produce and methods consume.
#pragma once

#include <string>
#include <vector>

#include "umm/tensor.h"
#include "umm/version.h"

namespace umm {

// One training example. A field that the dataset does not have stays empty or undefined.
struct Sample {
  Tensor image;             // [3, H, W] float32 in [-1, 1]: the picture to understand or to generate
  std::string caption;      // text-to-image prompt
  std::string question;     // image-to-text: what is asked about `image`
  std::string answer;       // image-to-text: the expected reply
  Tensor source_image;      // [3, H, W]: editing, the picture before
  std::string instruction;  // editing, what to change
};

// B samples of one dataset, in columns.
struct Batch {
  Tensor images;                          // [B, 3, H, W] float32 in [-1, 1], or undefined
  Tensor source_images;                   // [B, 3, H, W], or undefined
  std::vector<std::string> captions;      // B
  std::vector<std::string> questions;     // B
  std::vector<std::string> answers;       // B
  std::vector<std::string> instructions;  // B

  int64_t size() const { return static_cast<int64_t>(captions.size()); }
};

// Stacks equal-sized samples. Throws Error where images differ in shape.
UMM_API Batch collate(const std::vector<Sample>& samples);

}  // namespace umm
