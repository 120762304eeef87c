// Pictures of prompts.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "umm/capabilities.h"
#include "umm/evaluator.h"

namespace umm {

struct ImageSlot {
  size_t item = 0;    // index into the items
  int64_t image = 0;  // which of the prompt's pictures
};

struct GenerationSettings {
  std::string architecture;  // its id, for messages
  Options sampling;
  uint64_t seed = 0;
};

// InputError, which names the evaluation, where its pictures are edits of other pictures: no capability makes
// them yet (umm/capabilities.h), and what is drawn from the instruction alone must not be scored as an edit.
// Also where a prompt's name cannot be a folder's (umm/evaluator.h).
void expect_drawable(const std::string& evaluation, const std::vector<EvaluationItem>& items);

// The same where the pictures are to be scored as well: then no item may be one that can only be drawn.
void expect_evaluable(const std::string& evaluation, const std::vector<EvaluationItem>& items);

// [slots, 3, H, W] on the CPU. Each picture has its own stream, so it does not depend on its neighbours.
// [eval mode]
Tensor generate_pictures(ImageGenerator& generator, const GenerationSettings& settings,
                         const std::vector<EvaluationItem>& items, std::span<const ImageSlot> slots);

}  // namespace umm
