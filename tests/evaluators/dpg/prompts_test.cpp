#include "dpg/prompts.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "../problem.h"
#include "../published_data.h"
#include "small_table.h"
#include "umm/sha256.h"

namespace umm::dpg {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Prompts : public ::testing::Test {
 protected:
  Prompts() {
    std::filesystem::create_directories(folder_);
    std::ofstream(table_) << kSmallTable;
  }
  ~Prompts() override { std::filesystem::remove_all(folder_); }

  static std::vector<std::string> ids(const std::vector<Item>& items) {
    std::vector<std::string> found;
    for (const Item& item : items) found.push_back(item.id);
    return found;
  }

  static std::string problem(const EvaluatorInput& input, const QuestionSource& questions) {
    return testing::problem([&] { read_items(input, questions); });
  }

  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("umm_dpg_prompts_" + std::to_string(getpid()));
  std::string table_ = folder_ / "table.csv";
};

const EvaluatorInput kPrompts{.source = "prompts.json",
                              .text = R"({"free.txt": "Free, rewritten", "car.txt": "A red car"})"};

TEST_F(Prompts, OfAFileAreJoinedWithTheirQuestions) {
  const auto items = read_items(kPrompts, {.file = table_});
  EXPECT_THAT(ids(items), ElementsAre("free", "car")) << "in the order of the prompts";
  EXPECT_EQ(items[0].prompt, "Free, rewritten");
  EXPECT_EQ(items[0].questions.size(), 2U);
  EXPECT_FALSE(items[0].is_first);
  EXPECT_TRUE(items[1].is_first) << "of the table, whose first row the published code loses";

  const EvaluatorInput bare{.records = {R"({"item_id": "007", "text": "Numbers"})"}, .source = "p.jsonl"};
  EXPECT_EQ(read_items(bare, {.file = table_})[0].questions.size(), 3U);
}

TEST_F(Prompts, OfATableHaveTheirQuestions) {
  EXPECT_EQ(read_items({.source = "t.csv", .text = kSmallTable}, {}).size(), 5U);
  EXPECT_THAT(read_items({.source = "none"}, {}), IsEmpty());
}

TEST_F(Prompts, AreScoredAgainWithoutTheFileOfQuestions) {
  std::vector<std::string> lines;
  for (const Item& item : read_items(kPrompts, {.file = table_})) lines.push_back(json_line(item));
  const auto again = read_items({.records = lines, .source = "stored"}, {.file = "gone.csv"});
  EXPECT_THAT(ids(again), ElementsAre("free", "car"));
  EXPECT_TRUE(again[1].is_first);
}

TEST_F(Prompts, PublishedOnesAreOfThePublishedTable) {
  const QuestionSource published{.file = table_, .published = true};
  EXPECT_THAT(problem(kPrompts, published),
              HasSubstr("prompts.json: expected DPG-Bench's 1065 prompts as published, found 2"));
  EXPECT_THAT(problem({.source = "t.csv", .text = kSmallTable}, {.published = true}),
              HasSubstr("t.csv: expected the published dpg_bench.csv"));
  Item item = read_csv(kSmallTable, "q.csv", Variant::fixed)[1];
  EXPECT_THAT(problem({.records = {json_line(item)}, .source = "p.jsonl"}, {.published = true}),
              HasSubstr("\"chain\" does not say that it is of the published table"));
  item.blob = kPublishedBlob;
  EXPECT_THAT(problem({.records = {json_line(item)}, .source = "stored"}, {.published = true}),
              HasSubstr("stored: expected the ids of DPG-Bench's 1065 prompts as published, found 1"));
}

TEST_F(Prompts, PublishedOnesAreKnownInAnyFile) {
  const auto text = testing::published_file("dpg/prompts.json");
  UMM_SKIP_WITHOUT(text, "dpg/prompts.json");
  EXPECT_EQ(sha256(*text), "dbd25cf7a72d1cf2115a3d6f232d01f01bb8f28c7da9dcc9ea91260512afe460");
  const QuestionSource published{.file = table_, .published = true};
  // They pass; the small table does not.
  const auto wants_table = HasSubstr("table.csv: expected the published dpg_bench.csv");
  EXPECT_THAT(problem({.source = "prompts.json", .text = *text}, published), wants_table);
  EvaluatorInput lines{.source = "p.jsonl"};
  const auto prompts = nlohmann::json::parse(*text);
  for (const auto& [key, prompt] : prompts.items())
    lines.records.push_back(
        nlohmann::json{{"item_id", key.substr(0, key.find('.'))}, {"text", prompt}}.dump());
  EXPECT_THAT(problem(lines, published), wants_table);
  // Stored with their questions they need no table, and are needed all.
  EvaluatorInput stored{.source = "stored"};
  Item item = read_csv(kSmallTable, "q.csv", Variant::fixed)[1];
  item.blob = kPublishedBlob;
  for (const auto& [key, prompt] : prompts.items()) {
    item.id = key.substr(0, key.find('.'));
    stored.records.push_back(json_line(item));
  }
  EXPECT_EQ(problem(stored, {.published = true}), "no InputError");
  stored.records.pop_back();
  EXPECT_THAT(problem(stored, {.published = true}), HasSubstr("found 1064 that are not just these"));

  lines.records[7].insert(lines.records[7].size() - 2, " indeed");
  EXPECT_THAT(problem(lines, published), HasSubstr("p.jsonl: expected DPG-Bench's 1065 prompts"));
}

TEST_F(Prompts, MistakesSayWhatToDo) {
  EXPECT_THAT(problem(kPrompts, {}), HasSubstr("with the option `questions`"));
  EXPECT_THAT(problem(kPrompts, {.file = "nowhere.csv"}), HasSubstr("nowhere.csv: cannot be read"));
  EXPECT_THAT(problem({.source = "p.json", .text = R"({"bus.txt": "A bus"})"}, {.file = table_}),
              HasSubstr("has no questions about the prompt \"bus\""));
  EXPECT_THAT(problem({.source = "p.json", .text = R"({"car.txt": "A", "car.text": "B"})"}, {.file = table_}),
              HasSubstr("the prompt \"car\" is there twice"));
  EXPECT_THAT(problem({.source = "p.json", .text = "[]"}, {.file = table_}),
              HasSubstr("\"<id>.txt\": prompt"));
  EXPECT_THAT(problem({.source = "t.csv", .text = kSmallTable}, {.file = table_}), HasSubstr("name one"));
  const std::string bare = R"({"item_id": "car", "text": "A red car"})";
  const std::string whole = json_line(read_csv(kSmallTable, "q.csv", Variant::fixed)[1]);
  EXPECT_THAT(problem({.records = {bare, whole}, .source = "p.jsonl"}, {.file = table_}),
              HasSubstr("1 of 2 have none"));
  EXPECT_THAT(problem({.records = {"{"}, .source = "p.jsonl"}, {}),
              HasSubstr("p.jsonl:1: expected one JSON"));
}

}  // namespace
}  // namespace umm::dpg
