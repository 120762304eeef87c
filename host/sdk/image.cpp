#include "umm/image.h"

#include <ATen/ops/empty.h>
#include <png.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "umm/error.h"

namespace umm {

Image make_image(int64_t width, int64_t height) {
  UMM_CHECK(width > 0 && height > 0, "an image needs a positive size, found ", width, " x ", height);
  return {width, height, std::vector<uint8_t>(static_cast<size_t>(width * height * 3))};
}

Image image_from_tensor(const Tensor& chw) {
  expect_shape(chw, {3, -1, -1}, "image");
  const Tensor bytes = ((chw.detach().to(at::kCPU, at::kFloat) + 1) / 2)
                           .clamp(0, 1)
                           .mul(255)
                           .to(at::kByte)
                           .permute({1, 2, 0})
                           .contiguous();  // [H, W, 3]
  Image image = make_image(chw.size(2), chw.size(1));
  std::memcpy(image.rgb.data(), bytes.data_ptr<uint8_t>(), image.rgb.size());
  return image;
}

Tensor tensor_from_image(const Image& image) {
  Tensor bytes = at::empty({image.height, image.width, 3}, at::kByte);
  std::memcpy(bytes.data_ptr<uint8_t>(), image.rgb.data(), image.rgb.size());
  return (bytes.to(at::kFloat) / 127.5 - 1).permute({2, 0, 1}).contiguous();  // [3, H, W]
}

Image read_png(const std::string& path) {
  png_image file{};
  file.version = PNG_IMAGE_VERSION;
  UMM_CHECK_INPUT(std::filesystem::is_regular_file(path), path, ": expected a PNG file, found none");
  UMM_CHECK_INPUT(png_image_begin_read_from_file(&file, path.c_str()) != 0, path,
                  ": not a readable PNG: ", file.message);
  constexpr png_uint_32 kMaxSide = 16384;  // a header may claim any size; nothing real is larger
  if (file.width > kMaxSide || file.height > kMaxSide) {
    png_image_free(&file);
    throw InputError(detail::concat(path, ": ", file.width, " x ", file.height, " pixels; at most ", kMaxSide,
                                    " per side are read"));
  }
  file.format = PNG_FORMAT_RGBA;  // read with alpha and drop it: PNG_FORMAT_RGB would blend it in
  std::vector<uint8_t> rgba(PNG_IMAGE_SIZE(file));
  const bool complete =
      png_image_finish_read(&file, nullptr, rgba.data(), 0, nullptr) != 0 && PNG_IMAGE_FAILED(file) == 0;
  const std::string message = file.message;
  png_image_free(&file);
  UMM_CHECK_INPUT(complete, path, ": damaged PNG: ", message);
  Image image = make_image(file.width, file.height);
  for (size_t pixel = 0; pixel * 4 < rgba.size(); ++pixel)
    std::memcpy(&image.rgb[pixel * 3], &rgba[pixel * 4], 3);
  return image;
}

void write_png(const std::string& path, const Image& image) {
  png_image file{};
  file.version = PNG_IMAGE_VERSION;
  file.width = static_cast<png_uint_32>(image.width);
  file.height = static_cast<png_uint_32>(image.height);
  file.format = PNG_FORMAT_RGB;
  const std::string partial = path + ".partial-" + std::to_string(getpid());
  errno = 0;
  if (png_image_write_to_file(&file, partial.c_str(), 0, image.rgb.data(), 0, nullptr) == 0) {
    const std::string reason = errno != 0 ? std::strerror(errno) : file.message;
    std::filesystem::remove(partial);
    throw Error(detail::concat(path, ": cannot write the picture: ", reason));
  }
  std::filesystem::rename(partial, path);
}

}  // namespace umm
