// What was answered about one picture, as one JSON object:
//   {"answers": [{"question": 1, "answer": "yes", "log_prob"?: -0.1, "p_yes"?: 0.9}, ...]}
// "question" is the proposition_id; every question of the prompt is there once.
#pragma once

#include <string>
#include <vector>

#include "questions.h"
#include "rules.h"
#include "umm/evidence.h"

namespace umm::dpg {

// Answers in the order of the item's questions. Text that is not UTF-8 is stored with U+FFFD in the place of
// what is wrong; none of it is "yes". Throws Error unless there is one for each question.
std::string evidence_text(const Item& item, const std::vector<Answer>& answers);

// In the order of the item's questions. Throws Error where `evidence` is not what evidence_text() writes, or
// a question has no answer, two, or is none of the item's.
YesAnswers yes_answers(const Item& item, const std::string& evidence);

}  // namespace umm::dpg
