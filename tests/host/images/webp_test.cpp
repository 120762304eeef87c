// WebP through the shared reader; the pictures are made here, by libwebp's encoder.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <webp/encode.h>

#include "images/picture_file.h"
#include "umm/error.h"

namespace umm::images {
namespace {

using ::testing::HasSubstr;

constexpr int kWidth = 37, kHeight = 21;

// Of a pixel: smooth in red and green.
uint8_t value(int x, int y, int channel) {
  return static_cast<uint8_t>(channel == 0 ? x * 6 : channel == 1 ? y * 12 : channel == 2 ? 90 : 40 + x);
}

std::vector<uint8_t> pixels(int num_channels) {
  std::vector<uint8_t> all;
  for (int y = 0; y < kHeight; ++y)
    for (int x = 0; x < kWidth; ++x)
      for (int channel = 0; channel < num_channels; ++channel) all.push_back(value(x, y, channel));
  return all;
}

std::vector<uint8_t> taken(uint8_t* output, size_t num_bytes) {
  std::vector<uint8_t> bytes(output, output + num_bytes);
  WebPFree(output);
  return bytes;
}

std::vector<uint8_t> lossless(int num_channels) {
  const auto encode = num_channels == 4 ? WebPEncodeLosslessRGBA : WebPEncodeLosslessRGB;
  uint8_t* output = nullptr;
  const size_t num_bytes =
      encode(pixels(num_channels).data(), kWidth, kHeight, kWidth * num_channels, &output);
  return taken(output, num_bytes);
}

std::vector<uint8_t> lossy() {
  uint8_t* output = nullptr;
  const size_t num_bytes = WebPEncodeRGB(pixels(3).data(), kWidth, kHeight, kWidth * 3, 95, &output);
  return taken(output, num_bytes);
}

void expect_pixels(const Image& image, int tolerance) {
  ASSERT_EQ(image.width, kWidth);
  ASSERT_EQ(image.height, kHeight);
  for (int y = 0; y < kHeight; ++y)
    for (int x = 0; x < kWidth; ++x)
      for (int channel = 0; channel < 3; ++channel)
        ASSERT_NEAR(image.pixel(x, y)[channel], value(x, y, channel), tolerance) << x << ", " << y;
}

std::string problem(const std::vector<uint8_t>& bytes) {
  try {
    decode_picture(bytes, "a.tar: member `1.webp`");
  } catch (const InputError& error) {
    return error.what();
  }
  return "(none)";
}

TEST(WebP, DecodesAndDropsAlpha) {
  expect_pixels(decode_picture(lossless(3), "here"), 0);
  expect_pixels(decode_picture(lossless(4), "here"), 0);
  expect_pixels(decode_picture(lossy(), "here"), 12);
}

TEST(WebP, DamageIsNamed) {
  for (const auto& whole : {lossless(3), lossless(4), lossy()}) {
    for (const size_t share : {1, 5, 9}) {
      const std::vector<uint8_t> cut(whole.begin(),
                                     whole.begin() + static_cast<ptrdiff_t>(whole.size() * share / 10));
      EXPECT_THAT(problem(cut), HasSubstr("a.tar: member `1.webp`: ")) << share << " tenths";
    }
  }
}

TEST(WebP, MovingPicturesAreRefused) {
  const std::string text("RIFF\x16\0\0\0WEBPVP8X\x0A\0\0\0\x02\0\0\0\x07\0\0\x07\0\0",
                         30);  // 8 x 8, animated
  EXPECT_THAT(problem({text.begin(), text.end()}), HasSubstr("an animated WebP"));
}

}  // namespace
}  // namespace umm::images
