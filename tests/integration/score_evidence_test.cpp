// `ummbench score --evidence`: replies of a judge and results of a reference scorer, into the table.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "program.h"

namespace umm::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;

const std::string kDatabase = "runs/external/results.sqlite";

class ScoreEvidenceTest : public ProgramTest {
 protected:
  // Of GenEval's own scorer. Prompt 1 asks a colour.
  static std::string line(int prompt, int picture, bool correct) {
    const bool colored = prompt == 1;
    Json record = {{"tag", colored ? "colors" : "single_object"},
                   {"include", {{{"class", "dog"}, {"count", 1}}}},
                   {"prompt", colored ? "a red dog" : "a dog"}};
    if (colored) record["include"][0]["color"] = "red";
    const bool seen = colored || correct;
    Json details = Json::object();
    if (seen) details["dog"] = {{1, 2, 30, 40, 0.5}};
    return Json{{"filename", fmt::format("out/{:05}/samples/{:05}.png", prompt, picture)},
                {"tag", record["tag"]},
                {"prompt", record["prompt"]},
                {"correct", correct},
                {"reason", correct ? "" : "expected"},
                {"metadata", record.dump()},
                {"details", details.dump()}}
               .dump() +
           "\n";
  }

  // Of the rows in the database, "label: overall".
  std::string overall() const {
    const Finished finished =
        run("db query " + kDatabase +
            " --format json \"SELECT label, value FROM scores WHERE name = 'overall' ORDER BY label\"");
    std::string text;
    for (const auto& row : Json::parse(finished.out))
      text += fmt::format("{}: {:.6f}\n", row["label"].get<std::string>(), row["value"].get<double>());
    return text;
  }
};

// Means over three edits have no end in decimals; an interval and a test want them whole.
TEST_F(ScoreEvidenceTest, RowsOfImgEditHaveIntervalsAndATest) {
  Json edits = Json::object();
  for (int i = 0; i < 3; ++i) {
    edits["a" + std::to_string(i)] = {{"id", "a.jpg"}, {"prompt", "Add a cat."}, {"edit_type", "add"}};
    edits["s" + std::to_string(i)] = {{"id", "a.jpg"}, {"prompt", "As a sketch."}, {"edit_type", "style"}};
  }
  write("edits.json", edits.dump());
  for (const int best : {5, 4}) {
    std::string lines;
    int i = 0;
    for (const auto& [key, edit] : edits.items()) {
      const std::string reply = fmt::format("A: {}\nB: {}\nC: {}", best, 1 + i++ % 4, 2);
      lines += Json{{"item", key},
                    {"evidence", {{"single", {{{"text", reply}, {"status", "answered"}, {"attempt", 0}}}}}}}
                   .dump() +
               "\n";
    }
    write("replies.jsonl", lines);
    for (const char* kind : {"macro9", "micro"}) {
      const Finished scored =
          run(fmt::format("score imgedit --prompts edits.json --images-per-prompt 1 --evidence replies.jsonl "
                          "--set overall={0} "
                          "--sweep {0} --label best{1}",
                          kind, best));
      ASSERT_EQ(scored.exit_code, 0) << scored.err;
    }
  }
  for (const char* kind : {"macro9", "micro"}) {
    const Finished table = run("table " + kDatabase + " --sweep " + kind);
    EXPECT_EQ(table.exit_code, 0) << table.err;
    EXPECT_THAT(table.out, HasSubstr("best5"));
    EXPECT_THAT(table.out, HasSubstr("p = ")) << "a test of the two rows";
    EXPECT_THAT(table.out + table.err, Not(HasSubstr("no interval"))) << kind;
    EXPECT_THAT(table.out + table.err, Not(HasSubstr("its evidence gives"))) << kind;
  }
  EXPECT_EQ(run("rescore " + kDatabase).exit_code, 0);
}

TEST_F(ScoreEvidenceTest, ResultsOfGenEvalsOwnScorerAreARow) {
  std::string lines;
  for (int i = 0; i < 4; ++i) lines += line(1, i, i < 3) + line(0, i, i < 1);
  write("results.jsonl", lines);
  const Finished scored = run("score geneval --evidence results.jsonl --label theirs");
  ASSERT_EQ(scored.exit_code, 0) << scored.err;
  EXPECT_THAT(scored.out, HasSubstr("0.5000   8 pictures"));
  EXPECT_EQ(overall(), "theirs: 0.500000\n");
  EXPECT_THAT(run("table " + kDatabase).out, HasSubstr("theirs"));
  const Finished again = run("rescore " + kDatabase);
  EXPECT_EQ(again.exit_code, 0) << again.out << again.err;

  // Another model's over the same prompts, in whatever order, is a row of the same table.
  std::string others;
  for (int i = 0; i < 4; ++i) others += line(0, i, i < 2) + line(1, i, i < 1);
  write("others.jsonl", others);
  ASSERT_EQ(run("score geneval --evidence others.jsonl --label others").exit_code, 0);
  EXPECT_EQ(overall(), "others: 0.375000\ntheirs: 0.500000\n");
  EXPECT_EQ(Json::parse(run("db query " + kDatabase +
                            " --format json \"SELECT DISTINCT protocol_hash FROM evaluation\"")
                            .out)
                .size(),
            1u);
  EXPECT_THAT(run("table " + kDatabase).out, AllOf(HasSubstr("theirs"), HasSubstr("others")));

  write("results.jsonl", lines + line(0, 4, true));
  const Finished partial = run("score geneval --evidence results.jsonl --label more");
  EXPECT_EQ(partial.exit_code, 1);
  EXPECT_THAT(partial.out, HasSubstr("PARTIAL: 1 of 10 pictures have no score")) << "one prompt has four";

  write("results.jsonl", lines + Json::parse(line(0, 4, true))
                                     .patch({{{"op", "replace"}, {"path", "/details"}, {"value", "{}"}}})
                                     .dump());
  const Finished refused = run("score geneval --evidence results.jsonl");
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, HasSubstr("results.jsonl:9: expected the verdict that its details give"));
}

// As one of several processes writes it. Prompts before the last one are missed; those behind cannot be.
TEST_F(ScoreEvidenceTest, APartOfALogIsNoBenchmarksScore) {
  write("part.jsonl", line(7, 0, false) + line(7, 1, true) + line(5, 0, true) + line(5, 1, true));
  const Finished scored = run("score geneval --evidence part.jsonl");
  EXPECT_EQ(scored.exit_code, 1) << scored.err;
  EXPECT_THAT(scored.out, HasSubstr("PARTIAL: 12 of 16 pictures have no score"));
  EXPECT_THAT(scored.err, HasSubstr("12 pictures without evidence, of\n  00000"));
  EXPECT_THAT(scored.err, HasSubstr("which items there are, the log alone says"));
  EXPECT_THAT(run("table " + kDatabase).out, ::testing::IsEmpty());

  write("whole.jsonl", line(0, 0, true));
  EXPECT_EQ(run("score geneval --evidence whole.jsonl").exit_code, 0);
  const Finished again = run("rescore " + kDatabase);
  EXPECT_EQ(again.exit_code, 0) << again.out << again.err;
  EXPECT_THAT(again.out,
              HasSubstr("2 evaluations, 5 images scored again from stored evidence, 0 differences"));
}

}  // namespace
}  // namespace umm::testing
