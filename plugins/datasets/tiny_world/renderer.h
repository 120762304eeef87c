// Scene -> picture. Every pixel is either the object's colour or the background: no anti-aliasing.
#pragma once

#include <cstdint>
#include <vector>

#include "catalog.h"
#include "scene.h"
#include "umm/image.h"

namespace umm::tiny_world {

// The shape stretched over a box, 1 inside and 0 outside. [height x width]
std::vector<uint8_t> draw_mask(const Shape& shape, int64_t width, int64_t height);

// A square picture; `image_size` in pixels, a multiple of 32, so that each shape keeps its form.
Image render(const Scene& scene, int64_t image_size);

}  // namespace umm::tiny_world
