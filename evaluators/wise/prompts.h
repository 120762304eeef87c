// What the judge is asked about a picture.
#pragma once

#include <string>
#include <string_view>

#include "record.h"
#include "rules.h"

namespace umm::wise {

struct JudgePrompts {
  std::string system;
  std::string user;  // with <prompt> and <explanation> where the item's go
};

// Our own wording: another protocol, whose scores do not compare with published ones.
JudgePrompts own_prompts(Generation generation);

// From a JSON object {"system": text, "user": text}. Throws InputError that starts with `where`; also where
// the text of the user lacks <prompt> or <explanation>.
JudgePrompts read_prompts(const std::string& json, const std::string& where);

// The same, and throws InputError unless both are the published texts.
JudgePrompts read_published_prompts(const std::string& json, Generation generation, const std::string& where);

std::string user_prompt(const JudgePrompts& prompts, const Record& record);

}  // namespace umm::wise
