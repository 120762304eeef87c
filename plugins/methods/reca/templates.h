// Instructions of the reconstruction flow: paraphrases of "describe the picture in detail".
// Lower case, no punctuation and few words (words.txt lists them), so that a small tokenizer knows them all.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "umm/random.h"

namespace umm::reca {

extern const std::array<const char*, 64> kTemplates;

// `count` templates, each drawn uniformly by itself.
std::vector<std::string> draw_templates(int64_t count, Rng& rng);

}  // namespace umm::reca
