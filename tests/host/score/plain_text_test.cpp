#include "score/plain_text.h"

#include <gtest/gtest.h>

namespace umm::testing {
namespace {

TEST(PlainText, HasNoControlCharactersAndIsUtf8) {
  EXPECT_EQ(plain_text("BAGEL 7B, \"größer\" \\ 中"), "BAGEL 7B, \"größer\" \\ 中");
  EXPECT_EQ(plain_text("a\x1b[31mred\x7f\x07"), "a\uFFFD[31mred\uFFFD\uFFFD");
  EXPECT_EQ(plain_text("two\nlines\r\n"), "two lines  ");
  EXPECT_EQ(plain_text("\xC2\x9B"
                       "31m \xC2\xA0"),
            "\uFFFD31m \u00A0");
  EXPECT_EQ(plain_text("cut \xE4\xB8 off \xFF"), "cut \uFFFD off \uFFFD");
}

}  // namespace
}  // namespace umm::testing
