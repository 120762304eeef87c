// Judge prompts, see prompts.h.
#include "prompts.h"

#include "prompt_texts.h"
#include "umm/error.h"

namespace umm::imgedit {
namespace {

constexpr std::string_view kPlaceholder = "<edit_prompt>";

// SHA-256 of the text in Benchmark/UGE/UGE_bench.py at revision 547185d, 2055 bytes, the line feeds at its
// ends among them.
constexpr std::string_view kPublishedUge = "6cbfbab32009ec5b00d3ed923c147527d9b1365f48b3ea6e8111339a39336da6";

struct Type {
  std::array<const char*, 3> criteria;
  const char* published;  // SHA-256 of the text
};

const std::map<std::string, Type>& types() {
  static const std::map<std::string, Type> all = {
      {"replace",
       {{"Prompt Compliance", "Visual Naturalness", "Physical & Detail Integrity"},
        "113cba9c7b7ef0b6aec3db2ab1c5172e69b624dc6ab33417c95dce41e8ed374d"}},
      {"remove",
       {{"Prompt Compliance", "Visual Naturalness", "Physical & Detail Integrity"},
        "ce82586c25f5e8cbe81ef5d2088b14c07ae9a672e2fc6a8ad7bf33692fcd73bf"}},
      {"add",
       {{"Prompt Compliance", "Visual Naturalness", "Physical & Detail Coherence"},
        "8a653823ed9563864fc4f733b7049eb53fcdad8f1616111f77b3c8d4aceefcbf"}},
      {"adjust",
       {{"Prompt Compliance", "Visual Seamlessness", "Physical & Detail Fidelity"},
        "34c3ca70a7a6bd4e729d5b6ca3f6bab552eb723eef58bac6607555659b7f7fe7"}},
      {"style",
       {{"Style Fidelity", "Content Preservation", "Rendering Quality"},
        "0b84dfc09fc4a7233efcbec61b4d8b23039068dfffee531bb3fb47b6004629c3"}},
      {"action",
       {{"Action Fidelity", "Identity Preservation", "Visual & Anatomical Coherence"},
        "2dfb82168c6e86c9996bcd43076ec0dbc74eb1113e43a0d2cc273dec62cd674b"}},
      {"extract",
       {{"Object Identity", "Mask Precision", "Visual Quality"},
        "38bdeafbac4ea4f9b53f42d1b4709c4b714d5771025e3716271dcf29b9f126ff"}},
      {"background",
       {{"Instruction Compliance", "Visual Seamlessness", "Physical Consistency"},
        "9bfce039169b23d6eadce6314201a9a8c6fa82c12f6162da5554929907e7192d"}},
      {"compose",
       {{"Instruction Compliance", "Visual Naturalness", "Physical Consistency & Fine Detail"},
        "16f4f72a0d8db2e554a4c8db88d859b31e0d90d6ed594292622baefe408aa7cf"}}};
  return all;
}

Prompts own_basic_prompts() {
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

}  // namespace

Prompts own_prompts(Suite suite) {
  if (suite == Suite::basic) return own_basic_prompts();
  return {
      {kUgePrompt, detail::concat("Two pictures follow: one before and one after an edit.\n",
                                  "The edit asked for: ", kPlaceholder, "\n",
                                  "Judge what was asked for, what was to stay as it was, and how natural the "
                                  "result is. 1 fails, 2 poor, 3 fair, 4 good, 5 flawless; ",
                                  "at most 3 where anything else has changed.\n",
                                  "Answer in two lines: one short reason, then\n", "Score: N\n")}};
}

Prompts read_prompts(const std::string& json, Suite suite, const std::string& where) {
  std::vector<std::string> names;
  for (const auto& [name, text] : own_prompts(suite)) names.push_back(name);
  Prompts prompts = evaluators::read_texts(json, names, where);
  for (const auto& [name, text] : prompts) evaluators::expect_placeholder(text, kPlaceholder, name, where);
  return prompts;
}

Prompts read_published_prompts(const std::string& json, Suite suite, const std::string& where) {
  Prompts prompts = read_prompts(json, suite, where);
  if (suite == Suite::uge) {
    evaluators::expect_sha256(prompts.at(kUgePrompt), kPublishedUge, "text \"uge\" of ImgEdit-Bench", where);
    return prompts;
  }
  for (const auto& [name, type] : types())
    evaluators::expect_sha256(prompts.at(name), type.published, "text \"" + name + "\" of ImgEdit-Bench",
                              where);
  return prompts;
}

const std::string& prompt_for(const Prompts& prompts, const std::string& type) {
  return prompts.at(type.empty() ? kUgePrompt : type);
}

const std::array<const char*, 3>& criteria(const std::string& type) {
  const auto found = types().find(type);
  UMM_CHECK(found != types().end(), "expected a type of ImgEdit-Bench, found ", type);
  return found->second.criteria;
}

std::string filled(std::string_view prompt, std::string_view instruction) {
  return evaluators::with_values(prompt, {{kPlaceholder, instruction}});
}

}  // namespace umm::imgedit
