#include "renderer.h"

#include <algorithm>

#include "umm/error.h"

namespace umm::tiny_world {
namespace {

void draw_object(const Object& object, int64_t cell_size, Image& image) {
  const Shape& shape = shapes()[object.shape];
  const Rgb& rgb = colors()[object.color].rgb;
  const int64_t width = cell_size * shape.width / 16;
  const int64_t height = cell_size * shape.height / 16;
  const int64_t left = object.column() * cell_size + (cell_size - width) / 2;
  const int64_t top = object.row() * cell_size + (cell_size - height) / 2;
  const std::vector<uint8_t> mask = draw_mask(shape, width, height);
  for (int64_t y = 0; y < height; ++y) {
    for (int64_t x = 0; x < width; ++x) {
      if (mask[y * width + x]) std::copy(rgb.begin(), rgb.end(), image.pixel(left + x, top + y));
    }
  }
}

}  // namespace

std::vector<uint8_t> draw_mask(const Shape& shape, int64_t width, int64_t height) {
  std::vector<uint8_t> mask(width * height);
  for (int64_t y = 0; y < height; ++y) {
    for (int64_t x = 0; x < width; ++x) {
      mask[y * width + x] = shape.inside((x + 0.5) / width, (y + 0.5) / height);
    }
  }
  return mask;
}

Image render(const Scene& scene, int64_t image_size) {
  UMM_CHECK(image_size > 0 && image_size % 32 == 0, "image_size must be a multiple of 32 pixels, found ",
            image_size);
  Image image = make_image(image_size, image_size);
  for (int64_t y = 0; y < image_size; ++y) {
    for (int64_t x = 0; x < image_size; ++x) {
      std::copy(kBackground.begin(), kBackground.end(), image.pixel(x, y));
    }
  }
  for (const Object& object : scene.objects) draw_object(object, image_size / kGrid, image);
  return image;
}

}  // namespace umm::tiny_world
