// Prompts as token sequences. Source: the data sets and scripts of the reference; RecA's for pictures that
// are to be rebuilt.   B batch, P tokens of the condition's picture
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "config.h"
#include "text/text_tokenizer.h"
#include "text/token_rows.h"

namespace umm::harmon {

class Packer {
 public:
  // Tokens that training keeps, but for a picture's.
  struct Limits {
    int64_t prompt = 0;  // to draw behind
    int64_t answer = 0;  // question and answer
  };

  // The tokenizer outlives the packer.
  Packer(const Wording& wording, const Limits& limits, const text::TextTokenizer& tokenizer);

  int64_t end_id() const { return end_id_; }

  // A user's turn of each text, to draw behind, padded on the left to the longest and to `length`. The
  // picture goes into the tokens of the whole turn, so that a line break at the text's start joins the one
  // before it. In training turns are cut to their limit.
  text::PackedRows pack_generation(const std::vector<std::string>& texts, int64_t picture_length,
                                   int64_t length = 0) const;
  text::PackedRows pack_training(const std::vector<std::string>& texts, int64_t picture_length) const;

  // A turn with picture, line break and question, to be answered: answer and end mark, padded on the right;
  // or nothing, padded on the left.
  text::PackedRows pack_answers(const std::vector<std::string>& questions, int64_t picture_length,
                                const std::vector<std::string>& answers) const;
  text::PackedRows pack_questions(const std::vector<std::string>& questions, int64_t picture_length) const;

 private:
  text::PackedRows pack_turns(const std::vector<std::string>& texts, int64_t picture_length, int64_t limit,
                              int64_t length) const;
  text::TokenRow question(const std::string& text, int64_t picture_length) const;

  Wording wording_;
  Limits limits_;
  const text::TextTokenizer& tokenizer_;
  std::vector<int64_t> turn_begin_;
  int64_t end_id_;
};

}  // namespace umm::harmon
