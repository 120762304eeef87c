#include "text/bpe_tokenizer.h"

#include <algorithm>

#include "text/unicode.h"
#include "umm/error.h"

namespace umm::text {
namespace {

bool is_space(char32_t c) {
  const CharClass type = char_class(c);
  return type == CharClass::space || type == CharClass::newline;
}

// Position of the code point before `position`, which is not 0.
size_t step_back(std::string_view text, size_t position) {
  do --position;
  while ((static_cast<uint8_t>(text[position]) & 0xC0) == 0x80);
  return position;
}

char32_t code_point_at(std::string_view text, size_t position) {
  return next_code_point(text, position);
}

}  // namespace

BpeTokenizer::BpeTokenizer(const BpeVocabulary& vocabulary)
    : pairs_(vocabulary.tokens, vocabulary.merges),
      pre_tokenizer_(vocabulary.pre_tokenizer),
      normalize_(vocabulary.normalize),
      added_(vocabulary.added),
      bytes_(vocabulary.tokens) {
  special_.resize(bytes_.size());
  for (const auto& token : added_) {
    UMM_CHECK_INPUT(!token.content.empty() && token.id >= 0, "an added token without content or id");
    if (token.id >= vocabulary_size()) {
      bytes_.resize(static_cast<size_t>(token.id) + 1);
      special_.resize(bytes_.size());
    }
    bytes_[static_cast<size_t>(token.id)] = token.content;
    special_[static_cast<size_t>(token.id)] = token.special;
    begins_added_[static_cast<uint8_t>(token.content[0])] = true;
  }
  std::stable_sort(added_.begin(), added_.end(), [](const AddedToken& a, const AddedToken& b) {
    return a.content.size() > b.content.size();
  });
  const auto end = std::find(bytes_.begin(), bytes_.end(), vocabulary.end_token);
  UMM_CHECK_INPUT(end != bytes_.end(), "the vocabulary lacks ", vocabulary.end_token);
  end_id_ = end - bytes_.begin();
}

// The leftmost added token from there on, the longest where several begin; no token: there is none.
BpeTokenizer::Found BpeTokenizer::next_added(std::string_view text, size_t from) const {
  for (size_t i = from; i < text.size(); ++i) {
    if (!begins_added_[static_cast<uint8_t>(text[i])]) continue;
    for (const AddedToken& token : added_) {
      if (text.compare(i, token.content.size(), token.content) != 0) continue;
      Found found{i, i + token.content.size(), &token};
      while (token.strip_left && found.begin > from &&
             is_space(code_point_at(text, step_back(text, found.begin))))
        found.begin = step_back(text, found.begin);
      while (token.strip_right && found.end < text.size() && is_space(code_point_at(text, found.end)))
        next_code_point(text, found.end);
      return found;
    }
  }
  return {text.size(), text.size(), nullptr};
}

void BpeTokenizer::encode_plain(std::string_view text, std::vector<int64_t>& ids) const {
  if (text.empty()) return;
  const std::string normalized = normalize_ ? nfc(text) : "";
  for (const std::string_view piece : split(pre_tokenizer_, normalize_ ? normalized : text))
    pairs_.encode(piece, ids);
}

std::vector<int64_t> BpeTokenizer::encode(std::string_view raw) const {
  const std::string text = well_formed(raw);
  std::vector<int64_t> ids;
  for (size_t position = 0; position < text.size();) {
    const Found found = next_added(text, position);
    encode_plain(std::string_view(text).substr(position, found.begin - position), ids);
    if (found.token != nullptr) ids.push_back(found.token->id);
    position = found.end;
  }
  return ids;
}

std::string BpeTokenizer::decode(const std::vector<int64_t>& ids) const {
  std::string bytes;
  for (const int64_t id : ids) {
    UMM_CHECK(id >= 0 && id < vocabulary_size(), "BPE tokenizer: id ", id, " is outside the vocabulary of ",
              vocabulary_size());
    if (!special_[static_cast<size_t>(id)]) bytes += bytes_[static_cast<size_t>(id)];
  }
  return well_formed(bytes);
}

}  // namespace umm::text
