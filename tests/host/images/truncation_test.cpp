// Files that end anywhere, or are wrong anywhere: a picture or an InputError that names the place, nothing
// else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "golden.h"
#include "images/picture_file.h"
#include "umm/error.h"

namespace umm::images {
namespace {

using testing::HasSubstr;

// Whether it is a picture. Any other exception than InputError fails the test.
bool reads(const std::vector<uint8_t>& bytes) {
  try {
    const Image image = decode_picture(bytes, "the place", {.upright = true, .most_pixels = 1'000'000});
    EXPECT_EQ(static_cast<int64_t>(image.rgb.size()), image.width * image.height * 3);
    return true;
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), testing::StartsWith("the place: "));
    return false;
  }
}

TEST(Truncation, AtEveryByteIsNamed) {
  for (const auto& [name, file] : golden_of("file.")) {
    ASSERT_TRUE(reads(file.bytes)) << name;
    std::vector<uint8_t> bytes = file.bytes;
    while (!bytes.empty()) {
      bytes.pop_back();
      // A PNG may lack its end, and what says that it is whole: its pixels are there.
      if (reads(bytes)) {
        ASSERT_TRUE(name.ends_with(".png") && bytes.size() + 12 + 4 + 4 >= file.bytes.size())
            << name << " cut to " << bytes.size() << " of " << file.bytes.size();
        EXPECT_EQ(decode_picture(bytes, name).rgb, decode_picture(file.bytes, name).rgb) << name;
      }
    }
  }
}

TEST(Truncation, AnyByteMayBeWrong) {
  for (const auto& [name, file] : golden_of("file.")) {
    std::vector<uint8_t> bytes = file.bytes;
    for (size_t at = 0; at < bytes.size(); ++at) {
      for (const int change : {0x01, 0x80, 0xFF}) {
        bytes[at] = static_cast<uint8_t>(file.bytes[at] ^ change);
        reads(bytes);
      }
      bytes[at] = file.bytes[at];
    }
  }
}

}  // namespace
}  // namespace umm::images
