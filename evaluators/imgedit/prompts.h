// What the judge is told, per type of edit.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>

#include "items.h"

namespace umm::imgedit {

// Type -> text with <edit_prompt> where the instruction goes; in UGE, which has no types, kUgePrompt -> text.
using Prompts = std::map<std::string, std::string>;

inline const std::string kUgePrompt = "uge";

// Our own wording, for use without the published file. A protocol of its own: scores under it do not compare
// with published ones.
Prompts own_prompts(Suite suite);

// One JSON object of those names. Throws InputError that starts with `where`: one is absent, unknown, no
// text, or has no place for the instruction.
Prompts read_prompts(const std::string& json, Suite suite, const std::string& where);

// The same, and throws InputError unless every text is the published one (at revision 547185d
// Benchmark/Basic/prompts.json; of UGE the one in Benchmark/UGE/UGE_bench.py, its first and last line feed
// included). The texts are not part of this project: their licence was not found.
Prompts read_published_prompts(const std::string& json, Suite suite, const std::string& where);

// `type`: of an item, "" in UGE.
const std::string& prompt_for(const Prompts& prompts, const std::string& type);

// The three criteria of a type, as the judge is to name them; the first caps the others.
const std::array<const char*, 3>& criteria(const std::string& type);

// The text for one edit: every <edit_prompt> replaced.
std::string filled(std::string_view prompt, std::string_view instruction);

}  // namespace umm::imgedit
