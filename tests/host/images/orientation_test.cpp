// Exif orientation, against Pillow's exif_transpose.
#include <gtest/gtest.h>

#include "golden.h"
#include "images/encode.h"
#include "images/picture_file.h"

namespace umm::images {
namespace {

// Each of 1 to 8 in each format and byte order, and two numbers that mean nothing.
TEST(Orientation, IsAppliedAsPillowDoes) {
  int num_cases = 0;
  for (const auto& [name, file] : golden_of("file.turned")) {
    const Image image = decode_picture(file.bytes, name, {.upright = true});
    EXPECT_TRUE(equal(image, golden().at("decoded.turned" + name))) << name;
    const int orientation = name[0] - '0';
    EXPECT_EQ(image.width, orientation >= 5 && orientation <= 8 ? 10 : 19) << name;
    ++num_cases;
  }
  EXPECT_EQ(num_cases, 30);
}

TEST(Orientation, IsNotAppliedUnasked) {
  const auto& upright = golden().at("decoded.turned1.png");
  for (int orientation = 0; orientation < 10; ++orientation) {
    const std::string name = "file.turned" + std::to_string(orientation) + ".png";
    EXPECT_TRUE(equal(decode_picture(golden().at(name).bytes, name), upright)) << name;
  }
}

// Whatever Exif data says of itself, a whole picture is given.
TEST(Orientation, DamagedExifTurnsNothingOver) {
  for (const char* extension : {".jpg", ".png", ".webp"}) {
    const auto& whole = golden().at("file.turned6" + std::string(extension)).bytes;
    const auto end = std::min<size_t>(whole.size(), 110);
    int num_read = 0;
    for (size_t at = 20; at < end; ++at) {
      for (const uint8_t value : {0x00, 0xFF, 0x80}) {
        auto bytes = whole;
        bytes[at] = value;
        try {
          const Image image = decode_picture(bytes, "here", {.upright = true});
          EXPECT_EQ(image.width * image.height, 190) << extension << " " << at;
          ++num_read;
        } catch (const std::exception&) {  // other parts were hit
        }
      }
    }
    EXPECT_GT(num_read, 20) << extension;
  }
}

}  // namespace
}  // namespace umm::images
