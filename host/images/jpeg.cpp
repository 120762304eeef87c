#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <cstdlib>

// After <cstdio>, which they need and do not include.
#include <jerror.h>
#include <jpeglib.h>

#include "images/encode.h"
#include "images/formats.h"
#include "umm/error.h"

namespace umm::images {
namespace {

// libjpeg's way out of an error is a function that does not return.
struct Errors {
  jpeg_error_mgr manager;
  std::jmp_buf exit;
  char message[JMSG_LENGTH_MAX];
};

[[noreturn]] void leave(j_common_ptr file) {
  auto* errors = reinterpret_cast<Errors*>(file->err);
  file->err->format_message(file, errors->message);
  std::longjmp(errors->exit, 1);
}

// Warnings (level below 0) are of damage, after which libjpeg makes pixels up; but some change no pixel.
void leave_if_damaged(j_common_ptr file, int level) {
  if (level >= 0) return;
  const int code = file->err->msg_code;
  if (code != JWRN_EXTRANEOUS_DATA && code != JWRN_ADOBE_XFORM && code != JWRN_JFIF_MAJOR &&
      code != JWRN_BOGUS_PROGRESSION)
    leave(file);
}

void set_up(Errors& errors) {
  jpeg_std_error(&errors.manager);
  errors.manager.error_exit = leave;
  errors.manager.emit_message = leave_if_damaged;
}

// No C++ object is made between setjmp and a jump to it. False: errors.message says why.
class Decoder {
 public:
  Decoder() {
    file_.err = &errors_.manager;
    set_up(errors_);
  }
  ~Decoder() { jpeg_destroy_decompress(&file_); }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  bool read_header(Bytes bytes) {
    if (setjmp(errors_.exit) != 0) return false;
    jpeg_create_decompress(&file_);
    jpeg_mem_src(&file_, bytes.data(), bytes.size());
    jpeg_read_header(&file_, TRUE);
    file_.out_color_space = has_ink() ? JCS_CMYK : JCS_RGB;
    return true;
  }

  bool start() {
    if (setjmp(errors_.exit) != 0) return false;
    return jpeg_start_decompress(&file_) != 0;
  }

  bool read_row(uint8_t* row) {
    if (setjmp(errors_.exit) != 0) return false;
    return jpeg_read_scanlines(&file_, &row, 1) == 1;
  }

  // Reads up to the end marker, without which a file is truncated.
  bool finish() {
    if (setjmp(errors_.exit) != 0) return false;
    return jpeg_finish_decompress(&file_) != 0;
  }

  int64_t width() const { return file_.image_width; }
  int64_t height() const { return file_.image_height; }
  bool has_ink() const { return file_.num_components == 4; }
  const char* message() const { return errors_.message; }

 private:
  jpeg_decompress_struct file_{};
  Errors errors_{};
};

// a * b / 255, rounded as Pillow does.
int product(int a, int b) {
  const int rounded = a * b + 128;
  return ((rounded >> 8) + rounded) >> 8;
}

// Ink as Adobe stores it: 255 for none.
void colors_of_ink(const uint8_t* cmyk, int64_t num_pixels, uint8_t* rgb) {
  for (int64_t i = 0; i < num_pixels; ++i, cmyk += 4, rgb += 3)
    for (int channel = 0; channel < 3; ++channel)
      rgb[channel] =
          static_cast<uint8_t>(std::clamp(cmyk[3] - product(255 - cmyk[channel], cmyk[3]), 0, 255));
}

class Encoder {
 public:
  Encoder() {
    file_.err = &errors_.manager;
    set_up(errors_);
  }
  ~Encoder() {
    jpeg_destroy_compress(&file_);
    if (done_) std::free(bytes_);  // else it may point at what libjpeg has freed
  }
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;

  bool encode(const Image& image, int quality) {
    if (setjmp(errors_.exit) != 0) return false;
    jpeg_create_compress(&file_);
    jpeg_mem_dest(&file_, &bytes_, &num_bytes_);
    file_.image_width = static_cast<JDIMENSION>(image.width);
    file_.image_height = static_cast<JDIMENSION>(image.height);
    file_.input_components = 3;
    file_.in_color_space = JCS_RGB;
    jpeg_set_defaults(&file_);  // 4:2:0 among them
    jpeg_set_quality(&file_, quality, TRUE);
    jpeg_start_compress(&file_, TRUE);
    while (file_.next_scanline < file_.image_height) {
      auto* row = const_cast<JSAMPROW>(image.pixel(0, file_.next_scanline));
      jpeg_write_scanlines(&file_, &row, 1);
    }
    jpeg_finish_compress(&file_);
    done_ = true;
    return true;
  }

  std::vector<uint8_t> bytes() const { return {bytes_, bytes_ + num_bytes_}; }
  const char* message() const { return errors_.message; }

 private:
  jpeg_compress_struct file_{};
  Errors errors_{};
  unsigned char* bytes_ = nullptr;
  unsigned long num_bytes_ = 0;
  bool done_ = false;
};

}  // namespace

Image decode_jpeg(Bytes bytes, const std::string& place, int64_t most_pixels) {
  Decoder file;
  UMM_CHECK_INPUT(file.read_header(bytes), place, ": not a readable JPEG: ", file.message());
  const auto check = [&](bool done) {
    UMM_CHECK_INPUT(done, place, ": damaged or truncated JPEG: ", file.message());
  };
  check_size(file.width(), file.height(), place, most_pixels);
  check(file.start());
  Image image = make_image(file.width(), file.height());
  std::vector<uint8_t> ink(file.has_ink() ? static_cast<size_t>(image.width * 4) : 0);
  for (int64_t y = 0; y < image.height; ++y) {
    check(file.read_row(file.has_ink() ? ink.data() : image.pixel(0, y)));
    if (file.has_ink()) colors_of_ink(ink.data(), image.width, image.pixel(0, y));
  }
  check(file.finish());
  return image;
}

std::vector<uint8_t> encode_jpeg(const Image& image, int quality) {
  constexpr int64_t kMostSide = JPEG_MAX_DIMENSION;
  UMM_CHECK(image.width > 0 && image.height > 0 && image.width <= kMostSide && image.height <= kMostSide,
            "a JPEG has 1 to ", kMostSide, " pixels a side, and the picture is ", image.width, " x ",
            image.height, "; resize it");
  UMM_CHECK(quality >= 1 && quality <= 100, "JPEG quality: expected 1 to 100, found ", quality);
  Encoder file;
  UMM_CHECK(file.encode(image, quality), "a picture of ", image.width, " x ", image.height,
            " pixels cannot be written as JPEG: ", file.message());
  return file.bytes();
}

}  // namespace umm::images
