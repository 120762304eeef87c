// Resizing of 8-bit pictures with exactly the arithmetic of Pillow and OpenCV, which published preprocessing
// runs on.
#pragma once

#include <cstdint>

#include "umm/image.h"
#include "umm/version.h"

namespace umm::images {

enum class Filter {
  bilinear,  // triangle of radius 1
  bicubic,   // Keys' kernel with a = -1/2, radius 2
};

// Every bit as Image.resize of Pillow up to 11: the kernel is widened where the picture shrinks; columns
// first, then rows, each rounded to 8 bits; weights in fixed point of 22 bits. Sizes in pixels, at least 1.
UMM_API Image resized(const Image& image, int64_t width, int64_t height, Filter filter);

// torchvision's Resize(size) on a PIL picture: the shorter side becomes `size` pixels, the longer
// int(size * longer / shorter).
UMM_API Image shorter_side_resized(const Image& image, int64_t size, Filter filter);

// torchvision's CenterCrop(size): `size` x `size` pixels from the middle, halves rounded to even; the picture
// must be at least as large.
UMM_API Image center_cropped(const Image& image, int64_t size);

// Every bit as cv2.resize with INTER_LINEAR on bytes (4.6): weights in fixed point of 11 bits, no widening
// where the picture shrinks, and means of 2 x 2 pixels where both sides are halved exactly.
UMM_API Image resized_as_opencv(const Image& image, int64_t width, int64_t height);

}  // namespace umm::images
