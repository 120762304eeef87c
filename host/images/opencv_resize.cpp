// cv2.resize, INTER_LINEAR, 8 bits: what imgproc/src/resize.cpp of OpenCV 4.6.0 computes without vector
// units, which its vector code equals.
#include <algorithm>
#include <cmath>
#include <vector>

#include "images/resize.h"
#include "umm/error.h"

namespace umm::images {
namespace {

constexpr float kOne = 1 << 11;  // weights are in fixed point

// Where an output pixel lies between two input pixels.
struct Place {
  int64_t first, second;
  int32_t weights[2];
};

std::vector<Place> places(int64_t in, int64_t out, bool clamps) {
  const double scale = 1 / (static_cast<double>(out) / static_cast<double>(in));
  std::vector<Place> all;
  for (int64_t o = 0; o < out; ++o) {
    auto offset = static_cast<float>((static_cast<double>(o) + 0.5) * scale - 0.5);
    auto first = static_cast<int64_t>(std::floor(offset));
    offset -= static_cast<float>(first);
    // Along rows, weights move to the pixel inside; along columns the one pixel gets both, each truncated.
    if (clamps && (first < 0 || first >= in - 1)) offset = 0;
    all.push_back({std::clamp<int64_t>(first, 0, in - 1),
                   std::clamp<int64_t>(first + 1, 0, in - 1),
                   {static_cast<int32_t>(std::lrint((1 - offset) * kOne)),
                    static_cast<int32_t>(std::lrint(offset * kOne))}});
  }
  return all;
}

void widen(const Image& image, int64_t y, const std::vector<Place>& columns, std::vector<int32_t>& row) {
  row.clear();
  for (const Place& place : columns) {
    const uint8_t *first = image.pixel(place.first, y), *second = image.pixel(place.second, y);
    for (int channel = 0; channel < 3; ++channel)
      row.push_back(first[channel] * place.weights[0] + second[channel] * place.weights[1]);
  }
}

Image halved(const Image& image) {
  Image result = make_image(image.width / 2, image.height / 2);
  for (int64_t y = 0; y < result.height; ++y)
    for (int64_t x = 0; x < result.width; ++x)
      for (int channel = 0; channel < 3; ++channel) {
        const uint8_t *above = image.pixel(x * 2, y * 2), *below = image.pixel(x * 2, y * 2 + 1);
        const int sum = above[channel] + above[channel + 3] + below[channel] + below[channel + 3];
        result.pixel(x, y)[channel] = static_cast<uint8_t>((sum + 2) >> 2);
      }
  return result;
}

}  // namespace

Image resized_as_opencv(const Image& image, int64_t width, int64_t height) {
  UMM_CHECK(image.width > 0 && image.height > 0, "an empty picture cannot be resized");
  UMM_CHECK(width > 0 && height > 0, "expected a size to resize to, found ", width, " x ", height);
  if (width == image.width && height == image.height) return image;
  if (width * 2 == image.width && height * 2 == image.height) return halved(image);
  const auto columns = places(image.width, width, /*clamps=*/true);
  const auto rows = places(image.height, height, /*clamps=*/false);
  Image result = make_image(width, height);
  std::vector<int32_t> above, below;
  int64_t y_above = -1, y_below = -1;  // which rows they hold
  for (int64_t y = 0; y < height; ++y) {
    const Place& place = rows[static_cast<size_t>(y)];
    if (place.first == y_below) {
      std::swap(above, below);
      std::swap(y_above, y_below);
    }
    if (place.first != y_above) widen(image, place.first, columns, above);
    if (place.second != y_below) widen(image, place.second, columns, below);
    y_above = place.first;
    y_below = place.second;
    uint8_t* to = result.pixel(0, y);
    for (size_t i = 0; i < above.size(); ++i)
      to[i] = static_cast<uint8_t>(
          (((above[i] >> 4) * place.weights[0] >> 16) + ((below[i] >> 4) * place.weights[1] >> 16) + 2) >> 2);
  }
  return result;
}

}  // namespace umm::images
