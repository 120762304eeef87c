#include "segmentation.h"

#include <gtest/gtest.h>

#include "pictures.h"

namespace umm::tiny_world {
namespace {

TEST(Segmentation, RegionIsTheDrawnObject) {
  const auto regions = find_regions(render({{{0, 3, 1}}}, 32));
  ASSERT_EQ(regions.size(), 1u);
  EXPECT_EQ(regions[0].color, 3);
  EXPECT_EQ(regions[0].x1, 17);
  EXPECT_EQ(regions[0].y1, 1);
  EXPECT_EQ(regions[0].x2, 31);
  EXPECT_EQ(regions[0].y2, 15);
  EXPECT_EQ(regions[0].mask, draw_mask(shapes()[0], 14, 14));
}

TEST(Segmentation, BlurredEdgesKeepTheirColour) {
  for (int color = 0; color < static_cast<int>(colors().size()); ++color) {
    const auto regions = find_regions(blurred(render({{{1, color, 0}}}, 32)));
    ASSERT_EQ(regions.size(), 1u) << colors()[color].name;
    EXPECT_EQ(regions[0].color, color);
  }
}

TEST(Segmentation, TouchingColoursAreSeparateAndSpeckleIsNot) {
  Image image = render({{{1, 0, 0}}}, 32);  // a red square, 12 x 12 from (2, 2)
  for (int64_t y = 2; y < 14; ++y) {
    for (int64_t x = 14; x < 26; ++x) std::copy_n(colors()[3].rgb.data(), 3, image.pixel(x, y));
  }
  std::copy_n(colors()[1].rgb.data(), 3, image.pixel(5, 5));
  const auto regions = find_regions(image);
  ASSERT_EQ(regions.size(), 2u);
  EXPECT_EQ(regions[0].color, 0);
  EXPECT_EQ(regions[0].mask, std::vector<uint8_t>(144, 1));
  EXPECT_EQ(regions[1].color, 3);
  EXPECT_EQ(regions[1].x1, 14);
}

TEST(Segmentation, NothingOnThePlainBackground) {
  EXPECT_TRUE(find_regions(render({}, 64)).empty());
}

TEST(Segmentation, CutsARegionAtALine) {
  Region bar{.color = 0, .x1 = 3, .y1 = 4, .x2 = 8, .y2 = 6, .mask = std::vector<uint8_t>(10, 1)};
  const auto parts = parts_without_line(bar, true, 1);
  ASSERT_EQ(parts.size(), 2u);
  EXPECT_EQ(parts[0].x1, 3);
  EXPECT_EQ(parts[0].x2, 4);
  EXPECT_EQ(parts[1].x1, 5);
  EXPECT_EQ(parts[1].x2, 8);
}

TEST(Segmentation, DistanceIsZeroOnTheWayFromTheBackground) {
  const Rgb& red = colors()[0].rgb;
  const Rgb near_red{static_cast<uint8_t>(red[0] - 40), red[1], red[2]};
  EXPECT_DOUBLE_EQ(distance_to_color(red.data(), 0), 0);
  EXPECT_LT(distance_to_color(near_red.data(), 0), 5);
  EXPECT_GT(distance_to_color(kBackground.data(), 0), 80) << "half of the colour at least";
}

}  // namespace
}  // namespace umm::tiny_world
