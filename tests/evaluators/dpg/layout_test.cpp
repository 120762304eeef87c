#include "dpg/layout.h"

#include <gmock/gmock.h>

#include "umm/image.h"

namespace umm::dpg {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(ItemOfFile, EndsWhereTheLayoutSays) {
  EXPECT_EQ(item_of_file("partiprompts97.png", Layout::grid), "partiprompts97");
  EXPECT_EQ(item_of_file("COCOval2014000000000.v2.jpg", Layout::grid), "COCOval2014000000000");
  EXPECT_EQ(item_of_file("12_3.jpg", Layout::single), "12");
  EXPECT_EQ(item_of_file("bare", Layout::grid), "bare");
}

TEST(GridCrops, GoLeftToRightThenDown) {
  EXPECT_THAT(grid_crops(16, 16, 8, 4), ElementsAre(CropBox{0, 0, 8, 8}, CropBox{8, 0, 16, 8},
                                                    CropBox{0, 8, 8, 16}, CropBox{8, 8, 16, 16}));
  EXPECT_THAT(grid_crops(16, 16, 8, 1), ElementsAre(CropBox{0, 0, 8, 8}));
}

TEST(GridCrops, TellsAWrongResolution) {
  const auto problem = [](int64_t width, int64_t height, int64_t resolution, int64_t crops) {
    try {
      grid_crops(width, height, resolution, crops);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("no Error");
  };
  EXPECT_THAT(
      problem(1024, 1024, 1024, 4),
      HasSubstr("expected a grid of 2048 x 2048 pixels, four samples of 1024 x 1024, found 1024 x 1024"));
  EXPECT_THAT(problem(1024, 1000, 512, 4), HasSubstr("found 1024 x 1000"));
  EXPECT_THAT(problem(0, 0, 0, 4), HasSubstr("found a resolution of 0"));
  EXPECT_THAT(problem(16, 16, int64_t{1} << 62, 4), HasSubstr("expected the side of a sample"));
  EXPECT_THAT(problem(16, 16, 8, 5), HasSubstr("1 to 4 samples, found 5"));
}

TEST(Crop, TakesEveryPixelOnce) {
  Image grid{.width = 4, .height = 4, .rgb = std::vector<uint8_t>(48)};
  for (size_t i = 0; i < 48; ++i) grid.rgb[i] = static_cast<uint8_t>(i);
  const auto boxes = grid_crops(4, 4, 2, 4);
  const Image below_right = crop(grid, boxes[3]);
  EXPECT_EQ(below_right.width, 2);
  EXPECT_THAT(below_right.rgb, ElementsAre(30, 31, 32, 33, 34, 35, 42, 43, 44, 45, 46, 47));
  std::vector<uint8_t> all;
  for (const CropBox& box : boxes) {
    const Image part = crop(grid, box);
    all.insert(all.end(), part.rgb.begin(), part.rgb.end());
  }
  std::sort(all.begin(), all.end());
  EXPECT_EQ(all, grid.rgb);
  EXPECT_THROW(crop(grid, {2, 2, 5, 4}), Error);
  EXPECT_THROW(crop(grid, {2, 2, 2, 4}), Error);
}

}  // namespace
}  // namespace umm::dpg
