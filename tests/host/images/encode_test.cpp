#include "images/encode.h"

#include <gtest/gtest.h>

#include "golden.h"
#include "images/picture_file.h"
#include "umm/error.h"

namespace umm::images {
namespace {

Image smooth() {
  return read_picture((kFolder / "smooth.png").string());
}

std::vector<uint8_t> bytes_of(std::string_view text) {
  return {text.begin(), text.end()};
}

// Pillow 11.3.0 brings libjpeg-turbo 3.1; 2.1 writes the same bytes.
TEST(Encode, JpegsAreThoseThatPillowWrites) {
  EXPECT_EQ(encode_jpeg(smooth()), golden().at("written.jpeg75").bytes);
  EXPECT_EQ(encode_jpeg(smooth(), 95), golden().at("written.jpeg95").bytes);
}

// Where the first segment with this marker begins.
size_t segment(const std::vector<uint8_t>& jpeg, uint8_t marker) {
  for (size_t at = 2; at + 4 < jpeg.size(); at += size_t{2} + jpeg[at + 2] * size_t{256} + jpeg[at + 3])
    if (jpeg[at] == 0xFF && jpeg[at + 1] == marker) return at;
  throw std::out_of_range("no such segment");
}

// ITU T.81 Annex K's table for brightness, halved (quality 75), in zigzag order; 2 x 2 samples of it for one
// of each color.
TEST(Encode, QualityAndSubsamplingAreTheUsualOnes) {
  const auto jpeg = encode_jpeg(smooth());
  const size_t table = segment(jpeg, 0xDB), frame = segment(jpeg, 0xC0);
  const std::vector<uint8_t> begin(jpeg.begin() + static_cast<ptrdiff_t>(table) + 5,
                                   jpeg.begin() + static_cast<ptrdiff_t>(table) + 13);
  EXPECT_EQ(begin, (std::vector<uint8_t>{8, 6, 6, 7, 6, 5, 8, 7}));
  EXPECT_EQ(jpeg[frame + 9], 3);  // components, each with number, sampling, table
  EXPECT_EQ(jpeg[frame + 11], 0x22);
  EXPECT_EQ(jpeg[frame + 14], 0x11);
  EXPECT_EQ(jpeg[frame + 17], 0x11);
}

TEST(Encode, WhatJpegCannotHoldIsRefused) {
  EXPECT_THROW(encode_jpeg(Image{}), Error);
  EXPECT_THROW(encode_jpeg(make_image(65501, 1)), Error);
  EXPECT_THROW(encode_jpeg(make_image(2, 2), 0), Error);
}

TEST(Encode, PngsComeBack) {
  const Image image = smooth();
  const auto png = encode_png(image);
  EXPECT_EQ(decode_picture(png, "here").rgb, image.rgb);
  EXPECT_LT(png.size(), image.rgb.size());
}

// RFC 4648, section 10.
TEST(Encode, Base64) {
  EXPECT_EQ(base64({}), "");
  EXPECT_EQ(base64(bytes_of("f")), "Zg==");
  EXPECT_EQ(base64(bytes_of("fo")), "Zm8=");
  EXPECT_EQ(base64(bytes_of("foo")), "Zm9v");
  EXPECT_EQ(base64(bytes_of("foobar")), "Zm9vYmFy");
  const std::string large = base64(std::vector<uint8_t>(7'000'001, 0));  // more than one piece
  EXPECT_EQ(large.size(), 9'333'336u);
  EXPECT_EQ(large.find_first_not_of('A'), large.size() - 1);
}

}  // namespace
}  // namespace umm::images
