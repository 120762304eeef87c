#include "image/resize.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "umm/error.h"

namespace umm::image {
namespace {

constexpr int kPrecisionBits = 32 - 8 - 2;

double radius_of(Filter filter) {
  return filter == Filter::bilinear ? 1 : 2;
}

double weight_of(Filter filter, double x) {
  x = std::abs(x);
  if (filter == Filter::bilinear) return x < 1 ? 1 - x : 0;
  constexpr double a = -0.5;
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
  return 0;
}

// Which input pixels an output pixel is made of.
struct Span {
  int64_t first = 0;
  std::vector<int32_t> weights;  // fixed point
};

std::vector<Span> spans(int64_t in, int64_t out, Filter filter) {
  const double scale = static_cast<double>(in) / static_cast<double>(out);
  const double widening = std::max(scale, 1.0);
  const double support = radius_of(filter) * widening;
  std::vector<Span> all;
  for (int64_t o = 0; o < out; ++o) {
    const double center = (static_cast<double>(o) + 0.5) * scale;
    const auto first = std::max<int64_t>(static_cast<int64_t>(center - support + 0.5), 0);
    const auto last = std::min<int64_t>(static_cast<int64_t>(center + support + 0.5), in);
    std::vector<double> weights;
    double sum = 0;
    for (int64_t i = first; i < last; ++i) {
      weights.push_back(weight_of(filter, (static_cast<double>(i) - center + 0.5) * (1 / widening)));
      sum += weights.back();
    }
    Span span{.first = first, .weights = {}};
    for (const double weight : weights) {
      const double fixed = (sum != 0 ? weight / sum : weight) * (1 << kPrecisionBits);
      span.weights.push_back(static_cast<int32_t>(fixed < 0 ? fixed - 0.5 : fixed + 0.5));
    }
    all.push_back(std::move(span));
  }
  return all;
}

uint8_t clipped(int32_t sum) {
  return static_cast<uint8_t>(std::clamp(sum >> kPrecisionBits, 0, 255));
}

// One output pixel: the sum over `span` of pixels that lie `step` bytes apart.
void blend(const uint8_t* from, int64_t step, const Span& span, uint8_t* to) {
  int32_t sums[3] = {1 << (kPrecisionBits - 1), 1 << (kPrecisionBits - 1), 1 << (kPrecisionBits - 1)};
  for (const int32_t weight : span.weights) {
    for (int channel = 0; channel < 3; ++channel) sums[channel] += from[channel] * weight;
    from += step;
  }
  for (int channel = 0; channel < 3; ++channel) to[channel] = clipped(sums[channel]);
}

}  // namespace

Image resized(const Image& image, int64_t width, int64_t height, Filter filter) {
  UMM_CHECK(image.width > 0 && image.height > 0, "an empty picture cannot be resized");
  Image wide = image;
  if (width != image.width) {
    wide = make_image(width, image.height);
    const auto columns = spans(image.width, width, filter);
    for (int64_t y = 0; y < image.height; ++y)
      for (int64_t x = 0; x < width; ++x)
        blend(image.pixel(columns[static_cast<size_t>(x)].first, y), 3, columns[static_cast<size_t>(x)],
              wide.pixel(x, y));
  }
  if (height == image.height) return wide;
  Image result = make_image(width, height);
  const auto rows = spans(image.height, height, filter);
  for (int64_t y = 0; y < height; ++y)
    for (int64_t x = 0; x < width; ++x)
      blend(wide.pixel(x, rows[static_cast<size_t>(y)].first), width * 3, rows[static_cast<size_t>(y)],
            result.pixel(x, y));
  return result;
}

Image shorter_side_resized(const Image& image, int64_t size, Filter filter) {
  const int64_t shorter = std::min(image.width, image.height), longer = std::max(image.width, image.height);
  const int64_t other = size * longer / shorter;
  return image.width <= image.height ? resized(image, size, other, filter)
                                     : resized(image, other, size, filter);
}

Image center_cropped(const Image& image, int64_t size) {
  UMM_CHECK(size <= image.width && size <= image.height, "a crop of ", size, " x ", size,
            " pixels does not fit into ", image.width, " x ", image.height);
  // Halves round to even, as the published transforms do.
  const auto left = static_cast<int64_t>(std::nearbyint(static_cast<double>(image.width - size) / 2));
  const auto top = static_cast<int64_t>(std::nearbyint(static_cast<double>(image.height - size) / 2));
  Image result = make_image(size, size);
  for (int64_t y = 0; y < size; ++y)
    std::memcpy(result.pixel(0, y), image.pixel(left, top + y), static_cast<size_t>(size * 3));
  return result;
}

}  // namespace umm::image
