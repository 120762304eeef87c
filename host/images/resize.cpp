#include "images/resize.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <vector>

#include "umm/error.h"

// The inner loop is compiled for AVX2 too, and chosen when the library is loaded: 2.3 times as fast.
// Sanitizers are not ready by then.
#if defined(__x86_64__) && defined(__OPTIMIZE__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define UMM_ALSO_FOR_AVX2 __attribute__((target_clones("avx2", "default")))
#else
#define UMM_ALSO_FOR_AVX2
#endif

namespace umm::images {
namespace {

constexpr int kPrecisionBits = 32 - 8 - 2;
constexpr int64_t kRowsPerTile = 16;
constexpr int64_t kLanes = kRowsPerTile * 3;  // bytes made at once; whole registers of any vector unit

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
  std::vector<double> weights;
  for (int64_t o = 0; o < out; ++o) {
    const double center = (static_cast<double>(o) + 0.5) * scale;
    const auto first = std::max<int64_t>(static_cast<int64_t>(center - support + 0.5), 0);
    const auto last = std::min<int64_t>(static_cast<int64_t>(center + support + 0.5), in);
    weights.clear();
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

// kLanes neighbouring bytes: each the sum over `weights` of bytes that lie `step` apart.
UMM_ALSO_FOR_AVX2 void blend(const uint8_t* from, int64_t step, const int32_t* weights, size_t num_weights,
                             uint8_t* to) {
  int32_t sums[kLanes];
  for (int32_t& sum : sums) sum = 1 << (kPrecisionBits - 1);
  for (size_t i = 0; i < num_weights; ++i, from += step)
    for (int64_t lane = 0; lane < kLanes; ++lane) sums[lane] += from[lane] * weights[i];
  for (int64_t lane = 0; lane < kLanes; ++lane)
    to[lane] = static_cast<uint8_t>(std::clamp(sums[lane] >> kPrecisionBits, 0, 255));
}

void blend(const uint8_t* from, int64_t step, const Span& span, uint8_t* to) {
  blend(from, step, span.weights.data(), span.weights.size(), to);
}

// Rows go through in tiles of 16, turned so that the bytes of one column lie side by side.
Image with_width(const Image& image, int64_t width, Filter filter) {
  const auto columns = spans(image.width, width, filter);
  Image wide = make_image(width, image.height);
  std::vector<uint8_t> tile(static_cast<size_t>(image.width * kLanes));
  std::vector<uint8_t> made(static_cast<size_t>(width * kLanes));
  for (int64_t y = 0; y < image.height; y += kRowsPerTile) {
    const int64_t num_rows = std::min(kRowsPerTile, image.height - y);
    for (int64_t row = 0; row < num_rows; ++row) {
      const uint8_t* from = image.pixel(0, y + row);
      uint8_t* to = tile.data() + row * 3;
      for (int64_t x = 0; x < image.width; ++x, from += 3, to += kLanes) std::memcpy(to, from, 3);
    }
    for (size_t x = 0; x < columns.size(); ++x)
      blend(tile.data() + columns[x].first * kLanes, kLanes, columns[x],
            made.data() + x * static_cast<size_t>(kLanes));
    for (int64_t row = 0; row < num_rows; ++row) {
      const uint8_t* from = made.data() + row * 3;
      uint8_t* to = wide.pixel(0, y + row);
      for (int64_t x = 0; x < width; ++x, from += kLanes, to += 3) std::memcpy(to, from, 3);
    }
  }
  return wide;
}

Image with_height(const Image& image, int64_t height, Filter filter) {
  const auto rows = spans(image.height, height, filter);
  Image result = make_image(image.width, height);
  const int64_t row_bytes = image.width * 3, whole = row_bytes - row_bytes % kLanes;
  std::vector<uint8_t> rest;  // what is left at the right of the rows of one span, in rows of kLanes bytes
  std::array<uint8_t, kLanes> made{};
  for (int64_t y = 0; y < height; ++y) {
    const Span& span = rows[static_cast<size_t>(y)];
    const uint8_t* from = image.pixel(0, span.first);
    uint8_t* to = result.pixel(0, y);
    for (int64_t at = 0; at < whole; at += kLanes) blend(from + at, row_bytes, span, to + at);
    if (whole == row_bytes) continue;
    const auto num_left = static_cast<size_t>(row_bytes - whole);
    rest.resize(span.weights.size() * static_cast<size_t>(kLanes));
    for (size_t i = 0; i < span.weights.size(); ++i)
      std::memcpy(&rest[i * kLanes], from + static_cast<int64_t>(i) * row_bytes + whole, num_left);
    blend(rest.data(), kLanes, span, made.data());
    std::memcpy(to + whole, made.data(), num_left);
  }
  return result;
}

}  // namespace

Image resized(const Image& image, int64_t width, int64_t height, Filter filter) {
  UMM_CHECK(image.width > 0 && image.height > 0, "an empty picture cannot be resized");
  UMM_CHECK(width > 0 && height > 0, "expected a size to resize to, found ", width, " x ", height);
  if (width == image.width) return height == image.height ? image : with_height(image, height, filter);
  Image wide = with_width(image, width, filter);
  return height == image.height ? wide : with_height(wide, height, filter);
}

Image shorter_side_resized(const Image& image, int64_t size, Filter filter) {
  const int64_t shorter = std::min(image.width, image.height), longer = std::max(image.width, image.height);
  UMM_CHECK(shorter > 0, "an empty picture cannot be resized");
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

}  // namespace umm::images
