// What the judge is asked about an edit: once for semantic consistency (SC; it sees source and edited
// picture), once for perceptual quality (PQ; the edited one alone).
#pragma once

#include <string>
#include <string_view>

namespace umm::gedit {

// SHA-256 of VIEScore's texts for edits by instruction.
inline constexpr std::string_view kPublishedSc =
    "8f529562c2f89f8db51a3f7cc4d487686f676909c21010b67b0e65ec78150de5";
inline constexpr std::string_view kPublishedPq =
    "2473ff2c7406e06545c5c039ceb039ff2604ebacf150868a48f0bf07c9e733b0";

struct JudgePrompts {
  std::string semantic_consistency;  // with <instruction> where the instruction goes
  std::string perceptual_quality;
};

// Our own wording: another protocol, whose scores do not compare with published ones.
JudgePrompts own_prompts();

// From a JSON object {"SC": text, "PQ": text}. Throws InputError that starts with `where`; also where SC has
// no <instruction>.
JudgePrompts read_prompts(const std::string& json, const std::string& where);

// The same, and throws InputError unless both are the published texts.
JudgePrompts read_published_prompts(const std::string& json, const std::string& where);

std::string sc_prompt(const JudgePrompts& prompts, std::string_view instruction);

}  // namespace umm::gedit
