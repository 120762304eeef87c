// Against Pillow and OpenCV, to the bit.
#include "images/resize.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "golden.h"
#include "images/picture_file.h"
#include "umm/error.h"

namespace umm::images {
namespace {

using testing::ElementsAre;

TEST(Resize, EqualsPillowAndOpenCvToTheBit) {
  std::map<std::string, int> num_cases;
  for (const char* picture : {"noise", "smooth"}) {
    const Image image = read_picture((kFolder / (std::string(picture) + ".png")).string());
    for (const auto& [name, expected] : golden_of(std::string(picture) + ".")) {
      const std::string way = name.substr(0, name.find('.'));
      const int64_t width = expected.width(), height = expected.height();
      const Image found = way == "opencv" ? resized_as_opencv(image, width, height)
                                          : resized(image, width, height,
                                                    way == "bicubic" ? Filter::bicubic : Filter::bilinear);
      EXPECT_TRUE(equal(found, expected)) << picture << "." << name;
      ++num_cases[way];
    }
  }
  EXPECT_EQ(num_cases, (std::map<std::string, int>{{"bicubic", 10}, {"bilinear", 10}, {"opencv", 18}}));
}

// [H][W] of channel 0.
std::vector<std::vector<int>> red(const Image& image) {
  std::vector<std::vector<int>> rows;
  for (int64_t y = 0; y < image.height; ++y) {
    auto& row = rows.emplace_back();
    for (int64_t x = 0; x < image.width; ++x) row.push_back(image.pixel(x, y)[0]);
  }
  return rows;
}

// Made with Pillow 9.4.0.
TEST(Resize, BicubicGivesTheKnownNumbers) {
  Image image = make_image(8, 5);
  for (int y = 0; y < 5; ++y)
    for (int x = 0; x < 8; ++x)
      for (int channel = 0; channel < 3; ++channel)
        image.pixel(x, y)[channel] = static_cast<uint8_t>(31 * x + 57 * y + 11 * channel);
  EXPECT_THAT(red(resized(image, 5, 3, Filter::bicubic)),
              ElementsAre(ElementsAre(30, 79, 137, 191, 165), ElementsAre(129, 174, 170, 93, 76),
                          ElementsAre(163, 95, 52, 102, 156)));
  EXPECT_THAT(red(resized(image, 8, 3, Filter::bicubic)),
              ElementsAre(ElementsAre(20, 51, 82, 121, 152, 183, 214, 131),
                          ElementsAre(114, 155, 186, 153, 184, 67, 98, 65),
                          ElementsAre(208, 89, 120, 37, 68, 99, 130, 169)));
  const auto large = red(resized(image, 11, 7, Filter::bicubic));
  ASSERT_EQ(large.size(), 7u);
  EXPECT_THAT(large[0], ElementsAre(0, 13, 38, 60, 83, 106, 128, 151, 172, 204, 231));
  EXPECT_THAT(large[3], ElementsAre(112, 130, 155, 177, 200, 239, 199, 18, 25, 59, 77));
  EXPECT_THAT(large[6], ElementsAre(245, 89, 0, 24, 59, 85, 106, 129, 151, 176, 194));
}

TEST(Resize, AnyWidthAndHeightUsesEveryRowAndColumn) {
  Image image = make_image(50, 37);
  std::fill(image.rgb.begin(), image.rgb.end(), 200);
  for (int64_t side = 1; side <= 70; ++side)
    for (const Image& made :
         {resized(image, side, 71 - side, Filter::bicubic), resized(image, 71 - side, side, Filter::bilinear),
          resized_as_opencv(image, side, 71 - side)})
      // OpenCV truncates each row's share.
      for (const uint8_t value : made.rgb) ASSERT_NEAR(value, 200, 1) << side;
}

TEST(Resize, ShorterSideAndCropTakeTheMiddle) {
  const Image image = read_picture((kFolder / "smooth.png").string());  // 56 x 40
  const Image fitted = shorter_side_resized(image, 20, Filter::bicubic);
  EXPECT_EQ(fitted.width, 28);
  EXPECT_EQ(fitted.height, 20);
  const Image cropped = center_cropped(fitted, 20);
  EXPECT_EQ(cropped.width, 20);
  EXPECT_EQ(std::memcmp(cropped.pixel(0, 3), fitted.pixel(4, 3), 20 * 3), 0);
  EXPECT_THROW(center_cropped(image, 41), Error);
}

TEST(Resize, TheLongerSideIsTruncatedAndHalvesOfOffsetsRoundToEven) {
  Image image = make_image(10, 7);
  for (int x = 0; x < 10; ++x) image.pixel(x, 3)[0] = static_cast<uint8_t>(x);
  EXPECT_EQ(shorter_side_resized(image, 5, Filter::bicubic).width, 7);  // 50 / 7 = 7.14
  EXPECT_EQ(shorter_side_resized(image, 6, Filter::bicubic).width, 8);  // 60 / 7 = 8.57
  EXPECT_EQ(center_cropped(image, 7).pixel(0, 3)[0], 2);                // 1.5
  EXPECT_EQ(center_cropped(image, 5).pixel(0, 2)[0], 2);                // 2.5
  Image tall = make_image(7, 10);
  EXPECT_EQ(shorter_side_resized(tall, 6, Filter::bicubic).height, 8);
}

TEST(Resize, NoSizeIsRefused) {
  const Image image = make_image(4, 4);
  EXPECT_THROW(resized(image, 0, 4, Filter::bicubic), Error);
  EXPECT_THROW(resized(Image{}, 4, 4, Filter::bicubic), Error);
  EXPECT_THROW(resized_as_opencv(image, 4, -1), Error);
  EXPECT_THROW(shorter_side_resized(Image{}, 4, Filter::bicubic), Error);
}

}  // namespace
}  // namespace umm::images
