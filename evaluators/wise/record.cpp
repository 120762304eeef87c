#include "record.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "umm/error.h"

namespace umm::wise {
namespace {

using Json = nlohmann::json;

// The last number of each category.
constexpr std::array<int64_t, kCategories.size()> kLegacyEnds = {400, 567, 700, 800, 900, 1000};
constexpr std::array<int64_t, kCategories.size()> kVerifiedEnds = {400, 520, 640, 760, 880, 1000};

// The data's own names.
constexpr std::array<const char*, kCategories.size()> kDataNames = {
    "Cultural knowledge", "time", "Space", "Biology", "Physical Knowledge", "Chemistry"};

std::string text_field(const Json& object, const char* key, const std::string& where) {
  const auto found = object.find(key);
  UMM_CHECK_INPUT(found != object.end(), where, ": expected a \"", key, "\", found none");
  UMM_CHECK_INPUT(found->is_string() && !found->get_ref<const std::string&>().empty(), where, ": expected \"",
                  key, "\" to be text, found ", found->is_string() ? "an empty one" : found->type_name());
  return found->get<std::string>();
}

Record parse_record(const Json& value, Generation generation, const std::string& where) {
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
  return record;
}

}  // namespace

std::optional<Category> category_of(Generation generation, int64_t prompt_id) {
  const auto& ends = generation == Generation::legacy ? kLegacyEnds : kVerifiedEnds;
  if (prompt_id < 1 || prompt_id > ends.back()) return std::nullopt;
  return static_cast<Category>(std::lower_bound(ends.begin(), ends.end(), prompt_id) - ends.begin());
}

std::vector<Record> parse_records(std::string_view json, Generation generation, const std::string& where) {
  Json list;
  try {
    list = Json::parse(json);
  } catch (const Json::parse_error& error) {
    throw InputError(
        detail::concat(where, ": expected one JSON array of items, found broken JSON at byte ", error.byte));
  }
  UMM_CHECK_INPUT(list.is_array() && !list.empty(), where, ": expected one JSON array of items, found ",
                  list.is_array() ? "an empty one" : list.type_name());
  std::vector<Record> records;
  std::set<int64_t> seen;
  for (const Json& value : list) {
    const std::string here = detail::concat(where, "[", records.size(), "]");
    records.push_back(parse_record(value, generation, here));
    const int64_t id = records.back().prompt_id;
    UMM_CHECK_INPUT(seen.insert(id).second, here, ": \"prompt_id\" ", id, " stands there twice");
  }
  return records;
}

}  // namespace umm::wise
