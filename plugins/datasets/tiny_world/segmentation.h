// Picture -> coloured regions on the dark background.
//
// A pixel is explained as a mixture of the background and one palette colour, p = bg + a (c - bg): the pixels
// of a blurred edge then belong to the colour they fade from, not to whichever colour lies half-way (the edge
// of white passes near purple). It is foreground where a >= 0.5 and the mixture comes close enough.
#pragma once

#include <cstdint>
#include <vector>

#include "umm/image.h"

namespace umm::tiny_world {

// Connected pixels of one colour. Box in pixels of the picture, x2 and y2 exclusive and tight.
struct Region {
  int color = 0;  // row of colors()
  int64_t x1 = 0, y1 = 0, x2 = 0, y2 = 0;
  std::vector<uint8_t> mask;  // height x width of 0/1, inside the box

  int64_t width() const { return x2 - x1; }
  int64_t height() const { return y2 - y1; }
};

// In reading order of their first pixels.
std::vector<Region> find_regions(const Image& image);

// Connected parts of `region` once the column (or row) `cut` of its box is blanked, each with a tight box.
std::vector<Region> parts_without_line(const Region& region, bool column, int64_t cut);

// Distance, in 8-bit steps, of a pixel to the nearest mixture of at least half the colour.
double distance_to_color(const uint8_t* pixel, int color);

}  // namespace umm::tiny_world
