// What the judge is told, per type of edit.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>

namespace umm::imgedit {

// Type -> text with <edit_prompt> where the instruction goes.
using Prompts = std::map<std::string, std::string>;

// One JSON object, type -> text. Throws InputError that names the file where one of the nine types is absent,
// is no text, or has no place for the instruction.
Prompts read_prompts(std::string_view text, const std::string& source);

// Throws InputError that names the type unless every text is the published one (Benchmark/Basic/prompts.json
// at revision 547185d). The texts are not part of this project: their licence was not found.
void expect_published_prompts(const Prompts& prompts, const std::string& source);

// Our own wording, for use without the published file. A protocol of its own: scores under it do not compare
// with published ones.
Prompts own_prompts();

// The three criteria of a type, as the judge is to name them; the first caps the others.
const std::array<const char*, 3>& criteria(const std::string& type);

// The text for one edit: every <edit_prompt> replaced.
std::string filled(std::string_view prompt, std::string_view instruction);

}  // namespace umm::imgedit
