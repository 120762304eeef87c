// Cuts a text into the pieces that byte pairs are merged within, as the published regular expressions do.
#pragma once

#include <string_view>
#include <vector>

#include "umm/version.h"

namespace umm::text {

enum class PreTokenizer {
  gpt2,  // 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
  qwen,  // (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|
         // \s+(?!\S)|\s+
};

// Pieces of well-formed UTF-8, in order; together they are the text.
UMM_API std::vector<std::string_view> split(PreTokenizer rule, std::string_view text);

}  // namespace umm::text
