// `ummbench score` over the judgements of GPT-4o and the ratings of three people that VIEScore's repository
// ships: the means over 179 items and Spearman's rho of each model, to all digits that the reference's code
// gives.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <map>
#include <nlohmann/json.hpp>

#include "../evaluators/published_data.h"
#include "program.h"

namespace umm::testing {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

const std::map<std::string, std::string> kExpected = {
    {"CycleDiffusion", "2.7765 4.2346 2.3434 0.569 0.761 0.484"},
    {"DiffEdit", "1.1676 3.0391 1.1145 0.202 0.639 0.243"},
    {"MagicBrush", "5.8827 4.6760 4.6235 0.644 0.543 0.653"},
    {"SDEdit", "1.8380 5.7374 1.9494 0.377 0.427 0.365"}};

class ScoreGEditTest : public ProgramTest {
 protected:
  static std::string arguments() {
    std::string arguments = "score gedit --evidence '" + log().string() + "'";
    for (const char* rater : {"1", "2", "3"})
      arguments += fmt::format(
          " --ratings '{}'", published_path(fmt::format("gedit/Text-Guided_IE_rater{}.tsv", rater)).string());
    return arguments;
  }
  static fs::path log() { return published_path("gedit/viescore_gpt4o_replies.jsonl"); }
};

TEST_F(ScoreGEditTest, PublishedJudgementsGiveTheReferencesMeansAndCorrelations) {
  if (!fs::exists(log())) GTEST_SKIP() << log() << " is not here; set UMM_SHARED_DATA to the benchmark data";
  const Finished finished = run(arguments() + " --json");
  ASSERT_EQ(finished.exit_code, 0) << finished.err;
  const Json json = Json::parse(finished.out);
  std::map<std::string, std::string> rows;
  for (const auto& row : json["rows"]) {
    std::string& text = rows[row["label"]];
    EXPECT_EQ(row["asked"], 179);
    EXPECT_FALSE(row["partial"]);
    for (const char* name : {"SC", "PQ", "overall"})
      for (const auto& score : row["scores"])
        if (score["name"] == name) text += fmt::format("{:.4f} ", score["value"].get<double>());
  }
  for (const char* component : {"SC", "PQ", "overall"})
    for (const auto& agreement : json["agreement"])
      if (agreement["component"] == component)
        rows[agreement["label"]] += fmt::format("{:.3f} ", agreement["spearman"].get<double>());
  for (auto& [label, text] : rows) text.pop_back();
  EXPECT_EQ(rows, kExpected);

  const Finished text = run(arguments());
  EXPECT_THAT(text.out, HasSubstr("4.6235   179 pictures"));
  EXPECT_THAT(text.out, HasSubstr("MagicBrush  overall  0.653   179 pictures"));
  // What is stored can be scored again.
  const Finished again = run("rescore runs/external/results.sqlite");
  EXPECT_EQ(again.exit_code, 0) << again.err;
}

}  // namespace
}  // namespace umm::testing
