#include "image/picture_file.h"

#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>
#include <vector>

// After <cstdio>, which it needs and does not include.
#include <jpeglib.h>

#include "umm/error.h"

namespace umm::image {
namespace {

constexpr JDIMENSION kMaxSide = 16384;  // a header may claim any size

// libjpeg's way out of an error is a function that does not return.
struct JpegErrors {
  jpeg_error_mgr manager;
  std::jmp_buf exit;
  char message[JMSG_LENGTH_MAX] = "";
};

[[noreturn]] void leave(j_common_ptr file) {
  auto* errors = reinterpret_cast<JpegErrors*>(file->err);
  file->err->format_message(file, errors->message);
  std::longjmp(errors->exit, 1);
}

// Warnings (level below 0) are of damaged data.
void count_warning(j_common_ptr file, int level) {
  if (level < 0) ++file->err->num_warnings;
}

// No C++ object is alive across the jump but what the caller owns. False: errors.message says why.
bool decode(const std::vector<uint8_t>& bytes, Image& image, JpegErrors& errors, long& num_warnings) {
  jpeg_decompress_struct file{};
  file.err = jpeg_std_error(&errors.manager);
  errors.manager.error_exit = leave;
  errors.manager.emit_message = count_warning;
  if (setjmp(errors.exit) != 0) {
    jpeg_destroy_decompress(&file);
    return false;
  }
  jpeg_create_decompress(&file);
  jpeg_mem_src(&file, bytes.data(), bytes.size());
  jpeg_read_header(&file, TRUE);
  if (file.image_width > kMaxSide || file.image_height > kMaxSide) {
    std::snprintf(errors.message, sizeof errors.message, "%u x %u pixels; at most %u per side are read",
                  file.image_width, file.image_height, kMaxSide);
    jpeg_destroy_decompress(&file);
    return false;
  }
  file.out_color_space = JCS_RGB;
  jpeg_start_decompress(&file);
  image.width = file.output_width;
  image.height = file.output_height;
  image.rgb.resize(static_cast<size_t>(image.width * image.height * 3));
  while (file.output_scanline < file.output_height) {
    JSAMPROW row = image.pixel(0, file.output_scanline);
    jpeg_read_scanlines(&file, &row, 1);
  }
  num_warnings = errors.manager.num_warnings;
  jpeg_finish_decompress(&file);
  jpeg_destroy_decompress(&file);
  return true;
}

Image read_jpeg(const std::string& path, const std::vector<uint8_t>& bytes) {
  Image image;
  JpegErrors errors;
  long num_warnings = 0;
  UMM_CHECK_INPUT(decode(bytes, image, errors, num_warnings), path,
                  ": not a readable JPEG: ", errors.message);
  UMM_CHECK_INPUT(num_warnings == 0, path, ": damaged or truncated JPEG");
  return image;
}

}  // namespace

Image read_picture(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  UMM_CHECK_INPUT(file, path, ": expected a picture, found no file that can be read");
  const std::vector<uint8_t> bytes((std::istreambuf_iterator<char>(file)), {});
  const bool is_jpeg = bytes.size() > 3 && bytes[0] == 0xFF && bytes[1] == 0xD8 && bytes[2] == 0xFF;
  return is_jpeg ? read_jpeg(path, bytes) : read_png(path);
}

}  // namespace umm::image
