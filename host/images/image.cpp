#include "umm/image.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "images/encode.h"
#include "images/formats.h"
#include "images/picture_file.h"
#include "umm/error.h"

namespace umm {

Image make_image(int64_t width, int64_t height) {
  UMM_CHECK(width > 0 && height > 0, "an image needs a positive size, found ", width, " x ", height);
  return {width, height, std::vector<uint8_t>(static_cast<size_t>(width * height * 3))};
}

Image read_png(const std::string& path) {
  UMM_CHECK_INPUT(std::filesystem::is_regular_file(path), path, ": expected a PNG file, found none");
  const auto bytes = images::bytes_of_file(path);
  UMM_CHECK_INPUT(images::is_png(bytes), path, ": not a readable PNG: its ", bytes.size(),
                  " bytes do not begin as one");
  return images::decode_picture(bytes, path);
}

void write_png(const std::string& path, const Image& image) {
  const auto bytes = images::encode_png(image);
  const std::string partial = path + ".partial-" + std::to_string(getpid());
  errno = 0;
  std::ofstream file(partial, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) {
    const std::string reason = errno != 0 ? std::strerror(errno) : "it could not all be written";
    std::filesystem::remove(partial);
    throw Error(detail::concat(path, ": cannot write the picture: ", reason));
  }
  std::filesystem::rename(partial, path);
}

}  // namespace umm
