#include "text/token_rows.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "nn/attention.h"
#include "umm/error.h"

namespace umm::text {
namespace {

namespace role = nn::role;

constexpr int64_t kPad = 9;

// 1 2 [picture of two] 3 | 4 5, the last two an answer; and a shorter one without.
std::vector<TokenRow> rows() {
  TokenRow first, second;
  first.add({1, 2});
  first.picture_begin = first.size();
  first.add(kPad, role::kShared, 2);
  first.add(3);
  first.answer_begin = first.size();
  first.add({4, 5});
  second.add({6, 7});
  return {first, second};
}

TEST(TokenRows, PaddingOnTheRightIsSeenByNobody) {
  auto padded = rows();
  pad_right(padded, 0, kPad);
  const PackedRows packed = pack(padded, 2);
  EXPECT_TRUE(
      packed.token_ids.equal(at::tensor({1, 2, 9, 9, 3, 4, 5, 6, 7, 9, 9, 9, 9, 9}, at::kLong).view({2, 7})));
  EXPECT_TRUE(packed.roles[1].slice(0, 2).eq(0).all().item<bool>());
  EXPECT_EQ(packed.roles[0][2].item<int>(), role::kVisible | role::kShared);
  EXPECT_TRUE(packed.picture_columns[0].equal(at::tensor({2, 3}, at::kLong)));
  // Columns 4 and 5 are followed by the answer; a row without one is not supervised.
  const Tensor supervised = at::zeros({2, 7}, at::kBool);
  supervised[0].slice(0, 4, 6).fill_(true);
  EXPECT_TRUE(packed.supervised.equal(supervised));
}

TEST(TokenRows, PaddingOnTheLeftMovesThePicture) {
  auto padded = rows();
  pad_left(padded, 8, kPad);
  const PackedRows packed = pack(padded, 2);
  EXPECT_TRUE(packed.token_ids[0].equal(at::tensor({9, 1, 2, 9, 9, 3, 4, 5}, at::kLong)));
  EXPECT_TRUE(packed.picture_columns[0].equal(at::tensor({3, 4}, at::kLong)));
  EXPECT_EQ(packed.roles[1][0].item<int>(), role::kLeadingPad);
}

TEST(TokenRows, AnEmptyBatchIsRefused) {
  EXPECT_THROW(pack({}, 0), Error);
}

}  // namespace
}  // namespace umm::text
