#include "shape_matching.h"

#include <gtest/gtest.h>

#include "catalog.h"
#include "renderer.h"

namespace umm::tiny_world {
namespace {

Region region_of(const Shape& shape, int64_t width, int64_t height) {
  return {.color = 0,
          .x1 = 5,
          .y1 = 5,
          .x2 = 5 + width,
          .y2 = 5 + height,
          .mask = draw_mask(shape, width, height)};
}

TEST(ShapeMatching, KnowsEveryShapeInEverySize) {
  for (int shape = 0; shape < static_cast<int>(shapes().size()); ++shape) {
    for (const int64_t size : {6, 7, 12, 13, 14, 28, 60}) {
      const ShapeMatch match = match_shape(region_of(shapes()[shape], size, size));
      EXPECT_EQ(match.shape, shape) << size;
      EXPECT_DOUBLE_EQ(match.overlap, 1) << size;
    }
  }
}

TEST(ShapeMatching, ForgivesALostRow) {
  for (int shape = 0; shape < static_cast<int>(shapes().size()); ++shape) {
    Region region = region_of(shapes()[shape], 14, 14);
    region.mask.erase(region.mask.begin(), region.mask.begin() + 14);
    region.y1 += 1;
    const ShapeMatch match = match_shape(region);
    EXPECT_EQ(match.shape, shape);
    EXPECT_GT(match.overlap, 0.9) << shapes()[shape].name;
  }
}

TEST(ShapeMatching, OutOfProportionIsALesserMatch) {
  EXPECT_LT(match_shape(region_of(shapes()[0], 14, 7)).overlap, 0.8);
  EXPECT_LT(match_shape(region_of(shapes()[1], 6, 14)).overlap, 0.7);
}

}  // namespace
}  // namespace umm::tiny_world
