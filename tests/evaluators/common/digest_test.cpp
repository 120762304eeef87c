#include "digest.h"

#include <gtest/gtest.h>

namespace umm::evaluators {
namespace {

// What `git hash-object` prints.
TEST(Digest, KnownValues) {
  EXPECT_EQ(git_blob_id(""), "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
  EXPECT_EQ(git_blob_id("hello\n"), "ce013625030ba8dba906f756967f9e9ca394464a");
}

}  // namespace
}  // namespace umm::evaluators
