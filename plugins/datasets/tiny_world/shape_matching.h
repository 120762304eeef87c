// Region -> shape: every shape of the catalog is drawn into the region's box and compared with its mask.
#pragma once

#include "segmentation.h"

namespace umm::tiny_world {

struct ShapeMatch {
  int shape = 0;       // row of shapes()
  double overlap = 0;  // intersection over union with that shape, lowered where the box is out of proportion
};

// Small boxes are also tried one pixel larger and smaller on each side: blur eats tips, noise adds pixels.
ShapeMatch match_shape(const Region& region);

}  // namespace umm::tiny_world
