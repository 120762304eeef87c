// How DPG-Bench's pictures lie in a folder: which prompt a file belongs to, and which part of it is which
// sample.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "umm/error.h"

namespace umm::dpg {

// grid    <id>.png: four samples of a prompt in a 2 x 2 grid (published)
// single  <id>_<n>.jpg: one sample per file (RecA and BAGEL)
enum class Layout { grid, single };

// The item of a file: its name up to the first "." (grid) or "_" (single).
inline std::string_view item_of_file(std::string_view name, Layout layout) {
  return name.substr(0, name.find(layout == Layout::grid ? '.' : '_'));
}

// Pixels; right and bottom exclusive.
struct CropBox {
  int64_t left = 0, top = 0, right = 0, bottom = 0;

  bool operator==(const CropBox&) const = default;
};

// The first `num_crops` parts of a picture of width x height: left above, right above, left below, right
// below. `resolution` is a sample's side; the picture must be a square of twice that, or Error says what it
// is. (The published code cuts parts of other samples and black in silence where the resolution is another
// one.)
inline std::vector<CropBox> grid_crops(int64_t width, int64_t height, int64_t resolution, int64_t num_crops) {
  UMM_CHECK_INPUT(resolution > 0 && resolution <= (int64_t{1} << 30),
                  "expected the side of a sample in pixels, found a resolution of ", resolution);
  UMM_CHECK_INPUT(num_crops >= 1 && num_crops <= 4, "a grid has 1 to 4 samples, found ", num_crops);
  UMM_CHECK(width == 2 * resolution && height == 2 * resolution, "expected a grid of ", 2 * resolution, " x ",
            2 * resolution, " pixels, four samples of ", resolution, " x ", resolution, ", found ", width,
            " x ", height, ": set the resolution to the side of one sample");
  const int64_t r = resolution;
  std::vector<CropBox> boxes = {{0, 0, r, r}, {r, 0, 2 * r, r}, {0, r, r, 2 * r}, {r, r, 2 * r, 2 * r}};
  boxes.resize(static_cast<size_t>(num_crops));
  return boxes;
}

// The part of a picture inside `box`. Picture: width, height and rgb (height x width x 3, rows from the top).
template <typename Picture>
Picture crop(const Picture& whole, const CropBox& box) {
  const bool inside = 0 <= box.left && box.left < box.right && box.right <= whole.width && 0 <= box.top &&
                      box.top < box.bottom && box.bottom <= whole.height;
  UMM_CHECK(inside, "expected a part of a picture of ", whole.width, " x ", whole.height, " pixels, found ",
            box.left, ",", box.top, " to ", box.right, ",", box.bottom);
  Picture part;
  part.width = box.right - box.left;
  part.height = box.bottom - box.top;
  part.rgb.reserve(static_cast<size_t>(part.width * part.height * 3));
  for (int64_t y = box.top; y < box.bottom; ++y) {
    const auto row = whole.rgb.begin() + (y * whole.width + box.left) * 3;
    part.rgb.insert(part.rgb.end(), row, row + part.width * 3);
  }
  return part;
}

}  // namespace umm::dpg
