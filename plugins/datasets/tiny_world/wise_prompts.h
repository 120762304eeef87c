// Prompts that a step of knowledge leads from to a scene of the tiny world, in WISE's form and categories.
//
//   {"prompt_id":701,"Prompt":"a photo of a circle in the color of grass","Explanation":"a green circle",
//    "Category":"Biology","Subcategory":"color"}
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace umm::tiny_world {

inline constexpr int64_t kMostPerCategory = 20;

// One JSON object each, category after category, no prompt twice. An explanation is a statement
// (statements.h), which the oracle tells true or false of a picture. Numbers lie where either generation of
// WISE has the category. Words of the knowledge itself ("grass") are none of the world's captions.
std::vector<std::string> make_wise_prompts(uint64_t seed, int64_t prompts_per_category);

}  // namespace umm::tiny_world
