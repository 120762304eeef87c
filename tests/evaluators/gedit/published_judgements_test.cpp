#include "gedit/published_judgements.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <array>
#include <map>
#include <sstream>

#include "../published_data.h"
#include "results/rank_correlation.h"
#include "umm/error.h"

namespace umm::gedit {
namespace {

using ::testing::HasSubstr;

TEST(Judgement, TakesTheLeastScoreOfEachRole) {
  const Judgement judgement = parse_judgement(
      R"({"model": "m", "item": "i", "SC": {"score": [9, 4]}, "PQ": {"score": [1], "reasoning": "r"}})",
      "here");
  EXPECT_EQ(judgement.model, "m");
  EXPECT_EQ(judgement.item, "i");
  EXPECT_EQ(judgement.score.semantic_consistency, 4);
  EXPECT_EQ(judgement.score.perceptual_quality, 1);
  EXPECT_EQ(judgement.score.overall, 2);
}

TEST(Judgement, RefusesOtherLines) {
  for (const char* line :
       {"", "{}", R"({"model": "m", "item": "i", "SC": {"score": 4}, "PQ": {"score": [1]}})",
        R"({"model": "m", "item": "i", "SC": {"score": [true]}, "PQ": {"score": [1]}})",
        R"({"model": "m", "item": "i", "SC": {"score": [-4]}, "PQ": {"score": [1]}})",
        R"({"model": "m", "item": "i", "SC": {"score": []}, "PQ": {"score": [1]}})"})
    EXPECT_THROW(parse_judgement(line, "log:1"), InputError) << line;
}

TEST(Ratings, AreReadFromATable) {
  const auto ratings = parse_ratings("uid\tA\tB\r\nx\t[0, 0.5]\t[1,1]\r\ny\t[0.5,0]\t[0,0]", "table");
  EXPECT_EQ(ratings.size(), 2U);
  EXPECT_EQ(ratings.at("x").at("A").perceptual_quality, 0.5);
  EXPECT_EQ(ratings.at("y").at("A").semantic_consistency, 0.5);
  const PictureScore mean = mean_rating({ratings.at("x").at("A"), ratings.at("x").at("B")});
  EXPECT_EQ(mean.semantic_consistency, 0.5);
  EXPECT_EQ(mean.perceptual_quality, 0.75);
  EXPECT_EQ(mean.overall, 0.5) << "the mean of the roots, not the root of the means";
}

TEST(Ratings, NameTheirLine) {
  const auto problem = [](const std::string& table) -> std::string {
    try {
      parse_ratings(table, "table.tsv");
    } catch (const InputError& error) {
      return error.what();
    }
    return "no InputError";
  };
  EXPECT_THAT(problem(""), HasSubstr("expected ratings, found none"));
  EXPECT_THAT(problem("item\tA"), HasSubstr("table.tsv:1: expected the heads uid"));
  EXPECT_THAT(problem("uid\tA\nx"), HasSubstr("table.tsv:2: expected 2 cells as in the head, found 1"));
  EXPECT_THAT(problem("uid\tA\nx\t[1]"), HasSubstr("table.tsv:2: A: expected a rating [SC, PQ], found [1]"));
  EXPECT_THAT(problem("uid\tA\nx\t[1,2]"), HasSubstr("to be 0, 0.5 or 1, found 2"));
  EXPECT_THAT(problem("uid\tA\nx\t[1,1]\nx\t[1,1]"), HasSubstr("table.tsv:3: the item x was rated before"));
}

struct Sides {
  std::vector<double> judge, people;

  double mean() const {
    double sum = 0;
    for (const double value : judge) sum += value;
    return sum / static_cast<double>(judge.size());
  }
  double rho() const { return results::spearman(judge, people); }
};

// GPT-4o's judgements of four models against three people's, in VIEScore's repository: means over 179 items
// and Spearman's rho, to all digits that were computed with the reference's code.
TEST(PublishedJudgements, GiveTheReferencesMeansAndCorrelations) {
  const std::string log_name = "gedit/viescore_gpt4o_replies.jsonl";
  const auto log = testing::published_file(log_name);
  UMM_SKIP_WITHOUT(log, log_name);
  std::vector<std::map<std::string, std::map<std::string, Rating>>> raters;
  for (const char* rater : {"1", "2", "3"}) {
    const std::string name = std::string("gedit/Text-Guided_IE_rater") + rater + ".tsv";
    const auto table = testing::published_file(name);
    UMM_SKIP_WITHOUT(table, name);
    raters.push_back(parse_ratings(*table, name));
  }
  std::map<std::string, std::array<Sides, 3>> models;  // SC, PQ, O
  std::istringstream lines(*log);
  int64_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    const Judgement judgement = parse_judgement(line, fmt::format("{}:{}", log_name, ++number));
    std::vector<Rating> ratings;
    for (const auto& rater : raters) ratings.push_back(rater.at(judgement.item).at(judgement.model));
    const PictureScore people = mean_rating(ratings);
    auto& [sc, pq, overall] = models[judgement.model];
    sc.judge.push_back(judgement.score.semantic_consistency);
    sc.people.push_back(people.semantic_consistency);
    pq.judge.push_back(judgement.score.perceptual_quality);
    pq.people.push_back(people.perceptual_quality);
    overall.judge.push_back(judgement.score.overall);
    overall.people.push_back(people.overall);
  }
  std::map<std::string, std::string> rows;
  for (const auto& [model, sides] : models) {
    const auto& [sc, pq, overall] = sides;
    EXPECT_EQ(sc.judge.size(), 179U) << model;
    rows[model] = fmt::format("{:.4f} {:.4f} {:.4f} {:.3f} {:.3f} {:.3f}", sc.mean(), pq.mean(),
                              overall.mean(), sc.rho(), pq.rho(), overall.rho());
  }
  const std::map<std::string, std::string> expected = {
      {"CycleDiffusion", "2.7765 4.2346 2.3434 0.569 0.761 0.484"},
      {"DiffEdit", "1.1676 3.0391 1.1145 0.202 0.639 0.243"},
      {"MagicBrush", "5.8827 4.6760 4.6235 0.644 0.543 0.653"},
      {"SDEdit", "1.8380 5.7374 1.9494 0.377 0.427 0.365"}};
  EXPECT_EQ(rows, expected);
}

}  // namespace
}  // namespace umm::gedit
