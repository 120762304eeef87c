#include "results/report/thumbnail.h"

#include <stdio.h>  // before jpeglib.h, which needs it

#include <jpeglib.h>

#include <algorithm>
#include <csetjmp>
#include <cstring>
#include <fstream>

#include "results/picture.h"
#include "results/report/html.h"
#include "results/store.h"

namespace umm::results {
namespace {

constexpr int kQuality = 68;
constexpr std::uintmax_t kSmallFile = 1500;  // bytes
constexpr int64_t kMostPixels = 64'000'000;

struct JpegErrors {
  jpeg_error_mgr manager;
  std::jmp_buf on_error;
};

[[noreturn]] void give_up(j_common_ptr info) {
  std::longjmp(reinterpret_cast<JpegErrors*>(info->err)->on_error, 1);
}

// Nothing with a destructor lives between setjmp and longjmp.
bool compress(const Picture& picture, unsigned char** bytes, unsigned long* size) {
  jpeg_compress_struct info{};
  JpegErrors errors{};
  info.err = jpeg_std_error(&errors.manager);
  errors.manager.error_exit = give_up;
  if (setjmp(errors.on_error) != 0) {
    jpeg_destroy_compress(&info);
    return false;
  }
  jpeg_create_compress(&info);
  jpeg_mem_dest(&info, bytes, size);
  info.image_width = static_cast<JDIMENSION>(picture.width);
  info.image_height = static_cast<JDIMENSION>(picture.height);
  info.input_components = 3;
  info.in_color_space = JCS_RGB;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, kQuality, TRUE);
  info.optimize_coding = TRUE;
  jpeg_start_compress(&info, TRUE);
  while (info.next_scanline < info.image_height) {
    auto* row = const_cast<JSAMPROW>(picture.rgb.data() + size_t{info.next_scanline} * picture.width * 3);
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  return true;
}

}  // namespace

std::optional<std::pair<int64_t, int64_t>> png_size(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  unsigned char head[24];
  if (!in.read(reinterpret_cast<char*>(head), sizeof head)) return std::nullopt;
  if (std::memcmp(head, "\x89PNG\r\n\x1a\n", 8) != 0) return std::nullopt;
  const auto number = [&](int at) {
    return int64_t{head[at]} << 24 | int64_t{head[at + 1]} << 16 | int64_t{head[at + 2]} << 8 | head[at + 3];
  };
  return std::pair(number(16), number(20));
}

std::optional<std::string> thumbnail(const std::filesystem::path& png, int side) {
  std::error_code failed;
  const auto bytes = std::filesystem::file_size(png, failed);
  const auto size = png_size(png);
  if (failed || !size) return std::nullopt;
  if (bytes <= kSmallFile) {
    std::ifstream in(png, std::ios::binary);
    const std::string content{std::istreambuf_iterator<char>(in), {}};
    return "data:image/png;base64," + base64(content);
  }
  if (size->first * size->second > kMostPixels) return std::nullopt;
  Picture picture;
  try {
    picture = read_png(png);
  } catch (const StoreError&) {
    return std::nullopt;
  }
  unsigned char* jpeg = nullptr;
  unsigned long length = 0;
  const bool done = compress(reduced(picture, side), &jpeg, &length);
  std::optional<std::string> address;
  if (done) address = "data:image/jpeg;base64," + base64({reinterpret_cast<const char*>(jpeg), length});
  free(jpeg);
  return address;
}

}  // namespace umm::results
