// Resizing of 8-bit pictures with exactly Pillow's arithmetic, which the published preprocessing runs on.
#pragma once

#include <cstdint>

#include "umm/image.h"
#include "umm/version.h"

namespace umm::image {

enum class Filter {
  bilinear,  // triangle of radius 1
  bicubic,   // Keys' kernel with a = -1/2, radius 2
};

// Every bit as Image.resize of Pillow up to 11: the kernel is widened where the picture shrinks; columns
// first, then rows, each rounded to 8 bits; weights in fixed point of 22 bits.
UMM_API Image resized(const Image& image, int64_t width, int64_t height, Filter filter);

// The shorter side becomes `size` pixels, the longer int(size * longer / shorter).
UMM_API Image shorter_side_resized(const Image& image, int64_t size, Filter filter);

// `size` x `size` pixels from the middle; the picture must be at least as large.
UMM_API Image center_cropped(const Image& image, int64_t size);

}  // namespace umm::image
