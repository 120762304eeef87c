// The oracle: reads any picture back into objects with shape, colour, box, mask and score, by classical image
// processing. It stands where a segmentation network and CLIP stand for photographs.
//
// Exact on renders, robust to a tokenizer's errors, and it knows neither the cells nor how many objects
// there should be. A score is in (0, 1): above 0.9 for a clear shape, below for what is only like one.
#pragma once

#include <string>
#include <vector>

#include "umm/evaluator.h"

namespace umm::tiny_world {

class Oracle : public ObjectDetector {
 public:
  std::string version() const override;

  // Objects in reading order, each once, under its most likely shape.
  std::vector<Detection> detect(const Image& image) override;

  // Mean closeness of the object's pixels to each colour, in (0, 1]; 0 for a colour outside the world.
  std::vector<double> color_scores(const Image& image, const Detection& object,
                                   const std::vector<std::string>& colors) override;
};

}  // namespace umm::tiny_world
