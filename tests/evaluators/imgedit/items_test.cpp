#include "imgedit/items.h"

#include <gmock/gmock.h>

#include <map>

#include "../problem.h"
#include "../published_data.h"

namespace umm::imgedit {
namespace {

using ::testing::HasSubstr;
using testing::problem;
using testing::published_file;

std::string item_problem(const std::string& text) {
  return problem([&] { read_items(text, Suite::basic, "e.json"); });
}

TEST(ReadItems, KeepsTheFilesOrder) {
  const auto items =
      read_items(R"({"10": {"id": "daily object/1.jpg", "prompt": "Add a cat.", "edit_type": "add"},
                                    "9": {"id": "a/b/2.jpg", "prompt": "Cut it.", "edit_type": "extract"}})",
                 Suite::basic, "e.json");
  ASSERT_EQ(items.size(), 2U);
  EXPECT_EQ(items[0].key, "10");
  EXPECT_EQ(items[0].source, "daily object/1.jpg");
  EXPECT_EQ(items[0].instruction, "Add a cat.");
  EXPECT_EQ(items[1].type, "extract");
}

TEST(ReadItems, NamesThePlaceOfWhatIsWrong) {
  EXPECT_THAT(item_problem("{"), HasSubstr("e.json: expected one JSON object"));
  EXPECT_THAT(item_problem("[]"), HasSubstr("e.json: expected an object of edits"));
  EXPECT_THAT(item_problem("{}"), HasSubstr("found {}"));
  EXPECT_THAT(item_problem(R"({"1": 3})"),
              HasSubstr("e.json: \"1\": expected an object with \"id\", found 3"));
  EXPECT_THAT(item_problem(R"({"1": {"id": "a.jpg"}})"), HasSubstr("expected a \"prompt\""));
  EXPECT_THAT(item_problem(R"({"1": {"id": "a.jpg", "prompt": "p"}})"),
              HasSubstr("expected a \"edit_type\""));
  EXPECT_THAT(
      item_problem(R"({"1": {"id": "a.jpg", "prompt": "p", "edit_type": "Hybrid"}})"),
      HasSubstr("one of add, adjust, extract, replace, remove, background, style, compose, action, found "
                "\"Hybrid\""));
  for (const char* path : {"../a.jpg", "/a.jpg", "a/../../b.jpg"}) {
    EXPECT_THAT(
        item_problem(R"({"1": {"id": ")" + std::string(path) + R"(", "prompt": "p", "edit_type": "add"}})"),
        HasSubstr("a path below the pictures' folder"));
  }
  EXPECT_THAT(item_problem(R"({"../1": {"id": "a.jpg", "prompt": "p", "edit_type": "add"}})"),
              HasSubstr("a key that can name a file"));
  EXPECT_THAT(item_problem(R"({"1": {"id": "a", "prompt": "p", "edit_type": "add"}, "1": 2})"),
              HasSubstr("the key \"1\" is twice"));
  EXPECT_THAT(item_problem(std::string(1'000'000, '{')), HasSubstr("broken JSON"));
}

TEST(ReadUgeItems, HaveNoType) {
  const auto items = read_items(R"({"1": {"id": "a.jpg", "prompt": "p"}})", Suite::uge, "u.json");
  ASSERT_EQ(items.size(), 1U);
  EXPECT_EQ(items[0].type, "");
}

TEST(ReadRecord, IsALineOfTheSame) {
  const Item item =
      read_items(R"({"7": {"id": "a.jpg", "prompt": "p", "edit_type": "add"}})", Suite::basic, "e")[0];
  const Item again = read_record(record_of(item), Suite::basic, "e.jsonl:1");
  EXPECT_EQ(again.key, "7");
  EXPECT_EQ(again.source, "a.jpg");
  EXPECT_EQ(again.instruction, "p");
  EXPECT_EQ(again.type, "add");
  EXPECT_THAT(problem([&] { read_record(R"({"id": "a.jpg"})", Suite::basic, "e.jsonl:1"); }),
              HasSubstr("e.jsonl:1: expected a \"key\""));
}

TEST(Published, IsKnownByItsDigest) {
  EXPECT_THAT(problem([] { expect_published_items("{}", Suite::basic, "e.json"); }),
              HasSubstr("e.json: expected the published basic_edit.json, SHA-256 5ee9b7d6"));
  EXPECT_THAT(problem([] { expect_published_items("{}", Suite::uge, "u.json"); }),
              HasSubstr("UGE_edit.json, SHA-256 807817d8"));
}

TEST(Published, HasItsCounts) {
  const auto text = published_file("imgedit/basic_edit.json");
  UMM_SKIP_WITHOUT(text, "imgedit/basic_edit.json");
  EXPECT_NO_THROW(expect_published_items(*text, Suite::basic, "basic_edit.json"));
  auto items = read_items(*text, Suite::basic, "basic_edit.json");
  EXPECT_EQ(items.size(), 737U);
  EXPECT_EQ(items[0].key, "1082");
  std::map<std::string, int64_t> counts;
  for (const Item& item : items) ++counts[item.type];
  for (size_t type = 0; type < kTypes.size(); ++type) EXPECT_EQ(counts[kTypes[type]], kPublishedCounts[type]);

  // In lines, which stand in another order, as well.
  std::swap(items.front(), items.back());
  EXPECT_NO_THROW(expect_published_items(items, Suite::basic, "e.jsonl"));
  items[3].instruction += ".";
  EXPECT_THAT(problem([&] { expect_published_items(items, Suite::basic, "e.jsonl"); }),
              HasSubstr("e.jsonl: expected ImgEdit-Bench's 737 edits as published"));
  EXPECT_THAT(problem([&] { expect_published_items(items, Suite::uge, "e.jsonl"); }),
              HasSubstr("e.jsonl: expected the 47 edits of UGE as published"));
}

}  // namespace
}  // namespace umm::imgedit
