#include "shape_matching.h"

#include <algorithm>

#include "catalog.h"
#include "renderer.h"

namespace umm::tiny_world {
namespace {

// Pixels: one more or less is nothing to larger boxes, and makes a shape of almost any smaller one.
constexpr int64_t kSmallestAdjusted = 10;
constexpr int64_t kLargestAdjusted = 48;

constexpr double kGoodOverlap = 0.97;    // no need to try other boxes
constexpr double kFreeProportion = 0.8;  // a box this far off in its proportion still costs nothing

// Pixels by which each side of the drawn box lies outside the region's own.
struct Growth {
  int64_t left = 0, top = 0, right = 0, bottom = 0;
};

double overlap_with(const Region& region, const Shape& shape, const Growth& growth) {
  const int64_t width = region.width() + growth.left + growth.right;
  const int64_t height = region.height() + growth.top + growth.bottom;
  if (width < 2 || height < 2) return 0;
  const std::vector<uint8_t> drawn = draw_mask(shape, width, height);
  int64_t area = 0, both = 0;
  for (const uint8_t pixel : region.mask) area += pixel;
  int64_t drawn_area = 0;
  for (int64_t y = 0; y < height; ++y) {
    for (int64_t x = 0; x < width; ++x) {
      if (!drawn[y * width + x]) continue;
      ++drawn_area;
      const int64_t region_x = x - growth.left, region_y = y - growth.top;
      const bool in_box =
          region_x >= 0 && region_x < region.width() && region_y >= 0 && region_y < region.height();
      both += in_box && region.mask[region_y * region.width() + region_x];
    }
  }
  const double overlap = static_cast<double>(both) / static_cast<double>(area + drawn_area - both);
  const double proportion =
      static_cast<double>(width * shape.height) / static_cast<double>(height * shape.width);
  return overlap * std::min(1.0, std::min(proportion, 1 / proportion) / kFreeProportion);
}

ShapeMatch best_shape(const Region& region, const Growth& growth) {
  ShapeMatch best;
  for (int shape = 0; shape < static_cast<int>(shapes().size()); ++shape) {
    const double overlap = overlap_with(region, shapes()[shape], growth);
    if (overlap > best.overlap) best = {shape, overlap};
  }
  return best;
}

}  // namespace

ShapeMatch match_shape(const Region& region) {
  ShapeMatch best = best_shape(region, {});
  const int64_t side = std::max(region.width(), region.height());
  if (best.overlap >= kGoodOverlap || side < kSmallestAdjusted || side > kLargestAdjusted) return best;
  constexpr int kNumGrowths = 3 * 3 * 3 * 3;
  for (int i = 0; i < kNumGrowths; ++i) {
    const ShapeMatch match = best_shape(region, {i % 3 - 1, i / 3 % 3 - 1, i / 9 % 3 - 1, i / 27 - 1});
    if (match.overlap > best.overlap) best = match;
  }
  return best;
}

}  // namespace umm::tiny_world
