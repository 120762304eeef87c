// Whom evaluators ask for evidence, and where judges are reached.
#include <gmock/gmock.h>

#include "spec_fixture.h"

namespace umm {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(Evaluations, NameThoseWhomTheirEvaluatorAsksAndNoOthers) {
  const SpecFolder folder;
  const std::string gedit = "[eval.gedit]\nprompts = \"world\"\n";
  EXPECT_THAT(folder.problems(kMinimal + gedit), ElementsAre("S107 16:7"));
  EXPECT_THAT(folder.message(kMinimal + gedit), HasSubstr("`eval.gedit.judge`"));
  EXPECT_THAT(folder.problems(kMinimal + gedit + "judge = \"gtp\"\n"), ElementsAre("S110 18:9"));
  EXPECT_THAT(folder.problems(kMinimal + gedit + "judge = \"gpt\"\ndetector = \"oracle\"\n"),
              ElementsAre("S152 19:12"));
  EXPECT_THAT(folder.problems(kMinimal + kEvaluation + "judge_options = { model = \"x\" }\n"),
              ElementsAre("S101 19:1"));
  const std::string whole = kMinimal + gedit + "judge = \"gpt\"\njudge_options = { model = \"large\" }\n";
  const auto evaluation = folder.read(whole).runs.at(0).evaluations.at(0);
  ASSERT_EQ(evaluation.providers.size(), 1u);
  EXPECT_EQ(evaluation.providers.at(PluginKind::judge).options.text("model"), "large");
  const auto other = folder.read(replaced(whole, "large", "small")).runs.at(0).evaluations.at(0);
  EXPECT_NE(other.protocol_hash, evaluation.protocol_hash);
}

TEST(Evaluations, WhereAJudgeIsReachedChangesNoScore) {
  const SpecFolder folder;
  const std::string spec = kMinimal + "[eval.gedit]\nprompts = \"world\"\njudge = \"gpt\"\n";
  const auto run = folder
                       .read(spec +
                             "[resources.judge]\nurl = \"http://a\"\nkey_variable = \"KEY\"\n"
                             "max_cost = 5\nprice_in = 2\n")
                       .runs.at(0);
  EXPECT_EQ(run.resources.judge.url, "http://a");
  EXPECT_EQ(run.resources.judge.max_cost, 5);
  EXPECT_EQ(run.identity, folder.read(spec).runs.at(0).identity);
  EXPECT_THAT(folder.problems(spec + "[resources.judge]\nkey_file = \"f\"\nkey_variable = \"KEY\"\n"),
              ElementsAre("S124 20:12"));
  EXPECT_THAT(folder.problems(spec + "[resources.judge]\nmax_cost = 5\n"), ElementsAre("S124 20:12"));
  EXPECT_THAT(folder.problems(spec + "[resources.judge]\nprice = 5\n"), ElementsAre("S101 20:1"));
}

TEST(Evaluations, AKeyInThePlaceOfItsVariableIsNotShown) {
  const SpecFolder folder;
  const std::string spec = kMinimal + "[eval.gedit]\nprompts = \"world\"\njudge = \"gpt\"\n";
  for (const char* key : {"sk-proj-SECRET", "1SECRET", "SECRET KEY", "SECRET="}) {
    const std::string text = folder.message(
        spec + "[resources.judge]\nurl = \"http://a\"\nkey_variable = \"" + std::string(key) + "\"\n");
    EXPECT_THAT(text, AllOf(HasSubstr("error[S124]"), HasSubstr(":21:16) is no name of a variable"),
                            Not(HasSubstr("SECRET"))));
    EXPECT_THAT(folder.message(spec, {"resources.judge.key_variable=\"" + std::string(key) + "\""}),
                AllOf(HasSubstr("is no name of a variable"), Not(HasSubstr("SECRET"))));
  }
}

TEST(Evaluations, AKeyInTheUrlIsRefusedAndNotShown) {
  const SpecFolder folder;
  const std::string spec = kMinimal + "[eval.gedit]\nprompts = \"world\"\njudge = \"gpt\"\n";
  const auto with = [&](const std::string& url) {
    return spec + "[resources.judge]\nurl = \"" + url + "\"\n";
  };
  for (const std::string url :
       {"https://SECRET@host/v1", "https://me:SECRET@host/v1", "http://host/v1?api-key=SECRET",
        "http://host/v1#SECRET", "host/v1?SECRET", "https://host/v1?api-version=2024-10-21&api-key=SECRET",
        "https://SECRET@host/v1?api-version=2024-10-21", "https://host/v1?key=SECRET?api-version=1"}) {
    EXPECT_THAT(folder.message(with(url)),
                AllOf(HasSubstr("error[S124]"), HasSubstr(":20:7) has a part in which keys may be"),
                      Not(HasSubstr("SECRET"))))
        << url;
    EXPECT_THAT(folder.message(spec, {"resources.judge.url=\"" + url + "\""}),
                AllOf(HasSubstr("`resources.judge.url` (--set"), Not(HasSubstr("SECRET"))));
  }
  for (const std::string url : {"http://localhost:8000/v1", "http://host/a@b/v1",
                                "https://me.azure.com/openai/deployments/d?api-version=2024-10-01-preview"})
    EXPECT_EQ(folder.read(with(url)).runs.at(0).resources.judge.url, url);
}

TEST(Evaluations, AKeyFileLiesBesideTheSpec) {
  const SpecFolder folder;
  const std::string spec = kMinimal + "[eval.gedit]\nprompts = \"world\"\njudge = \"gpt\"\n" +
                           "[resources.judge]\nkey_file = \"keys/mine\"\n";
  const auto run = folder.read(spec).runs.at(0);
  EXPECT_EQ(run.resources.judge.key_file, folder.path("keys/mine"));
  EXPECT_THAT(run.inputs, Not(testing::Contains(testing::Key(folder.path("keys/mine")))));
}

}  // namespace
}  // namespace umm
