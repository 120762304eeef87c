#include "gedit/prompts.h"

#include <gmock/gmock.h>

#include "../published_data.h"
#include "umm/error.h"
#include "umm/sha256.h"

namespace umm::gedit {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(GeditPrompts, OwnWordingAsksForWhatTheParserReads) {
  const JudgePrompts prompts = own_prompts();
  const std::string sc = sc_prompt(prompts, "make the sky <instruction> green");
  EXPECT_THAT(sc, HasSubstr("The editor was told: make the sky <instruction> green\n"));
  EXPECT_THAT(sc, HasSubstr("{\"score\": [first, second]"));
  EXPECT_THAT(prompts.perceptual_quality, HasSubstr("{\"score\": [first, second]"));
  EXPECT_THAT(prompts.perceptual_quality, Not(HasSubstr("<instruction>")));
}

TEST(GeditPrompts, OtherTextsCannotPassForThePublishedOnes) {
  const std::string other = R"({"SC": "do <instruction>", "PQ": "look"})";
  EXPECT_EQ(sc_prompt(read_prompts(other, "file.json"), "it"), "do it");
  EXPECT_THROW(read_published_prompts(other, "file.json"), InputError);
  EXPECT_NE(sha256(own_prompts().semantic_consistency), kPublishedSc);
  EXPECT_NE(sha256(own_prompts().perceptual_quality), kPublishedPq);
  EXPECT_THROW(read_prompts(R"({"SC": "no place for it", "PQ": "look"})", "file.json"), InputError);
}

TEST(GeditPrompts, ThePublishedFileIsKnown) {
  const auto file = testing::published_file("gedit/judge_prompts.json");
  UMM_SKIP_WITHOUT(file, "gedit/judge_prompts.json");
  const JudgePrompts prompts = read_published_prompts(*file, "judge_prompts.json");
  EXPECT_EQ(prompts.semantic_consistency.size(), 1512U);
  EXPECT_EQ(prompts.perceptual_quality.size(), 1184U);
  EXPECT_EQ(sc_prompt(prompts, "").size(), 1512U - 13);
  std::string changed = *file;
  changed.replace(changed.find("professional"), 1, "P");
  EXPECT_THROW(read_published_prompts(changed, "judge_prompts.json"), InputError);
}

}  // namespace
}  // namespace umm::gedit
