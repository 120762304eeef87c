#include "prompts.h"

#include "prompt_texts.h"

namespace umm::gedit {
namespace {

constexpr std::string_view kInstruction = "<instruction>";

constexpr const char* kOwnSc = R"(You see two pictures: a source, then the result of editing it.

The editor was told: <instruction>

Give two whole numbers from 0 to 10.
1. Was the instruction carried out? 0: not at all. 10: completely.
2. Was everything else left alone? 0: the result has nothing in common with the source. 10: nothing changed
that the instruction does not call for.

Answer with one JSON object and nothing else:
{"score": [first, second], "reasoning": "one or two sentences"}
)";

constexpr const char* kOwnPq = R"(You see one picture that a program made.

Give two whole numbers from 0 to 10.
1. Does it look natural? 0: light, shadows, distances or proportions are plainly wrong. 10: nothing is amiss.
2. Is it free of flaws such as smears, seams, noise, watermarks or misshapen bodies? 0: they cover it.
10: there are none.

Answer with one JSON object and nothing else:
{"score": [first, second], "reasoning": "one or two sentences"}
)";

}  // namespace

JudgePrompts own_prompts() {
  return {kOwnSc, kOwnPq};
}

JudgePrompts read_prompts(const std::string& json, const std::string& where) {
  auto texts = evaluators::read_texts(json, {"SC", "PQ"}, where);
  evaluators::expect_placeholder(texts["SC"], kInstruction, "SC", where);
  return {std::move(texts["SC"]), std::move(texts["PQ"])};
}

JudgePrompts read_published_prompts(const std::string& json, const std::string& where) {
  JudgePrompts prompts = read_prompts(json, where);
  evaluators::expect_sha256(prompts.semantic_consistency, kPublishedSc, "text \"SC\" of VIEScore", where);
  evaluators::expect_sha256(prompts.perceptual_quality, kPublishedPq, "text \"PQ\" of VIEScore", where);
  return prompts;
}

std::string sc_prompt(const JudgePrompts& prompts, std::string_view instruction) {
  return evaluators::with_values(prompts.semantic_consistency, {{kInstruction, instruction}});
}

}  // namespace umm::gedit
