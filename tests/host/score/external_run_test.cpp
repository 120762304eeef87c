#include "score/external_run.h"

#include <gmock/gmock.h>

#include "tests/host/evaluate/fake_experiment.h"

namespace umm::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// The fakes, and a benchmark that asks a judge.
Catalogue catalogue() {
  auto plugins = fake_catalogue().entries();
  const auto add = [&](PluginKind kind, const char* id, std::vector<PluginKind> asks) {
    plugins.push_back(plugin({.kind = kind, .id = id, .asks = std::move(asks)}));
  };
  add(PluginKind::judge, "openai", {});
  add(PluginKind::judge, "tiny_world", {});
  add(PluginKind::evaluator, "judged", {PluginKind::judge});
  return with_external(Catalogue::of(std::move(plugins)));
}

ExternalRun external(const std::string& benchmark) {
  ExternalRun run;
  run.benchmark = benchmark;
  run.prompts = "fake_prompts";
  run.sweep = run.label = "theirs";
  return run;
}

std::string problem(const ExternalRun& run) {
  try {
    external_experiment(run, catalogue());
  } catch (const InputError& error) {
    return error.what();
  }
  return "no InputError";
}

TEST(ExternalRun, KeysInTheUrlAreInNothingThatIsStored) {
  auto run = external("judged");
  for (const std::string url : {"https://me:secret@host:8443/v1?api-key=secret", "http://host/v1#secret",
                                "http://secret@host", "host/v1?secret"}) {
    run.judge_url = url;
    const Experiment experiment = external_experiment(run, catalogue());
    EXPECT_EQ(experiment.runs[0].resources.judge.url, url);
    EXPECT_THAT(experiment.spec_text, HasSubstr("host"));
    EXPECT_THAT(experiment.spec_text, Not(HasSubstr("secret")));
    ASSERT_FALSE(experiment.settings.empty());
    EXPECT_FALSE(experiment.runs[0].settings.empty());
    for (const auto& setting : experiment.settings) EXPECT_THAT(setting.value, Not(HasSubstr("secret")));
  }
  run.judge_url = "http://host/a@b/v1";
  EXPECT_THAT(external_experiment(run, catalogue()).spec_text, HasSubstr("http://host/a@b/v1"));
  run.sets = {"resources.judge.url=\"http://secret@host\""};
  EXPECT_THAT(problem(run), HasSubstr("expected the judge's URL as --judge URL"));
}

TEST(ExternalRun, TheJudgesServerIsSetAsInSpecs) {
  auto run = external("judged");
  run.judge_url = "http://host/v1";
  run.sets = {"resources.judge.parallel=2", "resources.judge.max_tokens=1000",
              "resources.judge.key_file=\"key.txt\""};
  const auto judge = external_experiment(run, catalogue()).runs[0].resources.judge;
  EXPECT_EQ(judge.parallel, 2);
  EXPECT_EQ(judge.max_tokens, 1000);
  EXPECT_EQ(judge.key_file, "key.txt");
  run.sets = {"resources.judge.paralel=2"};
  EXPECT_THAT(problem(run), HasSubstr("did you mean `parallel`"));
}

TEST(ExternalRun, AJudgeIsAskedAboutOnePictureOfEachItem) {
  auto run = external("judged");
  EXPECT_EQ(external_experiment(run, catalogue()).runs[0].evaluations[0].images_per_prompt, 1);
  run.sets = {"images_per_prompt=2"};
  EXPECT_EQ(external_experiment(run, catalogue()).runs[0].evaluations[0].images_per_prompt, 2);
  run = external("brightness");
  run.sets = {"detector=\"blind\""};
  EXPECT_EQ(external_experiment(run, catalogue()).runs[0].evaluations[0].images_per_prompt, 4);
}

TEST(ExternalRun, WhoeverIsNotAskedIsNotNamed) {
  auto run = external("brightness");
  EXPECT_THAT(problem(run), HasSubstr("`eval.brightness.detector` is missing"));
  run.only_evidence = true;
  EXPECT_TRUE(external_experiment(run, catalogue()).runs[0].evaluations[0].providers.empty());
  run.sets = {"detector=\"blind\""};
  EXPECT_TRUE(
      external_experiment(run, catalogue()).runs[0].evaluations[0].providers.contains(PluginKind::detector));
}

TEST(ExternalRun, OptionsThatNobodyHeedsAreRefused) {
  auto run = external("brightness");
  run.sets = {"detector=\"blind\""};
  run.judge_url = "http://host/v1";
  EXPECT_THAT(problem(run), HasSubstr("--judge: brightness asks no judge"));
  run = external("judged");
  run.sets = {"judge=\"tiny_world\""};
  run.replies = "replies";
  EXPECT_THAT(problem(run), HasSubstr("--replay: judged asks the judge tiny_world"));
  run.sets = {"judge=\"openai\""};
  run.replies = "";
  run.oracle = true;
  EXPECT_THAT(problem(run), HasSubstr("judged asks the judge openai; drop --oracle"));
}

}  // namespace
}  // namespace umm::testing
