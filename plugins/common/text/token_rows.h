// Rows of tokens of different length, being put together: who sees whom, where a picture goes, what is to be
// predicted; and the batch that they become.   B batch, L tokens, P tokens of the condition's picture
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "text/text_tokenizer.h"
#include "umm/tensor.h"
#include "umm/version.h"

namespace umm::text {

struct UMM_API TokenRow {
  std::vector<int64_t> ids;
  std::vector<uint8_t> roles;  // flags of nn::role
  int64_t picture_begin = 0;
  int64_t answer_begin = std::numeric_limits<int64_t>::max();  // none

  int64_t size() const { return static_cast<int64_t>(ids.size()); }

  void add(int64_t id, uint8_t flags = 0, int64_t count = 1);  // visible to later rows, and `flags`
  void add(const std::vector<int64_t>& more, uint8_t flags = 0);
  void cut(int64_t length);  // loses its tail
};

struct UMM_API PackedRows {
  Tensor token_ids;        // [B, L] int64; padding where the picture of the condition goes
  Tensor roles;            // [B, L] uint8 of nn::role
  Tensor picture_columns;  // [B, P] int64, where the condition's picture goes; undefined without one
  Tensor supervised;       // [B, L] bool, on the CPU: rows whose next token is part of the answer

  PackedRows to(at::Device device) const;
};

// Padding to the longest row and at least to `length`. On the left it sees itself alone, so that its rows are
// not empty; on the right nothing sees it.
UMM_API void pad_left(std::vector<TokenRow>& rows, int64_t length, int64_t pad_id);
UMM_API void pad_right(std::vector<TokenRow>& rows, int64_t length, int64_t pad_id);

// Of rows of one length. Throws Error on an empty batch.
UMM_API PackedRows pack(const std::vector<TokenRow>& rows, int64_t picture_length);

// Rows of ids [B, T] as words.
UMM_API std::vector<std::string> decode_rows(const TextTokenizer& tokenizer, const Tensor& ids);

}  // namespace umm::text
