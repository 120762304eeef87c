// Dense prompts of the tiny world with questions about each of their parts, in DPG-Bench's form.
//
//   {"item_id":"three00","text":"a photo of two red circles and a blue square top left","questions":[
//    {"proposition_id":1,"dependency":[0],"tuple":"entity - whole (circle)","question":"Is there a circle?"},
//    {"proposition_id":2,"dependency":[1],"tuple":"attribute - color (circle, red)",
//     "question":"Is there a red circle?"}, ...]}
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scene.h"

namespace umm::tiny_world {

struct DensePrompt {
  Scene scene = {};         // that it tells of
  std::string record = {};  // one JSON object
};

// No prompt twice: scenes of three and of four objects in turn, none of which training ever draws, told with
// every colour, number and either a place or a relation of each single object. Questions go from what is
// there to its colour, and from there to numbers, places and relations; each is one that the oracle answers
// (statements.h). `item_id` begins with the number of objects.
std::vector<DensePrompt> make_dense_prompts(uint64_t seed, int64_t prompts);

}  // namespace umm::tiny_world
