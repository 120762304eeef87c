#include "results/failure_signature.h"

#include <gtest/gtest.h>

namespace umm::results {
namespace {

TEST(FailureSignature, numbers_and_places_do_not_count) {
  const auto signature = failure_signature("/a/b/c.png: expected 3 channels, found 4 at 0x7ffe12");
  EXPECT_EQ(signature.size(), 8u);
  EXPECT_EQ(signature, failure_signature("/other/file.png: expected 1 channels, found 23 at 0xdead"));
  EXPECT_NE(signature, failure_signature("/a/b/c.png: expected 3 channels, lost 4 at 0x7ffe12"));
  EXPECT_EQ(failure_signature("loss is 1.5e-7"), failure_signature("loss is 22"));
}

TEST(FailureSignature, a_long_error_has_one_too) {
  EXPECT_EQ(failure_signature("/" + std::string(1'000'000, 'x')).size(), 8u);
}

}  // namespace
}  // namespace umm::results
