// DPG-Bench's prompts and their questions, from the published table or from JSON lines.
//   CSV    one row per question: item_id, text, proposition_id, dependency, tuple, question_natural_language;
//          keywords, category_broad and category_detailed may be there and are not read
//   JSONL  one object per prompt: {"item_id", "text", "questions": [{"proposition_id": 1, "dependency": [0],
//          "tuple": "entity - whole (car)", "question": "Is there a car?"}, ...]}, and "first" and "blob"
//          where they are to be other than what the file itself gives (Item)
// A dependency names questions of the same prompt; 0 names none.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace umm::dpg {

// Hu et al., ELLA, dpg_bench/dpg_bench.csv at revision 3c228f1, as git names its content.
inline constexpr const char* kPublishedBlob = "98457fc9901943f51ff9a30367250fc292533bed";

// fixed      every question of every picture
// reference  as published: the first question of the file is lost, picture files that fail over it leave
//            every mean, categories are those of a grid's last picture, dependencies in a circle are followed
//            in the file's order
enum class Variant { fixed, reference };

struct Question {
  int64_t id = 0;               // proposition_id
  std::vector<size_t> parents;  // indices of questions that must be answered with yes for this one to count
  std::string tuple;            // "attribute - color (car, red)"
  std::string category;         // "attribute - color": level 2, the tuple's text before "("
  std::string broad_category;   // "attribute": level 1, the category's text before "-"
  std::string text;
};

struct Item {
  std::string id = {};  // text, also where it looks like a number
  std::string prompt = {};
  std::vector<Question> questions = {};  // in the file's order, which the rule of dependencies follows
  bool is_first = false;                 // of the file; the published code loses this item's first question
  std::string blob = {};  // git's name of the file that it is from; "": not asked, or not the published one
};

// Throws InputError that starts with file and line, for a question that is there twice, a prompt whose rows
// do not stand together, a dependency on a question that its prompt has not and, unless `variant` is
// reference, dependencies in a circle. (The published code scores such files without a word; rows of a prompt
// that stand apart replace earlier ones.)
std::vector<Item> read_csv(std::string_view text, const std::string& source, Variant variant);
std::vector<Item> read_json_lines(std::string_view text, const std::string& source, Variant variant);

// What read_json_lines() makes the same item of, wherever it stands. One without questions has no such key.
std::string json_line(const Item& item);

// Throws InputError unless `text` is the published table, byte by byte.
void expect_published(std::string_view text, const std::string& source);

}  // namespace umm::dpg
