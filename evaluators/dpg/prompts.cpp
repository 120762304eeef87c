// Prompts joined with their questions, see prompts.h.
#include "prompts.h"

#include <map>
#include <set>

#include "json.h"
#include "published_items.h"
#include "umm/error.h"
#include "umm/file.h"

namespace umm::dpg {
namespace {

using evaluators::excerpt;
using evaluators::Json;

struct Prompt {
  std::string id, text, where;
};

std::vector<Item> read_table(const std::string& text, const std::string& source,
                             const QuestionSource& questions) {
  if (questions.published) expect_published(text, source);
  auto items = source.ends_with(".csv") ? read_csv(text, source, questions.variant)
                                        : read_json_lines(text, source, questions.variant);
  if (questions.published)
    for (Item& item : items) item.blob = kPublishedBlob;
  return items;
}

// Over what RecA's dpgbench/prompts.json holds, whose own SHA-256 is dbd25cf7...afe460 (README.md).
void expect_published_prompts(const std::vector<Prompt>& prompts, const std::string& source) {
  std::vector<std::string> items;
  for (const Prompt& prompt : prompts) items.push_back(Json{prompt.id, prompt.text}.dump());
  evaluators::expect_published_items(std::move(items),
                                     "1c0b0ce6868b4b671622509e58b2fbf7b9d0e9950fe4363bffafcf4a65b562de",
                                     "DPG-Bench's 1065 prompts", source);
}

std::vector<Item> join(const std::vector<Prompt>& prompts, const std::string& source,
                       const QuestionSource& questions) {
  const bool without_questions = questions.draw_only && questions.file.empty();
  UMM_CHECK_INPUT(without_questions || !questions.file.empty(), source,
                  ": has prompts without questions; name a file of questions (.csv or JSON lines) with the "
                  "option `questions`, or say draw_only = true where nothing is to be scored");
  if (questions.published) expect_published_prompts(prompts, source);
  std::map<std::string, Item> table;
  if (without_questions)
    for (const Prompt& prompt : prompts) table[prompt.id].id = prompt.id;
  else
    for (Item& item : read_table(read_file(questions.file), questions.file, questions))
      table.emplace(item.id, std::move(item));
  std::vector<Item> items;
  std::set<std::string> ids;
  for (const Prompt& prompt : prompts) {
    const auto found = table.find(prompt.id);
    UMM_CHECK_INPUT(found != table.end(), prompt.where, ": ", questions.file,
                    " has no questions about the prompt ", excerpt(prompt.id));
    UMM_CHECK_INPUT(ids.insert(prompt.id).second, prompt.where, ": the prompt ", excerpt(prompt.id),
                    " is there twice");
    items.push_back(found->second);
    items.back().prompt = prompt.text;
  }
  return items;
}

std::vector<Prompt> prompts_of_json(const std::string& text, const std::string& source) {
  std::vector<std::string> keys;
  const Json json = evaluators::parse_json(text, source, &keys);
  UMM_CHECK_INPUT(json.is_object() && !json.empty(), source,
                  ": expected one object of \"<id>.txt\": prompt, found ", excerpt(json));
  std::vector<Prompt> prompts;
  for (const std::string& key : keys)
    prompts.push_back(
        {key.substr(0, key.find('.')), evaluators::text_field(json, key.c_str(), source), source});
  return prompts;
}

// The lines without questions; none where they have them.
std::vector<Prompt> bare_prompts(const EvaluatorInput& input) {
  std::vector<Prompt> prompts;
  for (size_t line = 0; line < input.records.size(); ++line) {
    const std::string where = detail::concat(input.source, ":", line + 1);
    const Json json = evaluators::parse_json(input.records[line], where);
    const std::string id = evaluators::text_field(json, "item_id", where);
    if (!json.contains("questions"))
      prompts.push_back({id, evaluators::text_field(json, "text", where), where});
  }
  UMM_CHECK_INPUT(prompts.empty() || prompts.size() == input.records.size(), input.source,
                  ": expected every prompt to have questions, or none; ", prompts.size(), " of ",
                  input.records.size(), " have none");
  return prompts;
}

std::vector<Item> items_of_lines(const EvaluatorInput& input, const QuestionSource& questions) {
  std::string text;
  for (const std::string& record : input.records) text += record + "\n";
  auto items = read_json_lines(text, input.source, questions.variant);
  if (!questions.published) return items;
  std::vector<std::string> ids;
  for (const Item& item : items) {
    UMM_CHECK_INPUT(item.blob == kPublishedBlob, input.source, ": the prompt ", excerpt(item.id),
                    " does not say that it is of the published table, which the option `published` demands: "
                    "name that table, dpg_bench.csv, as `prompts` or as `questions`");
    ids.push_back(Json(item.id).dump());
  }
  // As prompts.json has them; the table itself was not at hand.
  evaluators::expect_published_items(std::move(ids),
                                     "69ac8dbd240c536c356af1af6ef866d427d525ee7525cfcfb4d2d5d0bdea88b3",
                                     "the ids of DPG-Bench's 1065 prompts", input.source);
  return items;
}

}  // namespace

std::vector<Item> read_items(const EvaluatorInput& input, const QuestionSource& questions) {
  if (!input.text.empty()) {
    if (input.source.ends_with(".json"))
      return join(prompts_of_json(input.text, input.source), input.source, questions);
    UMM_CHECK_INPUT(questions.file.empty(), input.source,
                    ": has its questions itself, and the option "
                    "`questions` names ",
                    questions.file, "; name one");
    return read_table(input.text, input.source, questions);
  }
  if (input.records.empty()) return {};
  const auto bare = bare_prompts(input);
  return bare.empty() ? items_of_lines(input, questions) : join(bare, input.source, questions);
}

}  // namespace umm::dpg
