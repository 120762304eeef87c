#include "wise/reply_parser.h"

#include <gmock/gmock.h>

#include <chrono>
#include <vector>

namespace umm::wise {
namespace {

constexpr Dialect kBoth[] = {Dialect::upstream, Dialect::reca};

// "210", with - for a score that is missing.
std::string three(std::string_view text, Dialect dialect) {
  const ThreeScores scores = parse_three_scores(text, dialect);
  std::string digits;
  for (const auto& score : {scores.consistency, scores.realism, scores.aesthetic_quality})
    digits += score ? std::to_string(*score) : "-";
  return digits;
}

std::string upstream(std::string_view text) {
  return three(text, Dialect::upstream);
}

std::string reca(std::string_view text) {
  return three(text, Dialect::reca);
}

TEST(WiseReply, GoldenVectorsOfTheReference) {
  for (const Dialect dialect : kBoth) {
    EXPECT_EQ(three("Consistency: 2\nRealism: 1\nAesthetic Quality: 0", dialect), "210");
    EXPECT_EQ(three("**Consistency:** 2", dialect), "---") << "a colon within the bold";
    EXPECT_EQ(three("**Realism**: 1", dialect), "-1-");
    EXPECT_EQ(three("Consistency (0-2): 2", dialect), "---");
  }
  EXPECT_EQ(upstream("2\n1\n0"), "210");
  EXPECT_EQ(reca("2\n1\n0"), "---");
  const char* const full_width = "Consistency\uff1a2\nRealism\uff1a 1\nAesthetic Quality \uff1a0";
  EXPECT_EQ(upstream(full_width), "---");
  EXPECT_EQ(reca(full_width), "210");
}

TEST(WiseReply, NamesAreFoundWhereverTheyStand) {
  for (const Dialect dialect : kBoth) {
    EXPECT_EQ(three("inconsistency 1, REALISM*2; aesthetic quality\u3000\n: \n1", dialect), "121");
    EXPECT_EQ(three("Realism: 1 Realism: 2", dialect), "-2-") << "the last counts";
    EXPECT_EQ(three("Realism: 1x", dialect), "-1-");
    EXPECT_EQ(three("Realism: 10", dialect), "-1-") << "one digit is read";
    EXPECT_EQ(three("Realism: 7", dialect), "-7-") << "the range is the rules' matter";
    EXPECT_EQ(three("Realism\u0662", dialect), "-2-");
    EXPECT_EQ(three("Realism*** 1", dialect), "---");
    EXPECT_EQ(three("Realism:: 1", dialect), "---");
    EXPECT_EQ(three("Realism: -1", dialect), "---");
    EXPECT_EQ(three("Aesthetic  Quality: 1", dialect), "---");
    EXPECT_EQ(three("Real\u0131sm: 1", dialect), "---") << "found, yet none of the keys";
  }
}

TEST(WiseReply, LoneDigitsCountWhereNothingIsNamed) {
  EXPECT_EQ(upstream("Here:\n\n 2 \r\n\t1\n\n\n0\u3000\n2"), "210");
  EXPECT_EQ(upstream("2\n1"), "---");
  EXPECT_EQ(upstream("2\n1\n3\n0"), "210");
  EXPECT_EQ(upstream("2\r1\r0"), "---") << "a carriage return ends no line";
  EXPECT_EQ(upstream("2\n1\n0\nRealism: 1"), "-1-");
  EXPECT_EQ(upstream("2\n1\n0\nReal\u0131sm: 1"), "---");
}

TEST(WiseReply, BinaryGoldenVectorsOfTheReference) {
  EXPECT_EQ(parse_binary_score("Score: 1"), 1);
  EXPECT_EQ(parse_binary_score("**Score**: 1"), 1);
  EXPECT_EQ(parse_binary_score("**Score:** 0"), std::nullopt);
  EXPECT_EQ(parse_binary_score("The score is 1"), std::nullopt);
  EXPECT_EQ(parse_binary_score("Score: 10"), std::nullopt);
  EXPECT_EQ(parse_binary_score("Score: 0\nScore: 1"), 0);
}

TEST(WiseReply, BinaryScoresEndTheirWord) {
  EXPECT_EQ(parse_binary_score("Score: 1."), 1);
  EXPECT_EQ(parse_binary_score("score1"), 1);
  EXPECT_EQ(parse_binary_score("Score: 1\u7406"), std::nullopt);
  EXPECT_EQ(parse_binary_score("Score: 1_"), std::nullopt);
  EXPECT_EQ(parse_binary_score("Score: 2, Score: 0"), 0);
  EXPECT_EQ(parse_binary_score("\u017fcore: 1"), 1);
  EXPECT_EQ(parse_binary_score(" 1 \n"), 1);
  EXPECT_EQ(parse_binary_score("so\n0\n"), 0);
  EXPECT_EQ(parse_binary_score("0\n1"), std::nullopt) << "two lines, no choice";
  EXPECT_EQ(parse_binary_score(""), std::nullopt);
}

TEST(WiseReply, ThoughtsAreCutOut) {
  EXPECT_EQ(without_thoughts("<think>Score: 0\n</think>\n\nScore: 1\n"), "Score: 1");
  EXPECT_EQ(without_thoughts("Score: 0 hm </think> Score: 1"), "Score: 0 hm Score: 1");
  EXPECT_EQ(without_thoughts("<think>a</think>b<think>c</think> d</think>"), "bd");
  EXPECT_EQ(without_thoughts("<think>Score: 1"), "<think>Score: 1");
  EXPECT_EQ(without_thoughts("<th<think></think>ink>x</think>y"), "<think>xy") << "pairs are cut out once";
}

TEST(WiseReply, HostileRepliesAreHarmless) {
  std::vector<std::string> replies = {std::string(1'000'000, '\0')};
  for (const char* part :
       {"Consistency", "Consistency ", "*", " ", "\n", " \n", "<think>", "</think>", "Score ", "score:", "{",
        "\xff", "\xe3\x80\x80", "7", "Aesthetic Quality**", "\uff1a"}) {
    std::string& text = replies.emplace_back();
    while (text.size() < 1'000'000) text += part;
  }
  const auto start = std::chrono::steady_clock::now();
  for (const std::string& reply : replies) {
    EXPECT_EQ(upstream(reply), "---") << reply.substr(0, 20);
    EXPECT_EQ(reca(reply), "---") << reply.substr(0, 20);
    EXPECT_EQ(parse_binary_score(without_thoughts(reply)), std::nullopt) << reply.substr(0, 20);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(60));
  EXPECT_EQ(upstream("Realism:" + replies[4] + "1"), "-1-");
  EXPECT_EQ(upstream("\xffRealism: 1\xff"), "-1-");
}

}  // namespace
}  // namespace umm::wise
