#include "renderer.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "umm/error.h"

namespace umm::tiny_world {
namespace {

TEST(Renderer, ShapesTouchAllSidesOfTheirBox) {
  for (const Shape& shape : shapes()) {
    for (const int64_t size : {shape.width / 2, shape.width, 2 * shape.width, 4 * shape.width}) {
      const auto mask = draw_mask(shape, size, size);
      bool top = false, bottom = false, left = false, right = false;
      for (int64_t i = 0; i < size; ++i) {
        top |= mask[i];
        bottom |= mask[(size - 1) * size + i];
        left |= mask[i * size];
        right |= mask[i * size + size - 1];
      }
      EXPECT_TRUE(top && bottom && left && right) << shape.name << " in " << size << " pixels";
    }
  }
}

TEST(Renderer, ShapesAreFarApart) {
  constexpr int64_t kSize = 14;
  for (const Shape& a : shapes()) {
    for (const Shape& b : shapes()) {
      if (&a == &b) continue;
      const auto mask_a = draw_mask(a, kSize, kSize), mask_b = draw_mask(b, kSize, kSize);
      double both = 0, either = 0;
      for (size_t i = 0; i < mask_a.size(); ++i) {
        both += mask_a[i] && mask_b[i];
        either += mask_a[i] || mask_b[i];
      }
      EXPECT_LT(both / either, 0.8) << a.name << " and " << b.name;
    }
  }
}

TEST(Renderer, DrawsCrispObjectsWithAMarginInTheirCells) {
  for (const int64_t size : {32, 64}) {
    for (int shape = 0; shape < static_cast<int>(shapes().size()); ++shape) {
      for (int cell = 0; cell < kNumCells; ++cell) {
        const Object object{shape, 0, cell};
        const Image image = render({{object}}, size);
        const int64_t side = size / kGrid, margin = side / 16;
        int64_t drawn = 0;
        for (int64_t y = 0; y < size; ++y) {
          for (int64_t x = 0; x < size; ++x) {
            const Rgb pixel{image.pixel(x, y)[0], image.pixel(x, y)[1], image.pixel(x, y)[2]};
            if (pixel == kBackground) continue;
            ++drawn;
            EXPECT_EQ(pixel, colors()[0].rgb);
            const int64_t in_x = x - object.column() * side, in_y = y - object.row() * side;
            EXPECT_TRUE(std::min(in_x, in_y) >= margin && std::max(in_x, in_y) < side - margin)
                << shapes()[shape].name << " at " << x << ", " << y;
          }
        }
        EXPECT_GT(drawn, side * side / 4);
      }
    }
  }
}

TEST(Renderer, LargePictureIsTheSmallOneInFinerPixels) {
  const Scene scene{{{0, 0, 0}, {2, 3, 1}, {3, 4, 2}, {4, 5, 3}}};
  const Image small = render(scene, 32), large = render(scene, 64);
  int64_t different = 0;
  for (int64_t y = 0; y < 64; ++y) {
    for (int64_t x = 0; x < 64; ++x) {
      different += !std::equal(large.pixel(x, y), large.pixel(x, y) + 3, small.pixel(x / 2, y / 2));
    }
  }
  EXPECT_LT(different, 64 * 64 / 12);
}

TEST(Renderer, RefusesOddSizes) {
  EXPECT_THROW(render({}, 40), Error);
}

}  // namespace
}  // namespace umm::tiny_world
