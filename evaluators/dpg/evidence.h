// What a model answered about one picture, as one JSON object:
//   {"crops": [{"answers": [{"question": 1, "answer": "yes", "log_prob"?: -0.1, "p_yes"?: 0.9}, ...]}, ...]}
// "question" is the proposition_id; every crop has every question once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "questions.h"
#include "rules.h"

namespace umm::dpg {

struct Answer {
  int64_t question = 0;
  std::string text;                // as the model gave it
  std::optional<double> log_prob;  // of the answer's tokens, natural logarithm
  std::optional<double> p_yes;     // probability of "yes" as the first token
};

using CropAnswers = std::vector<Answer>;

// Answers that are not UTF-8 are stored with U+FFFD in the place of what is wrong; none of them is "yes".
std::string evidence_text(const std::vector<CropAnswers>& crops);

// Throws Error where `text` is not what evidence_text() writes.
std::vector<CropAnswers> parse_evidence(const std::string& text);

// In the order of the item's questions. Throws Error where a question has no answer, two, or is none of the
// item's.
std::vector<YesAnswers> yes_answers(const Item& item, const std::vector<CropAnswers>& crops);

}  // namespace umm::dpg
