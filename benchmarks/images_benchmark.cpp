// Pictures of the sizes that scorers see: 1024 x 1024, made 224 x 224; compare_images.py times Pillow on the
// same one.
#include <benchmark/benchmark.h>

#include "images/encode.h"
#include "images/picture_file.h"
#include "images/resize.h"

namespace umm::images {
namespace {

// As compare_images.py makes it: red and green rise, blue is noise.
const Image& picture() {
  static const Image made = [] {
    Image image = make_image(1024, 1024);
    uint32_t noise = 1;
    for (int64_t y = 0; y < image.height; ++y) {
      for (int64_t x = 0; x < image.width; ++x) {
        noise = noise * 1664525 + 1013904223;
        uint8_t* pixel = image.pixel(x, y);
        pixel[0] = static_cast<uint8_t>(x / 4);
        pixel[1] = static_cast<uint8_t>(y / 4);
        pixel[2] = static_cast<uint8_t>(noise >> 24);
      }
    }
    return image;
  }();
  return made;
}

void bicubic_1024_to_224(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(resized(picture(), 224, 224, Filter::bicubic));
}

void bicubic_1024_to_504(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(resized(picture(), 504, 504, Filter::bicubic));
}

void bicubic_512_to_1024(benchmark::State& state) {
  const Image small = resized(picture(), 512, 512, Filter::bicubic);
  for (auto _ : state) benchmark::DoNotOptimize(resized(small, 1024, 1024, Filter::bicubic));
}

void opencv_1024_to_800(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(resized_as_opencv(picture(), 800, 800));
}

void jpeg_written(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(encode_jpeg(picture()));
}

void jpeg_read(benchmark::State& state) {
  const auto bytes = encode_jpeg(picture());
  for (auto _ : state) benchmark::DoNotOptimize(decode_picture(bytes, "here"));
}

void png_read(benchmark::State& state) {
  const auto bytes = encode_png(picture());
  for (auto _ : state) benchmark::DoNotOptimize(decode_picture(bytes, "here"));
}

BENCHMARK(bicubic_1024_to_224)->Unit(benchmark::kMillisecond);
BENCHMARK(bicubic_1024_to_504)->Unit(benchmark::kMillisecond);
BENCHMARK(bicubic_512_to_1024)->Unit(benchmark::kMillisecond);
BENCHMARK(opencv_1024_to_800)->Unit(benchmark::kMillisecond);
BENCHMARK(jpeg_written)->Unit(benchmark::kMillisecond);
BENCHMARK(jpeg_read)->Unit(benchmark::kMillisecond);
BENCHMARK(png_read)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace umm::images
