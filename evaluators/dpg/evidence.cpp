// Answers as JSON, see evidence.h.
#include "evidence.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "umm/error.h"

namespace umm::dpg {
namespace {

using Json = nlohmann::json;

// Where the answer to `question` belongs, most often at `position`; the number of questions if nowhere.
size_t index_of(const Item& item, int64_t question, size_t position) {
  if (item.questions[position].id == question) return position;
  const auto found = std::find_if(item.questions.begin(), item.questions.end(),
                                  [&](const Question& asked) { return asked.id == question; });
  return static_cast<size_t>(found - item.questions.begin());
}

void expect_one_each(const Item& item, size_t found) {
  UMM_CHECK(found == item.questions.size(), "expected an answer to each of the ", item.questions.size(),
            " questions about the prompt ", item.id, ", found ", found,
            ": collect this picture's evidence again");
}

}  // namespace

std::string evidence_text(const Item& item, const std::vector<Answer>& answers) {
  expect_one_each(item, answers.size());
  Json list = Json::array();
  for (size_t i = 0; i < answers.size(); ++i) {
    const Answer& answer = answers[i];
    Json& value = list.emplace_back(Json{{"question", item.questions[i].id}, {"answer", answer.text}});
    if (answer.log_probability) value["log_prob"] = *answer.log_probability;
    if (answer.yes_probability) value["p_yes"] = *answer.yes_probability;
  }
  return Json{{"answers", std::move(list)}}.dump(-1, ' ', false, Json::error_handler_t::replace);
}

YesAnswers yes_answers(const Item& item, const std::string& evidence) {
  YesAnswers yes(item.questions.size(), false);
  std::vector<bool> answered(item.questions.size(), false);
  try {
    const Json value = Json::parse(evidence);
    const Json& answers = value.at("answers");
    expect_one_each(item, answers.size());
    size_t position = 0;
    for (const Json& answer : answers) {
      const auto question = answer.at("question").get<int64_t>();
      const size_t index = index_of(item, question, position++);
      UMM_CHECK(index < yes.size() && !answered[index], "the answer to question ", question,
                " about the prompt ", item.id,
                " is there twice, or the prompt has no such question: collect this picture's evidence again");
      answered[index] = true;
      yes[index] = is_yes(answer.at("answer").get_ref<const std::string&>());
    }
  } catch (const Json::exception& error) {
    throw Error(detail::concat("expected DPG-Bench evidence {\"answers\": [...]}, found something else (",
                               error.what(), "): collect this picture's evidence again"));
  }
  return yes;
}

}  // namespace umm::dpg
