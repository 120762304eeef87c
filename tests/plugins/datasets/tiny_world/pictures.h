// Pictures for the tests of the oracle: scenes, and stand-ins for what a tokenizer makes of them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "renderer.h"
#include "scene.h"
#include "statements.h"
#include "umm/random.h"

namespace umm::tiny_world {

inline uint8_t to_byte(double value) {
  return static_cast<uint8_t>(std::clamp(value + 0.5, 0.0, 255.0));
}

// Every channel moved by up to `amount` 8-bit steps.
inline Image with_noise(Image image, int amount, Rng& rng) {
  for (uint8_t& value : image.rgb) value = to_byte(value + (2 * rng.uniform() - 1) * amount);
  return image;
}

// Weights 1 2 1 along both axes: one pixel of blur.
inline Image blurred(const Image& image) {
  Image result = image;
  for (int64_t y = 0; y < image.height; ++y) {
    for (int64_t x = 0; x < image.width; ++x) {
      for (int channel = 0; channel < 3; ++channel) {
        double sum = 0;
        for (int64_t dy = -1; dy <= 1; ++dy) {
          for (int64_t dx = -1; dx <= 1; ++dx) {
            const int64_t nx = std::clamp<int64_t>(x + dx, 0, image.width - 1);
            const int64_t ny = std::clamp<int64_t>(y + dy, 0, image.height - 1);
            sum += image.pixel(nx, ny)[channel] * static_cast<double>((2 - dx * dx) * (2 - dy * dy));
          }
        }
        result.pixel(x, y)[channel] = to_byte(sum / 16);
      }
    }
  }
  return result;
}

// What the oracle reports with more than `least_score`, put back into the cells.
inline Scene read_scene(const Image& image, double least_score) {
  Scene scene;
  for (const SeenObject& seen : read_objects(image)) {
    if (seen.score > least_score) scene.objects.push_back(seen.object);
  }
  std::sort(scene.objects.begin(), scene.objects.end(),
            [](const Object& a, const Object& b) { return a.cell < b.cell; });
  return scene;
}

}  // namespace umm::tiny_world
