#include "geneval/agreement.h"

#include <gmock/gmock.h>

#include <sstream>

#include "../published_data.h"
#include "geneval/record.h"
#include "umm/error.h"

namespace umm::geneval {
namespace {

using ::testing::HasSubstr;

const char* const kColumns =
    "Input.prompt_id,Input.image_id,Answer.task-color-0,Answer.task-color-1,Answer.task-count-0,"
    "Answer.task-count-1,Answer.task-position-x,Answer.task-position-y,Answer.task-objects\n";

// Two people's answers about one picture of each prompt.
const std::vector<std::string> kPrompts = {
    R"({"tag": "counting", "prompt": "two cats", "include": [{"class": "cat", "count": 2}],
        "exclude": [{"class": "cat", "count": 3}]})",
    R"({"tag": "position", "prompt": "a dog left of a cat", "include": [{"class": "cat", "count": 1},
        {"class": "dog", "count": 1, "position": ["left of", 0]}]})",
    R"({"tag": "color_attr", "prompt": "a red cat and a blue dog", "include":
        [{"class": "cat", "count": 1, "color": "red"}, {"class": "dog", "count": 1, "color": "blue"}]})"};

std::vector<Record> records() {
  std::vector<Record> parsed;
  for (const std::string& text : kPrompts) parsed.push_back(parse_record(text, "here"));
  return parsed;
}

bool holds(size_t prompt, const std::string& answers) {
  const auto annotations = read_annotations(kColumns + answers, "t.csv");
  return geneval::holds(records().at(prompt), annotations.at(0));
}

TEST(Holds, CountsExactlyOnlyWhereCountingIsAsked) {
  EXPECT_TRUE(holds(0, "0,0,,,2,,,,\n"));
  EXPECT_FALSE(holds(0, "0,0,,,3,,,,\n"));
  EXPECT_FALSE(holds(0, "0,0,,,,,,,\n")) << "no count is none";
  EXPECT_TRUE(holds(1, "1,0,,,3,2.0,left,neither_y,\n"));
}

TEST(Holds, TakesOneOfTheDirectionsAndColors) {
  EXPECT_TRUE(holds(1, "1,0,,,1,1,left,above,\n"));
  EXPECT_FALSE(holds(1, "1,0,,,1,1,right,above,\n"));
  EXPECT_FALSE(holds(1, "1,0,,,1,0,left,above,\n"));
  EXPECT_TRUE(holds(2, "2,0,gray|red,blue,1,1,,,\n"));
  EXPECT_FALSE(holds(2, "2,0,red,red,1,1,,,\n"));
  EXPECT_FALSE(holds(2, "2,0,,blue,1,1,,,\n"));
}

TEST(ReadAnnotations, KeepsABareCarriageReturnAndNamesPlaces) {
  EXPECT_EQ(read_annotations(std::string(kColumns) + "0,1,,,2,,,,a\rb\n", "t.csv").at(0).image, 1);
  const auto problem = [](const std::string& text) {
    try {
      read_annotations(text, "t.csv");
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string("no InputError");
  };
  EXPECT_THAT(problem(std::string(kColumns) + "0,1,,,2.5,,,,\n"),
              HasSubstr("t.csv:2: expected Answer.task-count-0 to be a whole number, found \"2.5\""));
  EXPECT_THAT(problem("a,b\n"), HasSubstr("expected a column Input.prompt_id"));
}

TEST(Majority, AnEvenVoteIsNotCorrect) {
  const auto annotations =
      read_annotations(std::string(kColumns) + "0,1,,,2,,,,\n0,1,,,3,,,,\n0,0,,,2,,,,\n", "t.csv");
  const auto labels = majority(records(), annotations);
  ASSERT_EQ(labels.size(), 2U);
  EXPECT_TRUE(labels[0].correct);
  EXPECT_EQ(labels[0].share, 1);
  EXPECT_FALSE(labels[1].correct);
  EXPECT_EQ(labels[1].share, 0.5);
  EXPECT_THROW(majority({}, annotations), InputError);
}

TEST(AgreementOf, HandMadeTable) {
  // People: 1 1 1 0 0 0 (prompts 0, 0, 0, 1, 1, 1); detector: 1 1 0 0 0 1; kappa = (4/6 - 1/2) / (1/2).
  std::vector<Label> labels;
  std::map<std::pair<int64_t, int64_t>, bool> verdicts;
  const std::vector<std::pair<bool, bool>> both = {{true, true},   {true, true},   {true, false},
                                                   {false, false}, {false, false}, {false, true}};
  for (int64_t i = 0; i < 6; ++i) {
    labels.push_back({.prompt = i / 3, .image = i, .correct = both[i].first, .share = 1});
    verdicts[{i / 3, i}] = both[i].second;
  }
  labels.push_back({.prompt = 0, .image = 9, .correct = true, .share = 1});  // no verdict
  const Agreement result = agreement(records(), labels, verdicts);
  EXPECT_EQ(result.num_images, 6);
  EXPECT_DOUBLE_EQ(result.overall, 4.0 / 6);
  EXPECT_NEAR(result.kappa, 1.0 / 3, 1e-12);
  EXPECT_DOUBLE_EQ(result.by_tag.at("counting"), 2.0 / 3);
  EXPECT_DOUBLE_EQ(result.by_tag.at("position"), 2.0 / 3);
  EXPECT_THROW(agreement(records(), labels, {}), Error);
}

std::vector<Record> parsed(const std::string& text) {
  std::vector<Record> records;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) records.push_back(parse_record(line, "published"));
  return records;
}

struct TableRow {
  const char* name;
  std::map<std::string, double> by_tag;  // share of pictures that most people call correct
  double macro;
  double mean_share;
};

// Three sets of 400 real pictures, five people each; the values were computed once with another program.
const std::vector<TableRow> kTable = {{"clip",
                                       {{"single_object", .981},
                                        {"two_object", .236},
                                        {"counting", .456},
                                        {"colors", .737},
                                        {"position", .075},
                                        {"color_attr", .000}},
                                       .414,
                                       .940},
                                      {"sdv2",
                                       {{"single_object", 1.000},
                                        {"two_object", .611},
                                        {"counting", .544},
                                        {"colors", .882},
                                        {"position", .150},
                                        {"color_attr", .288}},
                                       .579,
                                       .905},
                                      {"if-xl",
                                       {{"single_object", 1.000},
                                        {"two_object", .847},
                                        {"counting", .765},
                                        {"colors", .855},
                                        {"position", .300},
                                        {"color_attr", .635}},
                                       .734,
                                       .929}};

TEST(PublishedAnnotations, GiveTheKnownTable) {
  const auto file = testing::published_file("geneval/evaluation_metadata.jsonl");
  UMM_SKIP_WITHOUT(file, "geneval/evaluation_metadata.jsonl");
  const std::map<std::string, int64_t> images = {{"single_object", 52}, {"two_object", 72},
                                                 {"counting", 68},      {"colors", 76},
                                                 {"position", 80},      {"color_attr", 52}};
  const auto prompts = parsed(*file);
  for (const TableRow& row : kTable) {
    const std::string name = std::string("geneval/annotations_") + row.name + ".csv";
    const auto table = testing::published_file(name);
    UMM_SKIP_WITHOUT(table, name);
    const auto annotations = read_annotations(*table, name);
    EXPECT_EQ(annotations.size(), 2000U);
    const auto labels = majority(prompts, annotations);
    ASSERT_EQ(labels.size(), 400U);
    std::map<std::string, double> correct;
    std::map<std::string, int64_t> count;
    double shares = 0, macro = 0;
    for (const Label& label : labels) {
      const std::string& tag = prompts[static_cast<size_t>(label.prompt)].tag;
      correct[tag] += label.correct ? 1 : 0;
      ++count[tag];
      shares += label.share;
    }
    EXPECT_EQ(count, images) << row.name;
    for (const auto& [tag, share] : row.by_tag) {
      EXPECT_NEAR(correct[tag] / static_cast<double>(count[tag]), share, 0.0005) << row.name << " " << tag;
      macro += correct[tag] / static_cast<double>(count[tag]) / 6;
    }
    EXPECT_NEAR(macro, row.macro, 0.0005) << row.name;
    EXPECT_NEAR(shares / 400, row.mean_share, 0.0005) << row.name;
    // A detector that says what people say agrees with them, and one that says the contrary never does.
    std::map<std::pair<int64_t, int64_t>, bool> same, contrary;
    for (const Label& label : labels) {
      same[{label.prompt, label.image}] = label.correct;
      contrary[{label.prompt, label.image}] = !label.correct;
    }
    EXPECT_EQ(agreement(prompts, labels, same).kappa, 1);
    EXPECT_EQ(agreement(prompts, labels, contrary).overall, 0);
  }
}

}  // namespace
}  // namespace umm::geneval
