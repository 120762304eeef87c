// Prompts of the tiny world in GenEval's own record format, with its six tags.
//
//   {"tag":"position","include":[{"class":"square","count":1},
//    {"class":"circle","count":1,"position":["left of",0]}],"prompt":"a photo of a circle left of a square"}
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace umm::tiny_world {

// One JSON object each, tag after tag, no prompt twice. Every fact is asked in GenEval's wording first;
// further openings ("a picture of") come only where a tag has fewer facts than `prompts_per_tag`. A tag that
// runs out even so is shorter, which is logged as a warning.
std::vector<std::string> make_prompts(uint64_t seed, int64_t prompts_per_tag);

}  // namespace umm::tiny_world
