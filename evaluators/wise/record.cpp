// Readers of items, see record.h.
#include "record.h"

#include <algorithm>
#include <set>

#include "json.h"
#include "published_items.h"
#include "umm/error.h"

namespace umm::wise {
namespace {

using evaluators::Json;
using evaluators::text_field;

// The last number of each category.
constexpr std::array<int64_t, kCategories.size()> kLegacyEnds = {400, 567, 700, 800, 900, 1000};
constexpr std::array<int64_t, kCategories.size()> kVerifiedEnds = {400, 520, 640, 760, 880, 1000};

// The data's own names.
constexpr std::array<const char*, kCategories.size()> kDataNames = {
    "Cultural knowledge", "time", "Space", "Biology", "Physical Knowledge", "Chemistry"};

Record read(const Json& value, Generation generation, const std::string& where) {
  UMM_CHECK_INPUT(value.is_object(), where, ": expected an object with \"Prompt\" and \"prompt_id\", found ",
                  value.type_name());
  const auto id = value.find("prompt_id");
  UMM_CHECK_INPUT(id != value.end() && id->is_number_integer(), where,
                  ": expected \"prompt_id\" to be an integer, found ",
                  id == value.end() ? "none" : id->type_name());
  Record record;
  record.prompt_id = id->get<int64_t>();
  const std::optional<Category> category = category_of(generation, record.prompt_id);
  UMM_CHECK_INPUT(category, where, ": expected \"prompt_id\" to be 1 to 1000, found ", record.prompt_id);
  record.category = *category;
  record.prompt = text_field(value, "Prompt", where);
  record.explanation = text_field(value, "Explanation", where);
  record.subcategory = text_field(value, "Subcategory", where);
  const std::string name = text_field(value, "Category", where);
  const auto known = std::find(kDataNames.begin(), kDataNames.end(), name);
  const auto expected = kDataNames.begin() + static_cast<int64_t>(*category);
  UMM_CHECK_INPUT(known == kDataNames.end() || known == expected, where, ": expected number ",
                  record.prompt_id, " of the ", generation == Generation::legacy ? "legacy" : "verified",
                  " set to be of the category ", *expected, ", found ", name,
                  ": is this a file of the other set?");
  record.text = value.dump();
  return record;
}

}  // namespace

void expect_published(const std::vector<Record>& records, Generation generation, const std::string& where) {
  // Over WISE_legacy/data/ (without the files *_rewrite.json) and data_verified/merge.json at eb51174.
  constexpr std::string_view kLegacy = "5e5458c32705b560a2337b892df7608807fb415fa9157fd332c7a5477b807d81",
                             kVerified = "37187426f9503af03a03220e988dff2916c6de262a696233f4220357a3905c02";
  std::vector<std::string> items;
  for (const Record& record : records)
    items.push_back(Json{record.prompt_id, record.prompt, record.explanation}.dump());
  const bool is_legacy = generation == Generation::legacy;
  evaluators::expect_published_items(std::move(items), is_legacy ? kLegacy : kVerified,
                                     is_legacy ? "WISE's 1000 legacy items" : "WISE's 1000 verified items",
                                     where);
}

std::optional<Category> category_of(Generation generation, int64_t prompt_id) {
  const auto& ends = generation == Generation::legacy ? kLegacyEnds : kVerifiedEnds;
  if (prompt_id < 1 || prompt_id > ends.back()) return std::nullopt;
  return static_cast<Category>(std::lower_bound(ends.begin(), ends.end(), prompt_id) - ends.begin());
}

Record parse_record(std::string_view json, Generation generation, const std::string& where) {
  return read(evaluators::parse_json(json, where), generation, where);
}

std::vector<Record> parse_records(std::string_view json, Generation generation, const std::string& where) {
  const Json list = evaluators::parse_json(json, where);
  UMM_CHECK_INPUT(list.is_array() && !list.empty(), where, ": expected one JSON array of items, found ",
                  list.is_array() ? "an empty one" : list.type_name());
  std::vector<Record> records;
  std::set<int64_t> seen;
  for (const Json& value : list) {
    const std::string here = detail::concat(where, "[", records.size(), "]");
    records.push_back(read(value, generation, here));
    const int64_t id = records.back().prompt_id;
    UMM_CHECK_INPUT(seen.insert(id).second, here, ": \"prompt_id\" ", id, " stands there twice");
  }
  return records;
}

}  // namespace umm::wise
