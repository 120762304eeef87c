#include "published_items.h"

#include <gmock/gmock.h>

#include "../problem.h"

namespace umm::evaluators {
namespace {

using ::testing::HasSubstr;
using testing::problem;

TEST(PublishedItems, AreKnownInAnyOrder) {
  // printf '["a"]\n["b"]\n' | sha256sum
  const auto told = [](const std::vector<std::string>& items) {
    return problem([&] {
      expect_published_items(items, "60b9828a8196895b07d9816790270b7848c5beac4231219fc26da55f169b096d",
                             "the two", "items.json");
    });
  };
  EXPECT_EQ(told({R"(["a"])", R"(["b"])"}), "no InputError");
  EXPECT_EQ(told({R"(["b"])", R"(["a"])"}), "no InputError");
  EXPECT_THAT(told({R"(["a"])"}),
              HasSubstr("items.json: expected the two as published, found 1 that are not just these"));
  EXPECT_THAT(told({R"(["a"])", R"(["b"])", R"(["b"])"}), HasSubstr("found 3"));
  EXPECT_THAT(told({}), HasSubstr("found 0"));
}

}  // namespace
}  // namespace umm::evaluators
