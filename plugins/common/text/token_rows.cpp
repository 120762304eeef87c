#include "text/token_rows.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "nn/attention.h"
#include "umm/error.h"

namespace umm::text {
namespace {

namespace role = nn::role;

int64_t longest(const std::vector<TokenRow>& rows, int64_t length) {
  for (const auto& row : rows) length = std::max(length, row.size());
  return length;
}

}  // namespace

void TokenRow::add(int64_t id, uint8_t flags, int64_t count) {
  ids.insert(ids.end(), static_cast<size_t>(count), id);
  roles.insert(roles.end(), static_cast<size_t>(count), role::kVisible | flags);
}

void TokenRow::add(const std::vector<int64_t>& more, uint8_t flags) {
  for (int64_t id : more) add(id, flags);
}

void TokenRow::cut(int64_t length) {
  if (size() <= length) return;
  ids.resize(static_cast<size_t>(length));
  roles.resize(static_cast<size_t>(length));
}

PackedRows PackedRows::to(at::Device device) const {
  PackedRows moved = *this;
  moved.token_ids = token_ids.to(device);
  moved.roles = roles.to(device);
  if (picture_columns.defined()) moved.picture_columns = picture_columns.to(device);
  return moved;
}

void pad_left(std::vector<TokenRow>& rows, int64_t length, int64_t pad_id) {
  length = longest(rows, length);
  for (auto& row : rows) {
    const auto count = length - row.size();
    row.ids.insert(row.ids.begin(), static_cast<size_t>(count), pad_id);
    row.roles.insert(row.roles.begin(), static_cast<size_t>(count), role::kLeadingPad);
    row.picture_begin += count;
  }
}

void pad_right(std::vector<TokenRow>& rows, int64_t length, int64_t pad_id) {
  length = longest(rows, length);
  for (auto& row : rows) {
    row.ids.resize(static_cast<size_t>(length), pad_id);
    row.roles.resize(static_cast<size_t>(length), 0);
  }
}

PackedRows pack(const std::vector<TokenRow>& rows, int64_t picture_length) {
  UMM_CHECK(!rows.empty(), "an empty batch of prompts cannot be packed");
  std::vector<int64_t> ids, begins, answers;
  std::vector<uint8_t> roles;
  for (const auto& row : rows) {
    ids.insert(ids.end(), row.ids.begin(), row.ids.end());
    roles.insert(roles.end(), row.roles.begin(), row.roles.end());
    begins.push_back(row.picture_begin);
    answers.push_back(row.answer_begin);
  }
  const auto batch = static_cast<int64_t>(rows.size()), length = rows.front().size();
  PackedRows packed;
  packed.token_ids = at::tensor(ids, at::kLong).view({batch, length});
  packed.roles = at::tensor(roles, at::kByte).view({batch, length});
  if (picture_length > 0)
    packed.picture_columns = at::tensor(begins, at::kLong).unsqueeze(1) + at::arange(picture_length);
  // A row predicts the token after it: from the one before the answer to the one before the padding.
  const Tensor next = at::arange(1, length + 1);
  const Tensor ends = packed.roles.bitwise_and(role::kVisible).sum(1, /*keepdim=*/true);
  packed.supervised = (next >= at::tensor(answers, at::kLong).unsqueeze(1)) & (next < ends);
  return packed;
}

std::vector<std::string> decode_rows(const TextTokenizer& tokenizer, const Tensor& ids) {
  const Tensor on_host = ids.cpu().contiguous();
  std::vector<std::string> texts;
  for (int64_t b = 0; b < on_host.size(0); ++b) {
    const auto* row = on_host[b].const_data_ptr<int64_t>();
    texts.push_back(tokenizer.decode({row, row + on_host.size(1)}));
  }
  return texts;
}

}  // namespace umm::text
