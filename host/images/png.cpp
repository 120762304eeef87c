#include <png.h>

#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstring>

#include "images/encode.h"
#include "images/formats.h"
#include "umm/error.h"

namespace umm::images {
namespace {

// Nothing in these changes a pixel that Pillow gives; left unread, they cannot do harm either.
constexpr uint8_t kUnread[] =
    "bKGD\0cHRM\0eXIf\0gAMA\0hIST\0iCCP\0iTXt\0oFFs\0pCAL\0pHYs\0sBIT\0sCAL\0sPLT\0sRGB\0tEXt\0tIME\0tRNS\0zT"
    "Xt";

// libpng leaves by a jump. No C++ object is made between setjmp and a jump to it. False: message() says why.
class Decoder {
 public:
  explicit Decoder(Bytes rest) : rest_(rest) {
    file_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, leave, [](png_structp, png_const_charp) {});
    UMM_CHECK(file_ != nullptr, "libpng cannot be used: this program was built for version ",
              PNG_LIBPNG_VER_STRING);
    info_ = png_create_info_struct(file_);
    UMM_CHECK(info_ != nullptr, "no memory to read a PNG");
  }
  ~Decoder() { png_destroy_read_struct(&file_, &info_, nullptr); }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  bool read_header() {
    if (setjmp(exit_) != 0) return false;
    png_set_read_fn(file_, this, read);
    png_set_user_limits(file_, PNG_UINT_31_MAX, PNG_UINT_31_MAX);  // ours is on the product
    png_set_keep_unknown_chunks(file_, PNG_HANDLE_CHUNK_NEVER, kUnread, sizeof kUnread / 5);
    png_read_info(file_, info_);
    return true;
  }

  // Rows of palette places, of grey in 8 or 16 bits, or of RGB.
  bool choose_rows() {
    if (setjmp(exit_) != 0) return false;
    const bool grey = color_type() == PNG_COLOR_TYPE_GRAY;
    if (has_palette()) png_set_packing(file_);
    if (grey) png_set_expand_gray_1_2_4_to_8(file_);
    if (!grey) png_set_strip_16(file_);
    if ((color_type() & PNG_COLOR_MASK_ALPHA) != 0) png_set_strip_alpha(file_);
    num_passes_ = png_set_interlace_handling(file_);
    png_read_update_info(file_, info_);
    return true;
  }

  bool read_rows(uint8_t* rows) {
    if (setjmp(exit_) != 0) return false;
    const size_t row_bytes = this->row_bytes();
    for (int pass = 0; pass < num_passes_; ++pass)
      for (size_t y = 0; y < height(); ++y) png_read_row(file_, rows + y * row_bytes, nullptr);
    return true;
  }

  size_t width() const { return png_get_image_width(file_, info_); }
  size_t height() const { return png_get_image_height(file_, info_); }
  size_t row_bytes() const { return png_get_rowbytes(file_, info_); }
  int num_channels() const { return png_get_channels(file_, info_); }
  bool has_palette() const { return color_type() == PNG_COLOR_TYPE_PALETTE; }
  bool has_16_bits() const { return png_get_bit_depth(file_, info_) == 16; }
  const char* message() const { return message_; }

  // [256][3]. Places behind its end are black, as in Pillow.
  std::array<uint8_t, 768> palette() const {
    std::array<uint8_t, 768> all{};
    png_colorp colors = nullptr;
    int num_colors = 0;
    if (png_get_PLTE(file_, info_, &colors, &num_colors) != 0)
      std::memcpy(all.data(), colors, std::min<size_t>(static_cast<size_t>(num_colors) * 3, all.size()));
    return all;
  }

 private:
  int color_type() const { return png_get_color_type(file_, info_); }

  [[noreturn]] static void leave(png_structp file, png_const_charp message) {
    auto* self = static_cast<Decoder*>(png_get_error_ptr(file));
    std::strncpy(self->message_, message, sizeof self->message_ - 1);
    std::longjmp(self->exit_, 1);
  }

  static void read(png_structp file, png_bytep to, size_t count) {
    auto* self = static_cast<Decoder*>(png_get_io_ptr(file));
    if (count > self->rest_.size()) png_error(file, "the file ends too early");
    std::memcpy(to, self->rest_.data(), count);
    self->rest_ = self->rest_.subspan(count);
  }

  png_structp file_ = nullptr;
  png_infop info_ = nullptr;
  std::jmp_buf exit_;
  char message_[128] = "";
  Bytes rest_;
  int num_passes_ = 1;
};

void grey_to_rgb(const std::vector<uint8_t>& rows, bool has_16_bits, std::vector<uint8_t>& rgb) {
  for (size_t i = 0; i * 3 < rgb.size(); ++i) {
    const uint8_t grey = !has_16_bits ? rows[i] : rows[i * 2] != 0 ? 255 : rows[i * 2 + 1];
    std::memset(&rgb[i * 3], grey, 3);
  }
}

}  // namespace

Image decode_png(Bytes bytes, const std::string& place, int64_t most_pixels) {
  Decoder file(bytes);
  UMM_CHECK_INPUT(file.read_header(), place, ": not a readable PNG: ", file.message());
  const auto check = [&](bool done) {
    UMM_CHECK_INPUT(done, place, ": damaged or truncated PNG: ", file.message());
  };
  check_size(static_cast<int64_t>(file.width()), static_cast<int64_t>(file.height()), place, most_pixels);
  check(file.choose_rows());
  Image image = make_image(static_cast<int64_t>(file.width()), static_cast<int64_t>(file.height()));
  if (file.num_channels() == 3) {
    check(file.read_rows(image.rgb.data()));
    return image;
  }
  std::vector<uint8_t> rows(file.row_bytes() * file.height());
  check(file.read_rows(rows.data()));
  if (file.has_palette()) {
    const auto palette = file.palette();
    for (size_t i = 0; i < rows.size(); ++i) std::memcpy(&image.rgb[i * 3], &palette[rows[i] * size_t{3}], 3);
  } else {
    grey_to_rgb(rows, file.has_16_bits(), image.rgb);
  }
  return image;
}

std::vector<uint8_t> encode_png(const Image& image) {
  png_image file{};
  file.version = PNG_IMAGE_VERSION;
  file.width = static_cast<png_uint_32>(image.width);
  file.height = static_cast<png_uint_32>(image.height);
  file.format = PNG_FORMAT_RGB;
  std::vector<uint8_t> bytes(PNG_IMAGE_PNG_SIZE_MAX(file));
  size_t num_bytes = bytes.size();
  UMM_CHECK(png_image_write_to_memory(&file, bytes.data(), &num_bytes, 0, image.rgb.data(), 0, nullptr) != 0,
            "a picture of ", image.width, " x ", image.height,
            " pixels cannot be written as PNG: ", file.message);
  bytes.resize(num_bytes);
  return bytes;
}

}  // namespace umm::images
