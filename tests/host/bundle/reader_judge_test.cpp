#include "bundle/reader_judge.h"

#include <gmock/gmock.h>

#include <functional>

#include "umm/error.h"

namespace umm {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string error_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

RunConfig judged() {
  RunConfig run;
  run.name = "base, seed 0";
  run.evaluations.resize(1);
  run.evaluations[0].name = "imgedit";
  run.evaluations[0].providers[PluginKind::judge].id = "served";
  auto& judge = run.resources.judge;
  judge.url = "http://author";
  judge.key_variable = "SECRET";
  judge.max_cost = 5;
  judge.replay_only = true;
  return run;
}

TEST(ReaderJudge, NoKeyOfAReaderGoesWhereAnAuthorSays) {
  RunConfig run = judged();
  EXPECT_THAT(error_of([&] { choose_judge({}, run); }), HasSubstr("imgedit asks a judge"));
  run.resources.judge.key_variable = "";
  run.resources.judge.key_file = "/home/reader/key";
  choose_judge({.url = "http://reader", .key_variable = "MINE"}, run);
  EXPECT_EQ(run.resources.judge.url, "http://reader");
  EXPECT_EQ(run.resources.judge.key_variable, "MINE");
  EXPECT_EQ(run.resources.judge.key_file, "");
  EXPECT_EQ(run.resources.judge.max_cost, 5);
  EXPECT_FALSE(run.resources.judge.replay_only) << "replies of another folder are not here";
}

TEST(ReaderJudge, WhereNoneIsAskedNoneIsMissing) {
  RunConfig run = judged();
  run.evaluations[0].providers.clear();
  choose_judge({}, run);
  EXPECT_EQ(run.resources.judge.url, "");
  EXPECT_EQ(run.resources.judge.key_variable, "");
}

TEST(ReaderJudge, AKeyInTheUrlIsNotShown) {
  EXPECT_EQ(error_of([] { check({.url = "https://a/d?api-version=2024-10-21", .key_variable = ""}); }), "");
  for (const char* url : {"https://SECRET@a", "https://a?key=SECRET", "https://a#SECRET"})
    EXPECT_THAT(error_of([&] { check({.url = url, .key_variable = ""}); }),
                AllOf(HasSubstr("--judge: expected the base URL"), Not(HasSubstr("SECRET"))));
}

TEST(ReaderJudge, AKeyInThePlaceOfItsVariableIsNotShown) {
  EXPECT_EQ(error_of([] { check({.url = "http://a", .key_variable = "MY_KEY_2"}); }), "");
  EXPECT_THAT(error_of([] { check({.url = "http://a", .key_variable = "sk-SECRET"}); }),
              AllOf(HasSubstr("expected the name of a variable"), Not(HasSubstr("SECRET"))));
}

}  // namespace
}  // namespace umm
