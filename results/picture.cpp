#include "results/picture.h"

#include <fmt/format.h>
#include <png.h>

#include <algorithm>

#include "results/store.h"

namespace umm::results {

bool stays_inside(const std::filesystem::path& path) {
  return !path.empty() && path.is_relative() &&
         std::none_of(path.begin(), path.end(),
                      [](const std::filesystem::path& part) { return part == ".."; });
}

Picture reduced(const Picture& in, int side) {
  const int longest = std::max(in.width, in.height);
  if (longest <= side) return in;
  Picture out{std::max(1, in.width * side / longest), std::max(1, in.height * side / longest), {}};
  out.rgb.reserve(static_cast<size_t>(out.width) * out.height * 3);
  for (int y = 0; y < out.height; ++y) {
    const int top = y * in.height / out.height, bottom = std::max(top + 1, (y + 1) * in.height / out.height);
    for (int x = 0; x < out.width; ++x) {
      const int left = x * in.width / out.width, right = std::max(left + 1, (x + 1) * in.width / out.width);
      int sum[3] = {0, 0, 0};
      for (int v = top; v < bottom; ++v) {
        const uint8_t* pixel = in.rgb.data() + (static_cast<size_t>(v) * in.width + left) * 3;
        for (int u = left; u < right; ++u, pixel += 3)
          for (int channel = 0; channel < 3; ++channel) sum[channel] += pixel[channel];
      }
      const int count = (bottom - top) * (right - left);
      for (const int channel : sum) out.rgb.push_back(static_cast<uint8_t>((channel + count / 2) / count));
    }
  }
  return out;
}

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
