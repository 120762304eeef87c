#include "image/picture_file.h"

#include <png.h>
#include <webp/decode.h>

#include <algorithm>
#include <cctype>
#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <fstream>

// After <cstdio>, which it needs and does not include.
#include <jpeglib.h>

#include "umm/error.h"

namespace umm::image {
namespace {

using Bytes = std::vector<uint8_t>;

constexpr uint32_t kMaxSide = 16384;  // a header may claim any size; WebP's own limit is one less

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
bool decode_jpeg(const Bytes& bytes, Image& image, JpegErrors& errors, long& num_warnings) {
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

Image jpeg(const Bytes& bytes, const std::string& place) {
  Image image;
  JpegErrors errors;
  long num_warnings = 0;
  UMM_CHECK_INPUT(decode_jpeg(bytes, image, errors, num_warnings), place,
                  ": not a readable JPEG: ", errors.message);
  UMM_CHECK_INPUT(num_warnings == 0, place, ": damaged or truncated JPEG");
  return image;
}

// As read_png() of the SDK, which reads files alone.
Image png(const Bytes& bytes, const std::string& place) {
  png_image file{};
  file.version = PNG_IMAGE_VERSION;
  UMM_CHECK_INPUT(png_image_begin_read_from_memory(&file, bytes.data(), bytes.size()) != 0, place,
                  ": not a readable PNG: ", file.message);
  if (file.width > kMaxSide || file.height > kMaxSide) {
    png_image_free(&file);
    throw InputError(detail::concat(place, ": ", file.width, " x ", file.height, " pixels; at most ",
                                    kMaxSide, " per side are read"));
  }
  file.format = PNG_FORMAT_RGBA;  // read with alpha and drop it: PNG_FORMAT_RGB would blend it in
  Bytes rgba(PNG_IMAGE_SIZE(file));
  const bool complete =
      png_image_finish_read(&file, nullptr, rgba.data(), 0, nullptr) != 0 && PNG_IMAGE_FAILED(file) == 0;
  const std::string message = file.message;
  png_image_free(&file);
  UMM_CHECK_INPUT(complete, place, ": damaged PNG: ", message);
  Image image = make_image(file.width, file.height);
  for (size_t pixel = 0; pixel * 4 < rgba.size(); ++pixel)
    std::memcpy(&image.rgb[pixel * 3], &rgba[pixel * 4], 3);
  return image;
}

Image webp(const Bytes& bytes, const std::string& place) {
  WebPBitstreamFeatures features;
  UMM_CHECK_INPUT(WebPGetFeatures(bytes.data(), bytes.size(), &features) == VP8_STATUS_OK, place,
                  ": not a readable WebP");
  UMM_CHECK_INPUT(features.has_animation == 0, place, ": an animated WebP; only still pictures are read");
  Image image = make_image(features.width, features.height);
  UMM_CHECK_INPUT(WebPDecodeRGBInto(bytes.data(), bytes.size(), image.rgb.data(), image.rgb.size(),
                                    features.width * 3) != nullptr,
                  place, ": damaged or truncated WebP");
  return image;
}

bool holds(const Bytes& bytes, size_t position, std::string_view signature) {
  return bytes.size() >= position + signature.size() &&
         std::memcmp(bytes.data() + position, signature.data(), signature.size()) == 0;
}

}  // namespace

Image decode_picture(const Bytes& bytes, const std::string& place) {
  if (holds(bytes, 0, "\xFF\xD8\xFF")) return jpeg(bytes, place);
  if (holds(bytes, 0, "RIFF") && holds(bytes, 8, "WEBP")) return webp(bytes, place);
  UMM_CHECK_INPUT(holds(bytes, 0, "\x89PNG\r\n\x1A\n"), place, ": not a readable PNG, JPEG or WebP: its ",
                  bytes.size(), " bytes begin as none of them");
  return png(bytes, place);
}

Image read_picture(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  UMM_CHECK_INPUT(file, path, ": expected a picture, found no file that can be read");
  return decode_picture(Bytes((std::istreambuf_iterator<char>(file)), {}), path);
}

bool is_picture_extension(std::string_view extension) {
  std::string lower(extension);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
  return lower == "png" || lower == "jpg" || lower == "jpeg" || lower == "webp";
}

}  // namespace umm::image
