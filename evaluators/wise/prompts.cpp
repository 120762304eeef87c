#include "prompts.h"

#include "prompt_texts.h"

namespace umm::wise {
namespace {

constexpr std::string_view kPrompt = "<prompt>", kExplanation = "<explanation>";

// SHA-256 of the published texts, the user's with P for the prompt and E for the explanation.
struct Published {
  std::string_view system, user;
};

constexpr Published kLegacy = {"1034e394de55d899eb78e5ad09835de551cefa5bfeb0ba4bf452c83f6285ffc0",
                               "be45abe2bc1096587952a55b25364679760a5c75c98a218bd20f798ced1b621f"};
constexpr Published kVerified = {"c9b9e5e189408801a05c600dfc385addc37bb1ebe9b933c74202ea72eb415f8c",
                                 "3a2a86ff9512bdc80fe4de03156b61a956b48d0be9125042e141a7dc7bf73bb9"};

constexpr const char* kOwnSystem = "You judge pictures that a program made from a sentence.";

constexpr const char* kOwnLegacy = R"(The sentence: <prompt>
What a right picture shows: <explanation>

Judge the picture in three respects, each with 0, 1 or 2. In doubt, take the lower.
Consistency: does it show what the sentence means? 0: no, or something else. 1: in part. 2: all of it.
Realism: could it be a photograph? 0: it breaks physics or is plainly made. 1: small flaws. 2: no flaw.
Aesthetic Quality: is it well composed and pleasant to see? 0: no. 1: it is ordinary. 2: it is outstanding.

Answer with these three lines, the numbers replaced by yours, and nothing else:
Consistency: 0
Realism: 0
Aesthetic Quality: 0
)";

constexpr const char* kOwnVerified = R"(The sentence: <prompt>
What a right picture shows: <explanation>

Does the picture show what the sentence means, and clearly enough to be sure of it? Beauty and style do not
count. In doubt, the answer is no.

Answer with one line and nothing else: "Score: 1" for yes, "Score: 0" for no.
)";

}  // namespace

JudgePrompts own_prompts(Generation generation) {
  return {kOwnSystem, generation == Generation::legacy ? kOwnLegacy : kOwnVerified};
}

JudgePrompts read_prompts(const std::string& json, const std::string& where) {
  auto texts = evaluators::read_texts(json, {"system", "user"}, where);
  for (const std::string_view placeholder : {kPrompt, kExplanation})
    evaluators::expect_placeholder(texts["user"], placeholder, "user", where);
  return {std::move(texts["system"]), std::move(texts["user"])};
}

JudgePrompts read_published_prompts(const std::string& json, Generation generation,
                                    const std::string& where) {
  JudgePrompts prompts = read_prompts(json, where);
  const Published& published = generation == Generation::legacy ? kLegacy : kVerified;
  evaluators::expect_sha256(prompts.system, published.system, "text \"system\" of WISE", where);
  evaluators::expect_sha256(evaluators::with_values(prompts.user, {{kPrompt, "P"}, {kExplanation, "E"}}),
                            published.user, "text \"user\" of WISE, with P and E in it,", where);
  return prompts;
}

std::string user_prompt(const JudgePrompts& prompts, const Record& record) {
  return evaluators::with_values(prompts.user,
                                 {{kPrompt, record.prompt}, {kExplanation, record.explanation}});
}

}  // namespace umm::wise
