#include "imgedit/prompts.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "../problem.h"
#include "../published_data.h"
#include "imgedit/reply.h"

namespace umm::imgedit {
namespace {

using ::testing::HasSubstr;

TEST(Filled, ReplacesEveryPlaceOnce) {
  EXPECT_EQ(filled("a <edit_prompt> b <edit_prompt>", "X"), "a X b X");
  EXPECT_EQ(filled("<edit_prompt>", "<edit_prompt>"), "<edit_prompt>")
      << "what was put in is not looked at again";
  EXPECT_EQ(filled("none", "X"), "none");
  EXPECT_EQ(filled("", "X"), "");
}

TEST(OwnPrompts, NameTheCriteriaAndHoldTheInstruction) {
  const Prompts prompts = own_prompts(Suite::basic);
  EXPECT_EQ(prompts.size(), kTypes.size());
  for (const char* type : kTypes) {
    std::string reply = "Looks right.\n";
    for (const char* criterion : criteria(type)) {
      EXPECT_THAT(prompts.at(type), HasSubstr(std::string(criterion) + ": N\n"));
      reply += std::string(criterion) + ": 4\n";
    }
    EXPECT_THAT(filled(prompts.at(type), "Add a cat."), HasSubstr("The edit asked for: Add a cat.\n"));
    // A judge that keeps to the form is understood by both parsers.
    EXPECT_TRUE(parse_strict(reply).ok());
    EXPECT_EQ(parse_reference(reply).values.size(), 3U);
  }
  EXPECT_THROW(criteria("Hybrid"), Error);
}

TEST(OwnPrompts, OfUgeAskForOneNumber) {
  const Prompts prompts = own_prompts(Suite::uge);
  const std::string text = filled(prompt_for(prompts, ""), "Add a cat.");
  EXPECT_THAT(text, HasSubstr("The edit asked for: Add a cat.\n"));
  EXPECT_EQ(parse_reference("Right.\nScore: 4").values.size(), 1U);
  EXPECT_THAT(text, HasSubstr("\nScore: N\n"));
  EXPECT_EQ(read_prompts(R"({"uge": "do <edit_prompt>"})", Suite::uge, "p.json").size(), 1U);
  EXPECT_THAT(testing::problem(
                  [] { read_published_prompts(R"({"uge": "do <edit_prompt>"})", Suite::uge, "p.json"); }),
              HasSubstr("p.json: expected the published text \"uge\" of ImgEdit-Bench (SHA-256 6cbfbab3"));
}

TEST(OwnPrompts, AreNotThePublishedOnes) {
  const std::string own = nlohmann::json(own_prompts(Suite::basic)).dump();
  EXPECT_EQ(read_prompts(own, Suite::basic, "own"), own_prompts(Suite::basic));
  EXPECT_THROW(read_published_prompts(own, Suite::basic, "own"), InputError);
}

TEST(ReadPrompts, WantsAllNineAndAPlace) {
  const auto problem = [](const std::string& text) {
    return testing::problem([&] { read_prompts(text, Suite::basic, "p.json"); });
  };
  EXPECT_THAT(problem("{}"), HasSubstr("p.json: expected a \"action\""));
  nlohmann::json placeless = own_prompts(Suite::basic);
  placeless["action"] = "no place";
  EXPECT_THAT(problem(placeless.dump()), HasSubstr("expected <edit_prompt> in the text \"action\""));
  EXPECT_THAT(problem(R"({"action": 3})"), HasSubstr("to be text, found 3"));
}

TEST(PublishedPrompts, AreKnownByTheirDigests) {
  const auto text = testing::published_file("imgedit/prompts.json");
  UMM_SKIP_WITHOUT(text, "imgedit/prompts.json");
  Prompts prompts = read_published_prompts(*text, Suite::basic, "prompts.json");
  prompts["style"] += " ";
  try {
    read_published_prompts(nlohmann::json(prompts).dump(), Suite::basic, "prompts.json");
    ADD_FAILURE() << "accepted a changed text";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(),
                HasSubstr("expected the published text \"style\" of ImgEdit-Bench (SHA-256 0b84dfc0"));
  }
}

TEST(PublishedPrompts, NameTheCriteria) {
  const auto text = testing::published_file("imgedit/prompts.json");
  UMM_SKIP_WITHOUT(text, "imgedit/prompts.json");
  const Prompts prompts = read_prompts(*text, Suite::basic, "prompts.json");
  for (const char* type : kTypes) {
    for (const char* criterion : criteria(type)) EXPECT_THAT(prompts.at(type), HasSubstr(criterion)) << type;
  }
}

}  // namespace
}  // namespace umm::imgedit
