#include "packing.h"

#include <algorithm>
#include <limits>

#include "umm/error.h"

namespace umm::harmon {
namespace {

using text::TokenRow;

void add_picture(TokenRow& row, int64_t picture_length, int64_t pad_id) {
  row.picture_begin = row.size();
  row.add(pad_id, 0, picture_length);
}

int64_t end_of(const Wording& wording, const text::TextTokenizer& tokenizer) {
  if (wording.end_mark.empty()) return tokenizer.end_id();
  const auto ids = tokenizer.encode(wording.end_mark);
  UMM_CHECK_INPUT(ids.size() == 1, "the option `vocabulary` names a vocabulary without the token ",
                  wording.end_mark, "; give it the folder of the published tokenizer's files (Qwen2.5)");
  return ids.front();
}

}  // namespace

Packer::Packer(const Wording& wording, const Limits& limits, const text::TextTokenizer& tokenizer)
    : wording_(wording),
      limits_(limits),
      tokenizer_(tokenizer),
      turn_begin_(tokenizer.encode(wording.turn_begin)),
      end_id_(end_of(wording, tokenizer)) {}

text::PackedRows Packer::pack_turns(const std::vector<std::string>& texts, int64_t picture_length,
                                    int64_t limit, int64_t length) const {
  std::vector<TokenRow> rows;
  for (const auto& text : texts) {
    auto ids = tokenizer_.encode(wording_.turn_begin + text + wording_.turn_end);
    if (std::ssize(ids) > limit) ids.resize(static_cast<size_t>(limit));
    const auto picture_at = ids.begin() + std::min(std::ssize(turn_begin_), std::ssize(ids));
    TokenRow row;
    row.add({ids.begin(), picture_at});
    add_picture(row, picture_length, end_id_);
    row.add({picture_at, ids.end()});
    rows.push_back(std::move(row));
  }
  text::pad_left(rows, length, end_id_);
  return text::pack(rows, picture_length);
}

text::PackedRows Packer::pack_generation(const std::vector<std::string>& texts, int64_t picture_length,
                                         int64_t length) const {
  return pack_turns(texts, picture_length, std::numeric_limits<int64_t>::max(), length);
}

text::PackedRows Packer::pack_training(const std::vector<std::string>& texts, int64_t picture_length) const {
  return pack_turns(texts, picture_length, limits_.prompt, 0);
}

TokenRow Packer::question(const std::string& text, int64_t picture_length) const {
  TokenRow row;
  if (picture_length == 0) {
    row.add(tokenizer_.encode(wording_.turn_begin + text + wording_.turn_end));
    return row;
  }
  row.add(turn_begin_);
  add_picture(row, picture_length, end_id_);
  row.add(tokenizer_.encode("\n" + text + wording_.turn_end));
  return row;
}

text::PackedRows Packer::pack_answers(const std::vector<std::string>& questions, int64_t picture_length,
                                      const std::vector<std::string>& answers) const {
  UMM_CHECK(answers.size() == questions.size(), "Harmon: ", questions.size(), " questions but ",
            answers.size(), " answers");
  std::vector<TokenRow> rows;
  for (size_t b = 0; b < answers.size(); ++b) {
    TokenRow row = question(questions[b], picture_length);
    row.answer_begin = row.size();
    row.add(tokenizer_.encode(answers[b]));
    row.add(end_id_);
    row.cut(limits_.answer + picture_length);
    rows.push_back(std::move(row));
  }
  text::pad_right(rows, 0, end_id_);
  return text::pack(rows, picture_length);
}

text::PackedRows Packer::pack_questions(const std::vector<std::string>& questions,
                                        int64_t picture_length) const {
  std::vector<TokenRow> rows;
  for (const auto& text : questions) rows.push_back(question(text, picture_length));
  text::pad_left(rows, 0, end_id_);
  return text::pack(rows, picture_length);
}

}  // namespace umm::harmon
