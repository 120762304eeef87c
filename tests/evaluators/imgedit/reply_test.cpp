#include "imgedit/reply.h"

#include <gmock/gmock.h>

#include <chrono>

namespace umm::imgedit {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using Values = std::vector<int64_t>;

// Expected values: the published parser on the same text.
TEST(ParseReference, TakesEveryLineThatEndsWithDigits) {
  EXPECT_THAT(parse_reference("Brief reasoning: ok.\nPrompt Compliance: 5\nVisual Naturalness: 4\n"
                              "Physical & Detail Integrity: 4")
                  .values,
              ElementsAre(5, 4, 4));
  EXPECT_THAT(parse_reference("A: 5\nB: 4/5\nC: 3").values, ElementsAre(5, 3));
  EXPECT_THAT(parse_reference("A: 5.\nB: 4").values, ElementsAre(4));
  EXPECT_THAT(parse_reference("- A: 5\n- B:4").values, ElementsAre(5));
  EXPECT_THAT(parse_reference("Brief reasoning: 3\nA: 5\nB: 5\nC: 5").values, ElementsAre(3, 5, 5, 5));
  EXPECT_THAT(parse_reference("A: 7\nB: 0\nC: 10").values, ElementsAre(7, 0, 10));
}

TEST(ParseReference, FindsNoNumberInBoldOrRefusals) {
  for (const char* reply :
       {"**A:** 5\n**B:** 4", "I cannot help with that.", "", "A:  5", "A: B: 5", "A: -5", "5"}) {
    const Numbers found = parse_reference(reply);
    EXPECT_FALSE(found.ok()) << reply;
    EXPECT_THAT(found.values, IsEmpty()) << reply;
  }
}

TEST(ParseReference, SeesLinesBlanksAndDigitsAsPythonDoes) {
  EXPECT_THAT(parse_reference("\u00A0A: 5\u3000\u2028B: 4\vC: 3\x1C"
                              "D: 2")
                  .values,
              ElementsAre(5, 4, 3, 2));
  EXPECT_THAT(parse_reference("A: ٣\nB: ５").values, ElementsAre(3, 5));
  EXPECT_THAT(parse_reference(": 5").values, ElementsAre(5));
  EXPECT_THAT(parse_reference("A\uFF1A 5").values, IsEmpty()) << "the full-width colon is none";
  EXPECT_THAT(parse_reference("A: ½\nB: 3").values, ElementsAre(3)) << "a fraction is no digit";
}

// There the published code stops with an exception, whatever stands in the other lines.
TEST(ParseReference, FailsWhereTheReferenceCrashes) {
  EXPECT_THAT(parse_reference("A: 5\nB: ²").problem, HasSubstr("no decimal number"));
  EXPECT_FALSE(parse_reference("A: 4①").ok());
  EXPECT_FALSE(parse_reference("A: 1000000000").ok()) << "our own limit";
}

TEST(ParseStrict, TakesThreeNumbersInWhateverDress) {
  for (const char* reply : {
           "Brief reasoning: fine.\nPrompt Compliance: 5\nVisual Naturalness: 4\nPhysical & Detail "
           "Integrity: 3",
           "**A:** 5\n**B:** 4\n**C:** 3",
           "**A**: 5\n**B: 4**\n__C__: **3**",
           "- A: 5/5\n- B:4 / 5\n* C :3/5.",
           "### Scores\n1. A: 5\n2. B: 4\n3. C: 3",
           "A\uFF1A5\nB\uFF1A 4\nC: 3",
           "`A`: `5`\r\n\r\nB: 4\u2028C: 3\u00A0",
       }) {
    EXPECT_EQ(parse_strict(reply).values, (Values{5, 4, 3})) << reply << "\n" << parse_strict(reply).problem;
  }
}

TEST(ParseStrict, SaysWhyNot) {
  EXPECT_THAT(parse_strict("").problem, HasSubstr("three lines \"name: number\", found 0"));
  EXPECT_THAT(parse_strict("A: 5\nB: 4").problem, HasSubstr("found 2"));
  EXPECT_THAT(parse_strict("Brief reasoning: 3\nA: 5\nB: 5\nC: 5").problem, HasSubstr("found 4"));
  EXPECT_THAT(parse_strict("A: 6\nB: 4\nC: 3").problem, HasSubstr("whole numbers from 1 to 5, found 6"));
  EXPECT_THAT(parse_strict("A: 0\nB: 4\nC: 3").problem, HasSubstr("found 0"));
  EXPECT_THAT(parse_strict("A: -1\nB: 4\nC: 3").problem, HasSubstr("whole numbers"));
  EXPECT_THAT(parse_strict("A: 4.5\nB: 4\nC: 3").problem, HasSubstr("found 4.5"));
  EXPECT_THAT(parse_strict("A: 4/10\nB: 4\nC: 3").problem, HasSubstr("out of 5, found one out of 10"));
  EXPECT_THAT(parse_strict("A: ٣\nB: 4\nC: 3").problem, HasSubstr("found 2")) << "ASCII digits alone";
  EXPECT_THAT(parse_strict("A: 5 or 4\nB: 4\nC: 3").problem, HasSubstr("found 2"));
  EXPECT_THAT(parse_strict("At 16:9\n4:3\nB: 4\nC: 3").problem, HasSubstr("found 9"));
}

TEST(Capped, LowersTheOthersToTheFirst) {
  EXPECT_THAT(capped({3, 5, 2}), ElementsAre(3, 3, 2));
  EXPECT_THAT(capped({}), IsEmpty());
}

TEST(Parsers, AreLinearInWhateverComes) {
  std::string lines, colons;
  for (int i = 0; i < 200'000; ++i) lines += "A: 5\n", colons += ": : ";
  const std::vector<std::string> replies = {std::string(1'000'000, ':'),
                                            std::string(1'000'000, '9'),
                                            std::string(1'000'000, '*'),
                                            std::string(1'000'000, '\0'),
                                            std::string(1'000'000, '\xE2'),
                                            std::string(1'000'000, ' '),
                                            "A: " + std::string(1'000'000, '9'),
                                            lines,
                                            colons};
  const auto start = std::chrono::steady_clock::now();
  for (const std::string& reply : replies) {
    parse_reference(reply);
    parse_strict(reply);
  }
  // Milliseconds; ten seconds allow for sanitizers and busy machines, not for squares of a million.
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
  EXPECT_EQ(parse_reference(lines).values.size(), 200'000U);
}

}  // namespace
}  // namespace umm::imgedit
