#include "gedit/record.h"

#include <gmock/gmock.h>

#include "umm/error.h"

namespace umm::gedit {
namespace {

using ::testing::HasSubstr;

const char* const kItem =
    R"({"key": "k1", "task_type": "subject-add", "instruction": "add a dog", "instruction_language": "en",
        "input_image": "a.png", "intersection_exist": true, "more": 1})";

TEST(GeditRecord, ReadsEveryField) {
  const Record record = parse_record(kItem, "here");
  EXPECT_EQ(record.key, "k1");
  EXPECT_EQ(record.group, "subject-add");
  EXPECT_EQ(record.instruction, "add a dog");
  EXPECT_EQ(record.language, "en");
  EXPECT_EQ(record.input_image, "a.png");
  EXPECT_TRUE(record.in_intersection);
}

TEST(GeditRecord, NamesThePlaceAndWhatWasExpected) {
  const auto problem = [](const std::string& from, const std::string& to) -> std::string {
    std::string text = kItem;
    text.replace(text.find(from), from.size(), to);
    try {
      parse_record(text, "items.jsonl:7");
    } catch (const InputError& error) {
      return error.what();
    }
    return "no InputError";
  };
  EXPECT_THAT(problem("{\"key\"", "\"key\""), HasSubstr("items.jsonl:7: expected one JSON object"));
  EXPECT_THAT(problem("\"key\"", "\"id\""), HasSubstr("expected a \"key\", found none"));
  EXPECT_THAT(problem("\"k1\"", "7"), HasSubstr("expected \"key\" to be text, found 7"));
  EXPECT_THAT(problem("add a dog", ""), HasSubstr("expected \"instruction\" to be text, found \"\""));
  EXPECT_THAT(problem("subject-add", "subject_add"), HasSubstr("subject-add, subject-remove"));
  EXPECT_THAT(problem("\"en\"", "\"zh\""), HasSubstr("to be en or cn, found zh"));
  EXPECT_THAT(problem("a.png", "../a.png"), HasSubstr("a path below the pictures' folder"));
  EXPECT_THAT(problem("k1", "../k1"), HasSubstr("a \"key\" that can name a file"));
  EXPECT_THAT(problem("true", "1"), HasSubstr("to be true or false, found 1"));
  EXPECT_THAT(problem("intersection_exist", "intersection"), HasSubstr("true or false, found none"));
}

}  // namespace
}  // namespace umm::gedit
