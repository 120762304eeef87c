#include "witnesses.h"

#include <gtest/gtest.h>

#include "images/encode.h"
#include "pictures.h"
#include "wise/prompts.h"
#include "wise/reply_parser.h"

namespace umm::tiny_world {
namespace {

// A red circle top left, a blue square bottom right.
const Scene kScene{{{0, 0, 0}, {1, 3, 3}}};

JudgeRequest request(const std::string& explanation, const Image* picture,
                     wise::Generation generation = wise::Generation::legacy) {
  const wise::JudgePrompts prompts = wise::own_prompts(generation);
  wise::Record record;
  record.prompt = "a photo of something";
  record.explanation = explanation;
  JudgeRequest request{.system = prompts.system};
  request.parts.push_back({.text = wise::user_prompt(prompts, record)});
  if (picture != nullptr) {
    const auto bytes = images::encode_png(*picture);
    request.parts.push_back({.media_type = "image/png", .bytes = std::string(bytes.begin(), bytes.end())});
  }
  return request;
}

wise::ThreeScores scores(const std::string& explanation, const Image& picture) {
  const JudgeReply reply = OracleJudge().ask(request(explanation, &picture));
  EXPECT_EQ(reply.status, ReplyStatus::answered);
  return wise::parse_three_scores(reply.text, wise::Dialect::upstream);
}

TEST(OracleAnswerer, SaysYesToWhatIsSo) {
  OracleAnswerer answerer;
  const std::vector<std::string> questions = {"Is there a red circle?", "Is there a blue circle?",
                                              "Is it night?", ""};
  std::vector<std::string> texts;
  for (const Answer& answer : answerer.answer(render(kScene, 32), questions)) texts.push_back(answer.text);
  EXPECT_EQ(texts, (std::vector<std::string>{"yes", "no", "no", "no"}));
}

TEST(OracleJudge, TellsHowFarThePictureIsWhatIsMeant) {
  const Image picture = render(kScene, 32);
  EXPECT_EQ(scores("a red circle", picture).consistency, 2);
  EXPECT_EQ(scores("a green circle", picture).consistency, 1) << "a circle it is";
  EXPECT_EQ(scores("three circles", picture).consistency, 1);
  EXPECT_EQ(scores("a square above a circle", picture).consistency, 1);
  EXPECT_EQ(scores("a ring above a circle", picture).consistency, 0);
  EXPECT_EQ(scores("a green ring", picture).consistency, 0);
}

TEST(OracleJudge, TellsHowThePictureIsMade) {
  const wise::ThreeScores clean = scores("a ring", render(kScene, 64));
  EXPECT_EQ(clean.consistency, 0);
  EXPECT_EQ(clean.realism, 2);
  EXPECT_EQ(clean.aesthetic_quality, 2);
  const wise::ThreeScores empty = scores("a ring", render({}, 32));
  EXPECT_EQ(empty.realism, 0);
  EXPECT_EQ(empty.aesthetic_quality, 0);
  Image worn = render(kScene, 32);
  for (int64_t y = 0; y < 8; ++y)  // a quarter of the circle
    for (int64_t x = 0; x < 8; ++x) std::copy(kBackground.begin(), kBackground.end(), worn.pixel(x, y));
  EXPECT_EQ(scores("a ring", worn).realism, 1);
}

TEST(OracleJudge, RepliesToTheVerifiedQuestionWithOneScore) {
  const Image picture = render(kScene, 32);
  const auto score = [&](const std::string& explanation) {
    return wise::parse_binary_score(
        OracleJudge().ask(request(explanation, &picture, wise::Generation::verified)).text);
  };
  EXPECT_EQ(score("a red circle"), 1);
  EXPECT_EQ(score("a green circle"), 0);
}

TEST(OracleJudge, SaysSoWhereItCannotTell) {
  const Image picture = render(kScene, 32);
  for (const JudgeRequest& asked :
       {JudgeRequest{}, request("a red circle", nullptr), request("a dog", &picture)}) {
    const JudgeReply reply = OracleJudge().ask(asked);
    EXPECT_EQ(reply.status, ReplyStatus::answered);
    EXPECT_FALSE(wise::parse_three_scores(reply.text, wise::Dialect::upstream).consistency) << reply.text;
  }
}

}  // namespace
}  // namespace umm::tiny_world
