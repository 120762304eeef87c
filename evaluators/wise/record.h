// WISE's items: {"Prompt", "Explanation", "Category", "Subcategory", "prompt_id"}, as a JSON array, as
// published, or one on each line.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules.h"

namespace umm::wise {

enum class Category { culture, time, space, biology, physics, chemistry };
inline constexpr std::array<const char*, 6> kCategories = {"culture", "time",    "space",
                                                           "biology", "physics", "chemistry"};

struct Record {
  int64_t prompt_id = 0;  // 1..1000
  std::string prompt;
  std::string explanation;
  std::string subcategory;
  Category category = Category::culture;
  std::string text;  // the item as one JSON object
};

// By the item's number alone, as the reference does. None outside 1..1000.
std::optional<Category> category_of(Generation generation, int64_t prompt_id);

// One item; or an array of them. Throws InputError that starts with `where` and the item. A "Category" that
// is one of the six must be the number's: that tells the two generations apart.
Record parse_record(std::string_view json, Generation generation, const std::string& where);
std::vector<Record> parse_records(std::string_view json, Generation generation, const std::string& where);

// Throws InputError that starts with `where` unless these are the generation's 1000 items with the published
// sentences and explanations, in any order. Sentences that were written anew are other ones.
void expect_published(const std::vector<Record>& records, Generation generation, const std::string& where);

}  // namespace umm::wise
