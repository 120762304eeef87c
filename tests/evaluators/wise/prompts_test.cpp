#include "wise/prompts.h"

#include <gmock/gmock.h>

#include "../published_data.h"
#include "umm/error.h"

namespace umm::wise {
namespace {

using ::testing::HasSubstr;

constexpr Generation kGenerations[] = {Generation::legacy, Generation::verified};

Record record(const std::string& prompt, const std::string& explanation) {
  Record record;
  record.prompt = prompt;
  record.explanation = explanation;
  return record;
}

TEST(WisePrompts, OwnWordingAsksForWhatTheParsersRead) {
  for (const Generation generation : kGenerations) {
    const JudgePrompts prompts = own_prompts(generation);
    const std::string user = user_prompt(prompts, record("a <explanation>", "E"));
    EXPECT_THAT(user, HasSubstr("The sentence: a <explanation>\nWhat a right picture shows: E\n"));
    EXPECT_NE(prompts.system, "");
  }
  const std::string legacy = own_prompts(Generation::legacy).user;
  EXPECT_THAT(legacy, HasSubstr("\nConsistency: 0\nRealism: 0\nAesthetic Quality: 0\n"));
  EXPECT_THAT(own_prompts(Generation::verified).user, HasSubstr("Score: 1"));
}

TEST(WisePrompts, OtherTextsCannotPassForThePublishedOnes) {
  const std::string other = R"({"system": "judge", "user": "<prompt>, that is <explanation>"})";
  EXPECT_EQ(user_prompt(read_prompts(other, "file.json"), record("a", "b")), "a, that is b");
  for (const Generation generation : kGenerations)
    EXPECT_THROW(read_published_prompts(other, generation, "file.json"), InputError);
  EXPECT_THROW(read_prompts(R"({"system": "judge", "user": "<prompt>"})", "file.json"), InputError);
  EXPECT_THROW(read_prompts(R"({"system": "judge", "user": "<explanation>"})", "file.json"), InputError);
}

TEST(WisePrompts, ThePublishedFilesAreKnown) {
  for (const Generation generation : kGenerations) {
    const std::string name = generation == Generation::legacy ? "wise/judge_prompts_legacy.json"
                                                              : "wise/judge_prompts_verified.json";
    const auto file = testing::published_file(name);
    if (!file)
      GTEST_SKIP()
          << testing::published_path(name)
          << " is not here: no one publishes it. Put {\"system\", \"user\"} together from the two texts in "
             "build_evaluation_messages() of PKU-YuanGroup/WISE at eb51174 (WISE_legacy/gpt_eval.py, "
             "vllm_eval.py), <prompt> and <explanation> in place of the item's, and set UMM_SHARED_DATA";
    const JudgePrompts prompts = read_published_prompts(*file, generation, name);
    EXPECT_EQ(user_prompt(prompts, record("P", "E")).size(),
              generation == Generation::legacy ? 3363U : 3415U);
    const Generation other = generation == Generation::legacy ? Generation::verified : Generation::legacy;
    EXPECT_THROW(read_published_prompts(*file, other, name), InputError);
  }
}

}  // namespace
}  // namespace umm::wise
