// Answers as JSON, see evidence.h.
#include "evidence.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "umm/error.h"

namespace umm::dpg {
namespace {

using Json = nlohmann::json;

std::optional<double> number_if_there(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) return std::nullopt;
  return found->get<double>();
}

}  // namespace

std::string evidence_text(const std::vector<CropAnswers>& crops) {
  Json list = Json::array();
  for (const CropAnswers& answers : crops) {
    Json of_crop = Json::array();
    for (const Answer& answer : answers) {
      Json& value = of_crop.emplace_back(Json{{"question", answer.question}, {"answer", answer.text}});
      if (answer.log_prob) value["log_prob"] = *answer.log_prob;
      if (answer.p_yes) value["p_yes"] = *answer.p_yes;
    }
    list.push_back({{"answers", std::move(of_crop)}});
  }
  return Json{{"crops", std::move(list)}}.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::vector<CropAnswers> parse_evidence(const std::string& text) {
  std::vector<CropAnswers> crops;
  try {
    const Json value = Json::parse(text);
    for (const Json& crop : value.at("crops")) {
      CropAnswers& answers = crops.emplace_back();
      for (const Json& answer : crop.at("answers")) {
        answers.push_back({.question = answer.at("question").get<int64_t>(),
                           .text = answer.at("answer").get<std::string>(),
                           .log_prob = number_if_there(answer, "log_prob"),
                           .p_yes = number_if_there(answer, "p_yes")});
      }
    }
  } catch (const Json::exception& error) {
    throw Error(
        detail::concat("expected DPG-Bench evidence {\"crops\": [{\"answers\": [...]}]}, found something "
                       "else (",
                       error.what(), "): collect this picture's evidence again"));
  }
  return crops;
}

std::vector<YesAnswers> yes_answers(const Item& item, const std::vector<CropAnswers>& crops) {
  std::vector<YesAnswers> yes;
  for (const CropAnswers& answers : crops) {
    YesAnswers& of_crop = yes.emplace_back(item.questions.size(), false);
    UMM_CHECK(answers.size() == item.questions.size(), "expected an answer to each of the ",
              item.questions.size(), " questions about the prompt ", item.id, ", found ", answers.size(),
              ": collect this picture's evidence again");
    std::vector<bool> answered(item.questions.size(), false);
    for (size_t position = 0; position < answers.size(); ++position) {
      const Answer& answer = answers[position];
      // Most often in the item's order.
      size_t index = position;
      if (item.questions[index].id != answer.question) {
        const auto found = std::find_if(item.questions.begin(), item.questions.end(),
                                        [&](const Question& asked) { return asked.id == answer.question; });
        index = static_cast<size_t>(found - item.questions.begin());
      }
      UMM_CHECK(index < item.questions.size() && !answered[index], "the answer to question ", answer.question,
                " about the prompt ", item.id,
                " is there twice, or the prompt has no such question: collect this "
                "picture's evidence again");
      answered[index] = true;
      of_crop[index] = is_yes(answer.text);
    }
  }
  return yes;
}

}  // namespace umm::dpg
