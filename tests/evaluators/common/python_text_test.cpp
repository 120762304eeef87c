#include "python_text.h"

#include <gmock/gmock.h>

namespace umm::evaluators {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Expected values: the methods of Python 3.11's str.
TEST(PythonText, Strip) {
  EXPECT_EQ(strip("  a b\t\n"), "a b");
  EXPECT_EQ(strip("\x1C\x1F"
                  "a\x1D"),
            "a")
      << "U+001C to U+001F are blanks";
  EXPECT_EQ(strip("\u00A0\u3000a\u2003\u0085"), "a");
  EXPECT_EQ(strip("\u200Ba\u200B"), "\u200Ba\u200B") << "a zero width space is none";
  EXPECT_EQ(strip(" \u2028 "), "");
  EXPECT_EQ(strip(""), "");
  EXPECT_EQ(strip("\xFF \xE2\x80"), "\xFF \xE2\x80") << "broken UTF-8 is text";
}

TEST(PythonText, SplitLines) {
  EXPECT_THAT(split_lines("a\nb\r\nc\rd"), ElementsAre("a", "b", "c", "d"));
  EXPECT_THAT(split_lines("a\vb\fc\x1C"
                          "d\x1D"
                          "e\x1E"
                          "f\u0085g\u2028h\u2029i"),
              ElementsAre("a", "b", "c", "d", "e", "f", "g", "h", "i"));
  EXPECT_THAT(split_lines("a\x1F"
                          "b\tc"),
              ElementsAre("a\x1F"
                          "b\tc"));
  EXPECT_THAT(split_lines("\n\na\n"), ElementsAre("", "", "a"));
  EXPECT_THAT(split_lines(""), IsEmpty());
}

TEST(PythonText, Digits) {
  const std::vector<const char*> all_digits = {"0", "42", "٣", "５", "²", "①", "1²"};
  for (const char* digits : all_digits) EXPECT_TRUE(is_digits(digits)) << digits;
  for (const char* other : {"", "-1", "+1", "1.0", " 1", "1 ", "½", "Ⅷ", "三", "1\xFF"})
    EXPECT_FALSE(is_digits(other)) << other;
}

TEST(PythonText, Integers) {
  EXPECT_EQ(integer("007"), 7);
  EXPECT_EQ(integer("٣5"), 35);
  EXPECT_EQ(integer("999999999"), 999'999'999);
  EXPECT_EQ(integer("1000000000"), std::nullopt);
  EXPECT_EQ(integer("²"), std::nullopt) << "a digit, but no decimal one";
  EXPECT_EQ(integer(""), std::nullopt);
  EXPECT_EQ(integer(std::string(1'000'000, '9')), std::nullopt);
}

}  // namespace
}  // namespace umm::evaluators
