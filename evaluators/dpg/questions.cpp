// DPG-Bench's questions, see questions.h.
#include "questions.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "csv.h"
#include "digest.h"
#include "json.h"
#include "python_text.h"
#include "umm/error.h"

namespace umm::dpg {
namespace {

using evaluators::excerpt;
using evaluators::Json;
using evaluators::strip;

// A question before its dependencies are looked up.
struct Row {
  Question question;
  std::vector<int64_t> parent_ids;
  std::string where;
};

int64_t parse_number(std::string_view text, const char* column, const std::string& where) {
  const std::string_view digits = strip(text);
  int64_t number = -1;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  UMM_CHECK_INPUT(read.ec == std::errc() && read.ptr == digits.data() + digits.size() && number >= 0, where,
                  ": expected ", column, " to be a number of a question, found ", excerpt(std::string(text)));
  return number;
}

void set_categories(Question& question, std::string_view tuple, const std::string& where) {
  const std::string_view category = strip(tuple.substr(0, tuple.find('(')));
  UMM_CHECK_INPUT(!category.empty(), where,
                  ": expected tuple to name a category, as in \"entity - whole (car)\", found ",
                  excerpt(std::string(tuple)));
  question.tuple = tuple;
  question.category = category;
  question.broad_category = strip(category.substr(0, category.find('-')));
}

// A search in depth that keeps its path: a parent that is on it closes a circle.
void expect_no_circle(const std::vector<Row>& rows) {
  enum class State { unseen, open, done };
  std::vector<State> states(rows.size(), State::unseen);
  for (size_t root = 0; root < rows.size(); ++root) {
    std::vector<std::pair<size_t, size_t>> path;  // question, number of its parents already followed
    if (states[root] == State::unseen) path.emplace_back(root, 0);
    while (!path.empty()) {
      auto& [index, followed] = path.back();
      states[index] = State::open;
      const auto& parents = rows[index].question.parents;
      if (followed == parents.size()) {
        states[index] = State::done;
        path.pop_back();
        continue;
      }
      const size_t parent = parents[followed++];
      UMM_CHECK_INPUT(states[parent] != State::open, rows[index].where, ": question ",
                      rows[index].question.id, " depends on question ", rows[parent].question.id,
                      ", which depends on it in turn: dependencies must not form a circle");
      if (states[parent] == State::unseen) path.emplace_back(parent, 0);
    }
  }
}

std::vector<Question> connect(std::vector<Row> rows, Variant variant) {
  std::map<int64_t, size_t> index_of;
  for (size_t index = 0; index < rows.size(); ++index) {
    const bool is_new = index_of.emplace(rows[index].question.id, index).second;
    UMM_CHECK_INPUT(is_new, rows[index].where, ": question ", rows[index].question.id,
                    " of this prompt is there twice, first at ",
                    rows[index_of.at(rows[index].question.id)].where);
  }
  for (Row& row : rows) {
    for (const int64_t parent : row.parent_ids) {
      if (parent == 0) continue;
      UMM_CHECK_INPUT(index_of.contains(parent), row.where, ": question ", row.question.id,
                      " depends on question ", parent, ", which this prompt has not");
      row.question.parents.push_back(index_of.at(parent));
    }
  }
  if (variant == Variant::fixed) expect_no_circle(rows);
  std::vector<Question> questions;
  for (Row& row : rows) questions.push_back(std::move(row.question));
  return questions;
}

// Adds an item; `rows` are its questions.
void add_item(std::vector<Item>& items, Item item, std::vector<Row> rows, std::set<std::string>& ids,
              Variant variant) {
  const std::string& where = rows.front().where;
  UMM_CHECK_INPUT(ids.insert(item.id).second, where, ": the prompt ", excerpt(item.id),
                  " is there twice, with other prompts between: its questions must stand together");
  item.questions = connect(std::move(rows), variant);
  items.push_back(std::move(item));
}

int64_t number_of(const Json& value, const char* key, const std::string& where) {
  const bool fits = value.is_number_unsigned() && value.get<uint64_t>() < (uint64_t{1} << 62);
  UMM_CHECK_INPUT(fits, where, ": expected ", key, " to be a number of a question, found ", excerpt(value));
  return value.get<int64_t>();
}

const Json& list_field(const Json& object, const char* key, const std::string& where) {
  const auto found = object.find(key);
  const bool is_list = found != object.end() && found->is_array() && !found->empty();
  UMM_CHECK_INPUT(is_list, where, ": expected \"", key, "\" to be a list that is not empty, found ",
                  found == object.end() ? "none" : excerpt(*found));
  return *found;
}

Row parse_question(const Json& object, const std::string& where) {
  Row row{.question = {}, .parent_ids = {}, .where = where};
  row.question.text = evaluators::text_field(object, "question", where);
  row.question.id = number_of(object.value("proposition_id", Json()), "\"proposition_id\"", where);
  for (const Json& parent : list_field(object, "dependency", where))
    row.parent_ids.push_back(number_of(parent, "\"dependency\"", where));
  set_categories(row.question, evaluators::text_field(object, "tuple", where), where);
  return row;
}

// "1, 3"
std::vector<int64_t> parse_dependencies(std::string_view list, const std::string& where) {
  std::vector<int64_t> ids;
  while (true) {
    const size_t comma = list.find(',');
    ids.push_back(parse_number(list.substr(0, comma), "dependency", where));
    if (comma == std::string_view::npos) return ids;
    list.remove_prefix(comma + 1);
  }
}

}  // namespace

std::vector<Item> read_csv(std::string_view text, const std::string& source, Variant variant) {
  const evaluators::CsvTable table(
      text, source,
      {"item_id", "text", "proposition_id", "dependency", "tuple", "question_natural_language"});
  const auto& rows = table.rows();
  UMM_CHECK_INPUT(!rows.empty(), source, ": expected a row per question, found none");
  const size_t id = table.column("item_id"), prompt = table.column("text"),
               number = table.column("proposition_id"), dependency = table.column("dependency"),
               tuple = table.column("tuple"), question = table.column("question_natural_language");
  std::vector<Item> items;
  std::set<std::string> ids;
  for (size_t start = 0, end; start < rows.size(); start = end) {
    const std::vector<std::string>& first = rows[start].fields;
    UMM_CHECK_INPUT(!first[id].empty(), table.where(rows[start]), ": expected an item_id, found none");
    std::vector<Row> of_item;
    for (end = start; end < rows.size() && rows[end].fields[id] == first[id]; ++end) {
      const std::vector<std::string>& fields = rows[end].fields;
      Row row{.question = {}, .parent_ids = {}, .where = table.where(rows[end])};
      row.question.id = parse_number(fields[number], "proposition_id", row.where);
      row.question.text = fields[question];
      UMM_CHECK_INPUT(!fields[prompt].empty() && !row.question.text.empty(), row.where,
                      ": expected a text and a question_natural_language, found an empty one");
      set_categories(row.question, fields[tuple], row.where);
      row.parent_ids = parse_dependencies(fields[dependency], row.where);
      of_item.push_back(std::move(row));
    }
    add_item(items, {.id = first[id], .prompt = first[prompt], .is_first = items.empty()}, std::move(of_item),
             ids, variant);
  }
  return items;
}

std::vector<Item> read_json_lines(std::string_view text, const std::string& source, Variant variant) {
  std::vector<Item> items;
  std::set<std::string> ids;
  int64_t number = 0;
  for (size_t start = 0; start < text.size();) {
    const size_t end = std::min(text.find('\n', start), text.size());
    const std::string_view line = text.substr(start, end - start);
    start = end + 1;
    const std::string where = detail::concat(source, ":", ++number);
    if (strip(line).empty()) continue;
    const Json object = evaluators::parse_json(line, where);
    Item item;
    item.id = evaluators::text_field(object, "item_id", where);
    item.prompt = evaluators::text_field(object, "text", where);
    const Json first = object.value("first", Json(items.empty()));
    UMM_CHECK_INPUT(first.is_boolean(), where, ": expected \"first\" to be true or false, found ",
                    excerpt(first));
    item.is_first = first;
    if (object.contains("blob")) item.blob = evaluators::text_field(object, "blob", where);
    const Json& questions = list_field(object, "questions", where);
    std::vector<Row> rows;
    for (size_t index = 0; index < questions.size(); ++index) {
      rows.push_back(parse_question(questions[index], detail::concat(where, ": questions[", index, "]")));
    }
    add_item(items, std::move(item), std::move(rows), ids, variant);
  }
  UMM_CHECK_INPUT(!items.empty(), source, ": expected one JSON object per prompt, found none");
  return items;
}

std::string json_line(const Item& item) {
  Json questions = Json::array();
  for (const Question& question : item.questions) {
    Json dependency = Json::array();
    for (const size_t parent : question.parents) dependency.push_back(item.questions[parent].id);
    if (dependency.empty()) dependency.push_back(0);
    questions.push_back({{"proposition_id", question.id},
                         {"dependency", std::move(dependency)},
                         {"tuple", question.tuple},
                         {"question", question.text}});
  }
  Json line = {{"item_id", item.id}, {"text", item.prompt}, {"first", item.is_first}};
  if (!questions.empty()) line["questions"] = std::move(questions);
  if (!item.blob.empty()) line["blob"] = item.blob;
  return line.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void expect_published(std::string_view text, const std::string& source) {
  const std::string found = evaluators::git_blob_id(text);
  UMM_CHECK_INPUT(found == kPublishedBlob, source, ": expected the published dpg_bench.csv, git blob ",
                  kPublishedBlob, ", found blob ", found,
                  ": take the file from the authors' repository as it is, or name a protocol of your own");
}

}  // namespace umm::dpg
