// How prompts and pictures are laid out as one token sequence, and which token sees which.
// Source: Show-o, training/prompting_utils.py (text-to-image, understanding); RecA's Show-o branch for the
// two layouts that condition a picture on a picture.
// B batch, L tokens, P tokens of the condition's picture, N tokens of the target picture
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "text/text_tokenizer.h"
#include "text/token_rows.h"
#include "umm/condition.h"

namespace umm::showo {

// Ids in the order of the embedding table: words, ten special tokens, image codes, the mask token.
struct Vocabulary {
  int64_t num_words = 0;
  int64_t num_codes = 0;

  int64_t pad() const { return num_words; }
  int64_t image_begin() const { return num_words + 1; }    // <|soi|>
  int64_t image_end() const { return num_words + 2; }      // <|eoi|>; then sov, eov
  int64_t text_to_image() const { return num_words + 5; }  // <|t2i|>
  int64_t understanding() const { return num_words + 6; }  // <|mmu|>; then t2v, v2v, lvg
  int64_t first_code() const { return num_words + 10; }
  int64_t mask() const { return first_code() + num_codes; }
  int64_t size() const { return mask() + 1; }
};

// What stands before the text.
enum class Layout {
  text,        // nothing
  embeddings,  // a picture as embeddings of the understanding tower
  codes,       // a picture as image codes
  words,       // a text in the picture's place
};

// Throws Error where Show-o has no layout for the condition.
Layout layout_of(const Condition& condition);

struct Prompt {
  Layout layout = Layout::text;
  std::vector<std::string> texts;     // B
  std::vector<std::string> contexts;  // B, layout words
  int64_t picture_length = 0;         // P, layouts embeddings and codes
};

struct PackedSequence : text::PackedRows {  // masks in the target
  int64_t target_begin = 0;                 // column of its <|soi|>, as no token before it sees beyond

  PackedSequence to(at::Device device) const { return {PackedRows::to(device), target_begin}; }
};

struct PackingConfig {
  int64_t text_length = 0;        // M: tokens of a text-to-image prompt but for its task token
  int64_t recon_text_length = 0;  // tokens between picture and picture, layouts embeddings and words
  int64_t num_image_tokens = 0;   // N
  std::string system_prompt;      // before the picture in understanding prompts, layout embeddings
};

class Packer {
 public:
  Packer(const PackingConfig& config, const Vocabulary& vocabulary, const text::TextTokenizer& tokenizer);

  // Prompt, then <|soi|> N masks <|eoi|>. Prompts padded on the left become as long as the longest of the
  // batch and at least `prefix_length` tokens: hidden padding on the left changes nothing, as positions are
  // relative.
  PackedSequence pack_generation(const Prompt& prompt, int64_t prefix_length = 0) const;

  // Length of the published, fixed prefix; only a long text in a picture's place exceeds it.
  int64_t full_prefix_length(const Prompt& prompt) const;

  // Prompt, answer and end mark, padded on the right.
  PackedSequence pack_answers(const Prompt& prompt, const std::vector<std::string>& answers) const;

  // Prompt alone, padded on the left, to be continued.
  PackedSequence pack_questions(const Prompt& prompt) const;

 private:
  text::TokenRow generation_prefix(const Prompt& prompt, size_t sample) const;
  text::TokenRow question(const Prompt& prompt, size_t sample) const;
  void add_shown(text::TokenRow& row, const Prompt& prompt, size_t sample) const;
  void add_target(text::TokenRow& row, Layout layout) const;
  void add_text(text::TokenRow& row, const std::string& text, int64_t limit) const;

  PackingConfig config_;
  Vocabulary vocabulary_;
  const text::TextTokenizer& tokenizer_;
};

}  // namespace umm::showo
