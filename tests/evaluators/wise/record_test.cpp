#include "wise/record.h"

#include <gmock/gmock.h>

#include <map>

#include "../problem.h"
#include "../published_data.h"

namespace umm::wise {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string item(const std::string& id, const std::string& category = "time",
                 const std::string& prompt = "p") {
  return R"({"Prompt": ")" + prompt + R"(", "Explanation": "e", "Category": ")" + category +
         R"(", "Subcategory": "s", "prompt_id": )" + id + "}";
}

TEST(WiseRecords, AreRead) {
  const auto records =
      parse_records("[" + item("402") + "," + item("7", "Ecology") + "]", Generation::legacy, "here");
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].prompt_id, 402);
  EXPECT_EQ(records[0].prompt, "p");
  EXPECT_EQ(records[0].explanation, "e");
  EXPECT_EQ(records[0].subcategory, "s");
  EXPECT_EQ(records[0].category, Category::time);
  EXPECT_EQ(records[1].category, Category::culture) << "by its number alone";
}

TEST(WiseRecords, NumbersTellTheCategory) {
  const auto firsts = [](Generation generation) {
    std::vector<int64_t> first_ids(6, 0);
    for (int64_t id = 1000; id >= 1; --id)
      first_ids[static_cast<size_t>(category_of(generation, id).value())] = id;
    return first_ids;
  };
  EXPECT_THAT(firsts(Generation::legacy), ElementsAre(1, 401, 568, 701, 801, 901));
  EXPECT_THAT(firsts(Generation::verified), ElementsAre(1, 401, 521, 641, 761, 881));
  for (const int64_t id : {int64_t{0}, int64_t{-1}, int64_t{1001}})
    EXPECT_EQ(category_of(Generation::legacy, id), std::nullopt);
}

TEST(WiseRecords, NameThePlaceAndWhatWasExpected) {
  const auto problem = [](const std::string& json,
                          Generation generation = Generation::legacy) -> std::string {
    return testing::problem([&] { parse_records(json, generation, "items.json"); });
  };
  EXPECT_THAT(problem("["), HasSubstr("items.json: expected one JSON object, found broken JSON"));
  EXPECT_THAT(problem("{}"), HasSubstr("found object"));
  EXPECT_THAT(problem("[]"), HasSubstr("found an empty one"));
  EXPECT_THAT(problem("[1]"), HasSubstr("items.json[0]: expected an object"));
  EXPECT_THAT(problem("[" + item("\"402\"") + "]"), HasSubstr("to be an integer, found string"));
  EXPECT_THAT(problem("[" + item("1001") + "]"), HasSubstr("1 to 1000, found 1001"));
  EXPECT_THAT(problem("[" + item("402") + "," + item("402") + "]"),
              HasSubstr("items.json[1]: \"prompt_id\" 402"));
  EXPECT_THAT(problem("[" + item("402", "time", "") + "]"), HasSubstr("expected \"Prompt\" to be text"));
  EXPECT_EQ(problem("[" + item("530") + "]"), "no InputError");
  EXPECT_THAT(problem("[" + item("530") + "]", Generation::verified),
              HasSubstr("is this a file of the other set?"));
}

std::vector<Record> legacy_items(const std::string& suffix) {
  std::vector<Record> all;
  for (const char* name : {"cultural_common_sense", "spatio-temporal_reasoning", "natural_science"}) {
    const auto file = testing::published_file("wise/legacy/" + (name + suffix));
    if (!file) return {};
    for (Record& record : parse_records(*file, Generation::legacy, name)) all.push_back(std::move(record));
  }
  return all;
}

// Sentences that were written anew have the published numbers and explanations, and are another protocol.
TEST(WiseRecords, PublishedOnesAreKnown) {
  const auto told = [](const std::vector<Record>& records, Generation generation) {
    return testing::problem([&] { expect_published(records, generation, "here"); });
  };
  EXPECT_THAT(told(parse_records("[" + item("402") + "]", Generation::legacy, "here"), Generation::legacy),
              HasSubstr("here: expected WISE's 1000 legacy items as published, found 1 that"));
  auto legacy = legacy_items(".json");
  const auto rewritten = legacy_items("_rewrite.json");
  const auto merged = testing::published_file("wise/merge.json");
  UMM_SKIP_WITHOUT(!legacy.empty() && !rewritten.empty() && merged, "wise");
  EXPECT_EQ(told(legacy, Generation::legacy), "no InputError");
  EXPECT_EQ(told(parse_records(*merged, Generation::verified, "merge.json"), Generation::verified),
            "no InputError");
  EXPECT_THAT(told(rewritten, Generation::legacy), HasSubstr("legacy items as published, found 1000"));
  std::swap(legacy.front(), legacy.back());
  EXPECT_EQ(told(legacy, Generation::legacy), "no InputError") << "in any order";
  legacy.pop_back();
  EXPECT_THAT(told(legacy, Generation::legacy), HasSubstr("found 999"));
}

TEST(WiseRecords, AllPublishedOnesAreRead) {
  const std::map<std::string, size_t> legacy = {
      {"cultural_common_sense", 400}, {"spatio-temporal_reasoning", 300}, {"natural_science", 300}};
  for (const auto& [name, count] : legacy) {
    for (const char* suffix : {".json", "_rewrite.json"}) {
      const std::string path = "wise/legacy/" + name + suffix;
      const auto file = testing::published_file(path);
      UMM_SKIP_WITHOUT(file, path);
      EXPECT_EQ(parse_records(*file, Generation::legacy, path).size(), count);
    }
  }
  const auto merged = testing::published_file("wise/merge.json");
  UMM_SKIP_WITHOUT(merged, "wise/merge.json");
  std::map<Category, int> counts;
  for (const Record& record : parse_records(*merged, Generation::verified, "merge.json"))
    ++counts[record.category];
  const std::map<Category, int> expected = {{Category::culture, 400}, {Category::time, 120},
                                            {Category::space, 120},   {Category::biology, 120},
                                            {Category::physics, 120}, {Category::chemistry, 120}};
  EXPECT_EQ(counts, expected);
  EXPECT_THROW(parse_records(*merged, Generation::legacy, "merge.json"), InputError);
}

}  // namespace
}  // namespace umm::wise
