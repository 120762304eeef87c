// From what the host hands over to prompts with their questions.
//   .csv   the published table, which has both
//   .json  {"<id>.txt": prompt, ...}, as RecA and BAGEL have them; the questions are in a file of their own
//   JSON lines, of a file or of a prompt set, with their questions (questions.h) or without: then, too
#pragma once

#include <string>
#include <vector>

#include "questions.h"
#include "umm/plugin.h"

namespace umm::dpg {

struct QuestionSource {
  Variant variant = Variant::fixed;
  bool draw_only = false;  // prompts that come without questions may be without
  std::string file = {};   // of questions, .csv or JSON lines; "": the prompts have them
  bool published = false;  // only the published table will do, and prompts beside it as published
};

// In the prompts' order; none where `input` has none. Lines that have questions need no file: stored prompts
// are scored again where it is gone. Throws InputError that says what is wrong with which prompt of which
// file.
std::vector<Item> read_items(const EvaluatorInput& input, const QuestionSource& questions);

}  // namespace umm::dpg
