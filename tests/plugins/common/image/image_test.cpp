// Against Pillow, to the bit: tests/data/image, made by tests/parity/image/make_golden.py.
#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "image/picture_file.h"
#include "image/resize.h"
#include "umm/checkpoint.h"
#include "umm/error.h"

namespace umm::image {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const fs::path kFolder = fs::path(UMM_SOURCE_DIR) / "tests/data/image";

Tensor bytes_of(const Image& image) {
  Tensor bytes = at::empty({image.height, image.width, 3}, at::kByte);
  std::memcpy(bytes.data_ptr(), image.rgb.data(), image.rgb.size());
  return bytes;
}

TEST(Resize, EqualsPillowToTheBit) {
  int num_cases = 0;
  for (const auto& [name, expected] : read_safetensors((kFolder / "golden.safetensors").string())) {
    if (name.starts_with("decoded.")) continue;
    const std::string picture = name.substr(0, name.find('.'));
    const Filter filter = name.find("bicubic") != std::string::npos ? Filter::bicubic : Filter::bilinear;
    const Image image = read_picture((kFolder / (picture + ".png")).string());
    EXPECT_TRUE(bytes_of(resized(image, expected.size(1), expected.size(0), filter)).equal(expected)) << name;
    ++num_cases;
  }
  EXPECT_EQ(num_cases, 20);
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

TEST(PictureFile, JpegsDecodeAsPillowDoes) {
  for (const auto& [name, expected] : read_safetensors((kFolder / "golden.safetensors").string())) {
    if (!name.starts_with("decoded.")) continue;
    const Image image = read_picture((kFolder / (name.substr(8) + ".jpg")).string());
    EXPECT_TRUE(bytes_of(image).equal(expected)) << name;
  }
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
}

}  // namespace
}  // namespace umm::image
