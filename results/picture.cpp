#include "results/picture.h"

#include <fmt/format.h>
#include <png.h>

#include "results/store.h"

namespace umm::results {

Picture read_png(const std::filesystem::path& file) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  const auto failure = [&] {
    return StoreError(fmt::format("{}: cannot be read as a PNG: {}", file.string(), image.message));
  };
  if (png_image_begin_read_from_file(&image, file.c_str()) == 0) throw failure();
  image.format = PNG_FORMAT_RGB;
  Picture picture{static_cast<int>(image.width), static_cast<int>(image.height), {}};
  picture.rgb.resize(PNG_IMAGE_SIZE(image));
  const png_color white{255, 255, 255};
  if (png_image_finish_read(&image, &white, picture.rgb.data(), 0, nullptr) == 0) throw failure();
  return picture;
}

}  // namespace umm::results
