// The tokenizer of a vocabulary, by what the path holds.
#pragma once

#include <memory>
#include <string>

#include "text/text_tokenizer.h"

namespace umm::text {

// A folder or a .json file: byte-level BPE (bpe_tokenizer.h); any other file: a list of words
// (word_tokenizer.h). Throws InputError naming the path.
UMM_API std::unique_ptr<TextTokenizer> open_tokenizer(const std::string& path);

}  // namespace umm::text
