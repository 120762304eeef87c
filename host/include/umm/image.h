// A decoded 8-bit picture: what files hold and what evaluators look at.
// Models work on float tensors [B, 3, H, W] in [-1, 1] (batch.h); these functions convert.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "umm/tensor_fwd.h"
#include "umm/version.h"

namespace umm {

struct Image {
  int64_t width = 0;         // pixels
  int64_t height = 0;        // pixels
  std::vector<uint8_t> rgb;  // height x width x 3, rows from the top

  const uint8_t* pixel(int64_t x, int64_t y) const { return &rgb[static_cast<size_t>((y * width + x) * 3)]; }
  uint8_t* pixel(int64_t x, int64_t y) { return &rgb[static_cast<size_t>((y * width + x) * 3)]; }
};

UMM_API Image make_image(int64_t width, int64_t height);

// [3, H, W] float in [-1, 1]; (x + 1) / 2 * 255 clamped and truncated to 8 bits, as Show-o's sampler does.
UMM_API Image image_from_tensor(const Tensor& chw);
UMM_API Tensor tensor_from_image(const Image& image);  // [3, H, W] float32, x / 127.5 - 1

// PNG, 8 bit; alpha is dropped, grey becomes RGB. Throws InputError naming the file and what is wrong.
UMM_API Image read_png(const std::string& path);

// Written beside the target, then renamed: a file is complete or absent.
UMM_API void write_png(const std::string& path, const Image& image);

}  // namespace umm
