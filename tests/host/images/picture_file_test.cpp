// Against Pillow, to the bit.
#include "images/picture_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/sha.h>
#include <unistd.h>

#include <cstdlib>

#include "golden.h"
#include "images/encode.h"
#include "umm/error.h"

namespace umm::images {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

std::string problem(const std::vector<uint8_t>& bytes, const Reading& reading = {}) {
  try {
    decode_picture(bytes, "a.tar: member `1`", reading);
  } catch (const InputError& error) {
    return error.what();
  }
  return "(none)";
}

// Palettes, grey and alpha of every depth, interlaced and not; grey, inked, progressive JPEGs; WebP.
TEST(PictureFile, EveryKindDecodesAsPillowDoes) {
  int num_cases = 0;
  for (const auto& [name, file] : golden_of("file.")) {
    if (name.starts_with("turned")) continue;
    EXPECT_TRUE(equal(decode_picture(file.bytes, name), golden().at("decoded." + name))) << name;
    ++num_cases;
  }
  EXPECT_EQ(num_cases, 50);
  for (const char* name : {"color.jpg", "grey.jpg"})
    EXPECT_TRUE(equal(read_picture((kFolder / name).string()), golden().at(std::string("decoded.") + name)))
        << name;
}

TEST(PictureFile, PhotographsDecodeAsPillowDoes) {
  const char* named = std::getenv("UMM_SHARED_DATA");
  const fs::path data = named ? fs::path(named) : fs::path(UMM_SOURCE_DIR) / "../shared/data";
  if (!fs::is_directory(data / "imgedit/singleturn"))
    GTEST_SKIP() << data << " has no photographs; set UMM_SHARED_DATA to the benchmark data";
  std::ifstream lines(kFolder / "photographs.txt");
  int num_photographs = 0;
  for (std::string line; std::getline(lines, line); ++num_photographs) {
    const Image image = read_picture((data / line.substr(66)).string());
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256(image.rgb.data(), image.rgb.size(), digest);
    std::string found;
    for (const unsigned char byte : digest)
      found += {"0123456789abcdef"[byte >> 4], "0123456789abcdef"[byte & 15]};
    EXPECT_EQ(found, line.substr(0, 64)) << line;
  }
  EXPECT_GE(num_photographs, 10);
}

TEST(PictureFile, DamageIsNamed) {
  const fs::path path = fs::temp_directory_path() / ("umm_picture_" + std::to_string(getpid()));
  const auto error = [&]() -> std::string {
    try {
      read_picture(path.string());
    } catch (const InputError& caught) {
      return caught.what();
    }
    return "(no error)";
  };
  EXPECT_THAT(error(), HasSubstr("no file"));
  for (const char* name : {"color.jpg", "noise.png"}) {
    for (const double share : {0.9, 0.5, 0.1}) {
      fs::copy_file(kFolder / name, path, fs::copy_options::overwrite_existing);
      fs::resize_file(path, static_cast<uintmax_t>(static_cast<double>(fs::file_size(path)) * share));
      EXPECT_THAT(error(), HasSubstr(path.string() + ": ")) << name << " cut to " << share;
    }
  }
  std::ofstream(path) << "not a picture";
  EXPECT_THAT(error(), HasSubstr("not a readable PNG"));
  fs::remove(path);
  fs::create_directory(path);
  EXPECT_THAT(error(), HasSubstr("no file"));
  fs::remove(path);
}

// The first bytes of files that declare `width` x `height` pixels.
std::vector<uint8_t> png_of(uint32_t width, uint32_t height) {
  std::vector<uint8_t> bytes = encode_png(make_image(1, 1));
  for (int i = 0; i < 4; ++i) {
    bytes[static_cast<size_t>(16 + i)] = static_cast<uint8_t>(width >> (24 - 8 * i));
    bytes[static_cast<size_t>(20 + i)] = static_cast<uint8_t>(height >> (24 - 8 * i));
  }
  uint32_t crc = 0xFFFFFFFF;  // of name and contents of the first chunk
  for (size_t i = 12; i < 29; ++i) {
    crc ^= bytes[i];
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320 : 0);
  }
  for (int i = 0; i < 4; ++i) bytes[static_cast<size_t>(29 + i)] = static_cast<uint8_t>(~crc >> (24 - 8 * i));
  return bytes;
}

std::vector<uint8_t> jpeg_of(uint16_t width, uint16_t height) {
  std::vector<uint8_t> bytes = encode_jpeg(make_image(8, 8));
  for (size_t at = 2; at + 9 < bytes.size(); ++at) {
    if (bytes[at] != 0xFF || bytes[at + 1] != 0xC0) continue;
    bytes[at + 5] = static_cast<uint8_t>(height >> 8);
    bytes[at + 6] = static_cast<uint8_t>(height);
    bytes[at + 7] = static_cast<uint8_t>(width >> 8);
    bytes[at + 8] = static_cast<uint8_t>(width);
    return bytes;
  }
  throw std::out_of_range("no frame");
}

TEST(PictureFile, DeclaredSizesHaveALimit) {
  EXPECT_THAT(problem(png_of(2147483647, 2147483647)), HasSubstr("2147483647 x 2147483647 pixels"));
  EXPECT_THAT(problem(png_of(20000, 20000)),
              AllOf(HasSubstr("a.tar: member `1`: "), HasSubstr("20000 x 20000 pixels"),
                    HasSubstr("more than 178956970"), HasSubstr("make the picture smaller")));
  EXPECT_THAT(problem(jpeg_of(65500, 65500)), HasSubstr("65500 x 65500 pixels"));
  // Within it, a file of other sizes than it declares is damaged.
  EXPECT_THAT(problem(png_of(500, 2)), HasSubstr("damaged or truncated"));
  EXPECT_THAT(problem(jpeg_of(900, 900)), HasSubstr("damaged or truncated"));
  EXPECT_THAT(problem(png_of(0, 5)), HasSubstr("not a readable PNG"));
  EXPECT_THAT(problem(jpeg_of(0, 5)), HasSubstr("not a readable JPEG"));
  const auto webp = golden().at("file.lossless.webp").bytes;  // 37 x 21
  EXPECT_THAT(problem(webp, {.most_pixels = 37 * 21 - 1}), HasSubstr("37 x 21 pixels"));
  EXPECT_EQ(problem(webp, {.most_pixels = 37 * 21}), "(none)");
}

TEST(PictureFile, ExtensionsInAnyCase) {
  for (const char* name : {"png", "JPG", "jpeg", "WebP"}) EXPECT_TRUE(is_picture_extension(name)) << name;
  for (const char* name : {"", "gif", "pngx"}) EXPECT_FALSE(is_picture_extension(name)) << name;
}

}  // namespace
}  // namespace umm::images
