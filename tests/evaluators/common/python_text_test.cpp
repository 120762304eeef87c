#include "python_text.h"

#include <gmock/gmock.h>

#include <string>

namespace umm::evaluators {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Expected values: the methods of Python 3.11's str.
TEST(PythonText, StripsWhatPythonCallsSpace) {
  EXPECT_EQ(strip(" \t\r\n\x1c\x1f\u00a0\u2003\u3000x y\u2028\u0085 "), "x y");
  EXPECT_EQ(strip("\u200bx\ufeff"), "\u200bx\ufeff") << "neither is space";
  EXPECT_EQ(strip(" \n "), "");
  EXPECT_EQ(strip("\xff x \xe3\x80"), "\xff x \xe3\x80") << "broken UTF-8 is text";
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

std::string zeros_and_seven(size_t zeros) {
  std::string digits(zeros, '0');
  digits.push_back('7');
  return digits;
}

TEST(PythonText, ReadsIntegersAsPythonDoes) {
  for (const char* text : {"7", " 7\n", "+7", "007", "0_7", "\u0667", "\uff17", "\u30007"})
    EXPECT_EQ(integer_up_to(10, text), 7) << text;
  EXPECT_EQ(integer_up_to(10, "1_0"), 10);
  EXPECT_EQ(integer_up_to(10, "-0"), 0);
  for (const char* text :
       {"", " ", "11", "-1", "7.0", "7/10", "+", "- 7", "_7", "7_", "1__0", "7\x1c", "0x7", "\u00b2"})
    EXPECT_EQ(integer_up_to(10, text), std::nullopt) << text;
  EXPECT_EQ(integer_up_to(10, zeros_and_seven(4299)), 7);
  EXPECT_EQ(integer_up_to(10, zeros_and_seven(4300)), std::nullopt);
  EXPECT_EQ(integer_up_to(10, std::string_view("7\0", 2)), std::nullopt);
  EXPECT_EQ(integer_up_to(10, std::string(1'000'000, '9')), std::nullopt);
  EXPECT_EQ(integer_up_to(999'999'999, "٣5"), 35);
  EXPECT_EQ(integer_up_to(999'999'999, "999999999"), 999'999'999);
  EXPECT_EQ(integer_up_to(999'999'999, "1000000000"), std::nullopt);
}

TEST(PythonText, WordsDifferBetweenTheTwoPackages) {
  for (const char32_t letter : {U'a', U'Z', U'0', U'_', U'\u00e9', U'\u7406', U'\u0663'}) {
    EXPECT_TRUE(is_alphanumeric_or_underscore(letter)) << static_cast<uint32_t>(letter);
    EXPECT_TRUE(is_unicode_word(letter)) << static_cast<uint32_t>(letter);
  }
  for (const char32_t sign : {U' ', U'-', U':', U'\uff1a', U'\ufffd'}) {
    EXPECT_FALSE(is_alphanumeric_or_underscore(sign)) << static_cast<uint32_t>(sign);
    EXPECT_FALSE(is_unicode_word(sign)) << static_cast<uint32_t>(sign);
  }
  EXPECT_TRUE(is_unicode_word(U'\u0301')) << "a combining mark";
  EXPECT_FALSE(is_alphanumeric_or_underscore(U'\u0301'));
  EXPECT_TRUE(is_alphanumeric_or_underscore(U'\u00b2')) << "a superscript";
  EXPECT_FALSE(is_unicode_word(U'\u00b2'));
}

}  // namespace
}  // namespace umm::evaluators
