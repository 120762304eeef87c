// ImgEdit-Bench's edits, see items.h.
#include "items.h"

#include <algorithm>

#include "json.h"
#include "judge_pictures.h"
#include "published_items.h"
#include "umm/error.h"
#include "umm/sha256.h"

namespace umm::imgedit {
namespace {

using evaluators::Json;

// SHA-256 of Benchmark/Basic/basic_edit.json and Benchmark/UGE/UGE_edit.json at revision 547185d.
constexpr const char* kBasic = "5ee9b7d61e918692416f79896300f738598c83adff8de737b25be4aaff72dc69";
constexpr const char* kUge = "807817d8765f8fc45397be9afbf638b00fad91e37c1d44fabd5103df73074d16";
// Over record_of() of what is in them.
constexpr const char* kBasicItems = "d91313f0e8c40117bb1c77f3437a22085d23e0ac8211c6e6b2edf3204653d4e1";
constexpr const char* kUgeItems = "b20dc0fd03195425b5e44608d13eab76e039e4ca9b7f9e66f87e498a1b5fb5e6";

void check(const Item& item, const std::string& where) {
  UMM_CHECK_INPUT(evaluators::stays_below(item.source), where,
                  ": expected \"id\" to be a path below the pictures' folder, found ",
                  evaluators::excerpt(item.source));
  UMM_CHECK_INPUT(!item.key.empty() && item.key.find('/') == std::string::npos, where,
                  ": expected a key that can name a file");
}

Item read_entry(const std::string& key, const Json& entry, Suite suite, const std::string& where) {
  Item item;
  item.key = key;
  item.source = evaluators::text_field(entry, "id", where);
  item.instruction = evaluators::text_field(entry, "prompt", where);
  check(item, where);
  if (suite == Suite::uge) return item;
  item.type = evaluators::text_field(entry, "edit_type", where);
  UMM_CHECK_INPUT(
      std::find(kTypes.begin(), kTypes.end(), item.type) != kTypes.end(), where,
      ": expected \"edit_type\" to be one of add, adjust, extract, replace, remove, background, style, "
      "compose, action, found ",
      evaluators::excerpt(item.type));
  return item;
}

}  // namespace

std::vector<Item> read_items(std::string_view text, Suite suite, const std::string& source) {
  std::vector<std::string> keys;
  const Json object = evaluators::parse_json(text, source, &keys);
  UMM_CHECK_INPUT(object.is_object() && !object.empty(), source,
                  ": expected an object of edits, key to {\"id\", \"prompt\", \"edit_type\"}, found ",
                  evaluators::excerpt(object));
  std::vector<Item> items;
  for (const std::string& key : keys)
    items.push_back(read_entry(key, object.at(key), suite, source + ": " + evaluators::excerpt(key)));
  return items;
}

Item read_record(std::string_view text, Suite suite, const std::string& source) {
  const Json object = evaluators::parse_json(text, source);
  return read_entry(evaluators::text_field(object, "key", source), object, suite, source);
}

std::string record_of(const Item& item) {
  Json object = {{"key", item.key}, {"id", item.source}, {"prompt", item.instruction}};
  if (!item.type.empty()) object["edit_type"] = item.type;
  return object.dump();
}

void expect_published_items(std::string_view text, Suite suite, const std::string& source) {
  const bool basic = suite == Suite::basic;
  const std::string found = sha256(text), published = basic ? kBasic : kUge;
  UMM_CHECK_INPUT(found == published, source, ": expected the published ",
                  basic ? "basic_edit.json" : "UGE_edit.json", ", SHA-256 ", published, ", found ", found,
                  ": take the file from the authors' repository as it is, or name a protocol of your own");
}

void expect_published_items(const std::vector<Item>& items, Suite suite, const std::string& source) {
  const bool basic = suite == Suite::basic;
  std::vector<std::string> records;
  for (const Item& item : items) records.push_back(record_of(item));
  evaluators::expect_published_items(std::move(records), basic ? kBasicItems : kUgeItems,
                                     basic ? "ImgEdit-Bench's 737 edits" : "the 47 edits of UGE", source);
}

}  // namespace umm::imgedit
