// Judge prompts, see prompts.h.
#include "prompts.h"

#include "digest.h"
#include "items.h"
#include "json.h"
#include "umm/error.h"

namespace umm::imgedit {
namespace {

constexpr std::string_view kPlaceholder = "<edit_prompt>";

struct Type {
  std::array<const char*, 3> criteria;
  const char* published;  // first eight digits of the text's SHA-256
};

const std::map<std::string, Type>& types() {
  static const std::map<std::string, Type> all = {
      {"replace", {{"Prompt Compliance", "Visual Naturalness", "Physical & Detail Integrity"}, "113cba9c"}},
      {"remove", {{"Prompt Compliance", "Visual Naturalness", "Physical & Detail Integrity"}, "ce82586c"}},
      {"add", {{"Prompt Compliance", "Visual Naturalness", "Physical & Detail Coherence"}, "8a653823"}},
      {"adjust", {{"Prompt Compliance", "Visual Seamlessness", "Physical & Detail Fidelity"}, "34c3ca70"}},
      {"style", {{"Style Fidelity", "Content Preservation", "Rendering Quality"}, "0b84dfc0"}},
      {"action", {{"Action Fidelity", "Identity Preservation", "Visual & Anatomical Coherence"}, "2dfb8216"}},
      {"extract", {{"Object Identity", "Mask Precision", "Visual Quality"}, "38bdeafb"}},
      {"background", {{"Instruction Compliance", "Visual Seamlessness", "Physical Consistency"}, "9bfce039"}},
      {"compose",
       {{"Instruction Compliance", "Visual Naturalness", "Physical Consistency & Fine Detail"}, "16f4f72a"}}};
  return all;
}

}  // namespace

Prompts read_prompts(std::string_view text, const std::string& source) {
  const evaluators::Json object = evaluators::parse_json(text, source);
  Prompts prompts;
  for (const auto& [type, unused] : types()) {
    prompts[type] = evaluators::text_field(object, type.c_str(), source);
    UMM_CHECK_INPUT(prompts[type].find(kPlaceholder) != std::string::npos, source, ": expected \"", type,
                    "\" to hold ", kPlaceholder, " where the instruction goes, found none");
  }
  return prompts;
}

void expect_published_prompts(const Prompts& prompts, const std::string& source) {
  for (const auto& [name, type] : types()) {
    const std::string found = evaluators::sha256_hex(prompts.at(name)).substr(0, 8);
    UMM_CHECK_INPUT(
        found == type.published, source, ": expected \"", name, "\" to be the published text, SHA-256 ",
        type.published, "..., found ", found,
        "...: take prompts.json from the authors' repository as it is, or name a protocol of your own");
  }
}

Prompts own_prompts() {
  Prompts prompts;
  for (const auto& [name, type] : types()) {
    prompts[name] = detail::concat(
        "Two pictures follow: one before and one after an edit of the kind \"", name, "\".\n",
        "The edit asked for: ", kPlaceholder, "\n",
        "Give each criterion a whole number: 1 fails, 2 poor, 3 fair, 4 good, 5 flawless. ",
        "No number may be larger than the first.\n", "Answer in four lines: one short reason, then\n",
        type.criteria[0], ": N\n", type.criteria[1], ": N\n", type.criteria[2], ": N\n");
  }
  return prompts;
}

const std::array<const char*, 3>& criteria(const std::string& type) {
  const auto found = types().find(type);
  UMM_CHECK(found != types().end(), "expected a type of ImgEdit-Bench, found ", type);
  return found->second.criteria;
}

std::string filled(std::string_view prompt, std::string_view instruction) {
  std::string text;
  for (size_t at = 0; at < prompt.size();) {
    const size_t place = prompt.find(kPlaceholder, at);
    text += prompt.substr(at, place - at);
    if (place == std::string_view::npos) break;
    text += instruction;
    at = place + kPlaceholder.size();
  }
  return text;
}

}  // namespace umm::imgedit
