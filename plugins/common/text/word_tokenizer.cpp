#include "text/word_tokenizer.h"

#include <cctype>
#include <fstream>

#include "umm/error.h"

namespace umm::text {
namespace {

constexpr const char* kUnknown = "<unk>";
constexpr const char* kEnd = "<|endoftext|>";

// Locale-free; bytes above 127 belong to words.
bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}
bool is_punctuation(char c) {
  return static_cast<unsigned char>(c) < 128 && std::ispunct(static_cast<unsigned char>(c));
}
char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::vector<std::string> split_words(std::string_view text) {
  std::vector<std::string> words;
  bool inside = false;
  for (char c : text) {
    if (is_space(c)) {
      inside = false;
    } else if (is_punctuation(c)) {
      words.emplace_back(1, c);
      inside = false;
    } else {
      if (!inside) words.emplace_back();
      words.back() += lower(c);
      inside = true;
    }
  }
  return words;
}

}  // namespace

TextTokenizer::~TextTokenizer() = default;

WordTokenizer::WordTokenizer(const std::string& vocabulary_path) {
  std::ifstream file(vocabulary_path);
  UMM_CHECK_INPUT(file, "vocabulary ", vocabulary_path, ": cannot be read");
  std::string line;
  while (std::getline(file, line)) {
    if (line.ends_with('\r')) line.pop_back();
    const std::string place = vocabulary_path + ":" + std::to_string(tokens_.size() + 1) + ": ";
    UMM_CHECK_INPUT(!line.empty(), place, "empty line; the vocabulary holds one token a line");
    const bool is_mark = line == kUnknown || line == kEnd;
    const auto words = split_words(line);
    UMM_CHECK_INPUT(is_mark || (words.size() == 1 && words[0] == line), place, "'", line,
                    "' can never be found in a text; write one lower-case word or one punctuation character");
    const auto [found, is_new] = ids_.emplace(line, vocabulary_size());
    UMM_CHECK_INPUT(is_new, place, "'", line, "' is already on line ", found->second + 1);
    tokens_.push_back(line);
  }
  for (const char* mark : {kUnknown, kEnd})
    UMM_CHECK_INPUT(ids_.contains(mark), "vocabulary ", vocabulary_path, ": the token ", mark,
                    " is missing; add a line with it");
  unknown_id_ = ids_.at(kUnknown);
  end_id_ = ids_.at(kEnd);
}

std::vector<int64_t> WordTokenizer::encode(std::string_view text) const {
  std::vector<int64_t> ids;
  for (const auto& word : split_words(text)) {
    const auto found = ids_.find(word);
    ids.push_back(found == ids_.end() ? unknown_id_ : found->second);
  }
  return ids;
}

std::string WordTokenizer::decode(const std::vector<int64_t>& ids) const {
  std::string text;
  for (int64_t id : ids) {
    UMM_CHECK(id >= 0 && id < vocabulary_size(), "word tokenizer: id ", id, " is outside the vocabulary of ",
              vocabulary_size());
    if (id == end_id_) continue;
    const std::string& token = tokens_[static_cast<size_t>(id)];
    const bool joins =
        token.size() == 1 && std::string_view(".,:;!?").find(token[0]) != std::string_view::npos;
    if (!text.empty() && !joins) text += ' ';
    text += token;
  }
  return text;
}

}  // namespace umm::text
