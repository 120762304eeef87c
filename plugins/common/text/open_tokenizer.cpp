#include "text/open_tokenizer.h"

#include <filesystem>

#include "text/bpe_tokenizer.h"
#include "text/word_tokenizer.h"

namespace umm::text {

std::unique_ptr<TextTokenizer> open_tokenizer(const std::string& path) {
  if (std::filesystem::is_directory(path) || path.ends_with(".json"))
    return std::make_unique<BpeTokenizer>(read_bpe_vocabulary(path));
  return std::make_unique<WordTokenizer>(path);
}

}  // namespace umm::text
