// Whole words of a small closed vocabulary: what a language of a few hundred words needs.
//
// The vocabulary file has one token a line; line n is id n - 1. It must hold "<unk>", which stands for every
// word it lacks, and "<|endoftext|>", which begins and ends a text. Text is lower-cased and split at white
// space; each punctuation character is a token of its own.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "text/text_tokenizer.h"

namespace umm::text {

class UMM_API WordTokenizer final : public TextTokenizer {
 public:
  // Throws InputError naming file and line where the vocabulary is wrong.
  explicit WordTokenizer(const std::string& vocabulary_path);

  int64_t vocabulary_size() const override { return static_cast<int64_t>(tokens_.size()); }
  int64_t begin_id() const override { return end_id_; }
  int64_t end_id() const override { return end_id_; }
  int64_t unknown_id() const { return unknown_id_; }

  std::vector<int64_t> encode(std::string_view text) const override;
  std::string decode(const std::vector<int64_t>& ids) const override;

 private:
  std::vector<std::string> tokens_;
  std::unordered_map<std::string, int64_t> ids_;
  int64_t end_id_ = 0;
  int64_t unknown_id_ = 0;
};

}  // namespace umm::text
