// Scene -> words, in two strengths.
//
// Dense:  "a red circle top left and a green ring bottom left", objects in reading order
//         says everything; the scene can be told from it.
// Sparse: "a photo of rings and a circle and a square", the wording of GenEval's prompts
//         says what stands there, and little about how.
#pragma once

#include <string>

#include "grammar.h"
#include "scene.h"
#include "umm/random.h"

namespace umm::tiny_world {

std::string dense_caption(const Scene& scene);

struct SparseRates {
  double color = 0.2;   // probability of each kind's colour to be said
  double keep = 0.2;    // the same of each number, relation and place
  double empty = 0.15;  // probability of no caption at all
};

// Objects of one shape whose colour is not said are said together: "three circles".
std::string sparse_caption(const Scene& scene, const SparseRates& rates, Rng& rng);

}  // namespace umm::tiny_world
