// `extends`: what a file says over another.
#include "spec/files.h"

#include <gmock/gmock.h>

#include "spec_fixture.h"

namespace umm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kChild = "schema = 1\nextends = \"base.toml\"\n";

std::vector<std::string> names(const Experiment& experiment) {
  std::vector<std::string> result;
  for (const RunConfig& run : experiment.runs) result.push_back(run.name);
  return result;
}

class Extends : public testing::Test {
 protected:
  // `child` over `parent`.
  Experiment read(const std::string& parent, const std::string& child,
                  const std::vector<std::string>& sets = {}) const {
    folder_.write("base.toml", parent);
    return folder_.read(kChild + child, sets);
  }
  std::vector<std::string> problems(const std::string& parent, const std::string& child) const {
    folder_.write("base.toml", parent);
    return folder_.problems(kChild + child);
  }

  SpecFolder folder_;
};

TEST_F(Extends, NothingAddedIsTheSameRun) {
  EXPECT_EQ(read(kMinimal + kEvaluation, "").runs.at(0).identity,
            folder_.read(kMinimal + kEvaluation).runs.at(0).identity);
}

TEST_F(Extends, OrderOfApplication) {
  std::string parent = replaced(kMinimal, "updates = 10\n", "updates = 10\nwarmup = 1\n");
  std::string child;
  const auto warmup = [&](const std::vector<std::string>& sets = {}) {
    return read(parent, child, sets).runs.at(0).stages.at(0).train.warmup_updates;
  };
  EXPECT_EQ(warmup(), 1);
  child += "[base.train]\nwarmup = 2\n";
  EXPECT_EQ(warmup(), 2);
  child += "[[axis]]\nname = \"w\"\nkey = \"train.warmup\"\nvalues = [3]\n";
  EXPECT_EQ(warmup(), 3);
  child += "[[arm]]\nwhen = { w = 3 }\nset = { \"train.warmup\" = 4 }\n";
  EXPECT_EQ(warmup(), 4);
  EXPECT_EQ(warmup({"train.warmup=5"}), 5);
}

TEST_F(Extends, TablesAreMergedKeyByKey) {
  const Experiment experiment = read(kMinimal + kEvaluation + "[resources]\nthreads = 3\n",
                                     "[base.train]\nlr = 1\n[eval.geneval]\nimages_per_prompt = 2\n"
                                     "[resources]\ndevice = \"cpu\"\n[eval.more]\nuse = \"geneval\"\n"
                                     "prompts = \"world\"\ndetector = \"oracle\"\n");
  const RunConfig& run = experiment.runs.at(0);
  EXPECT_EQ(run.stages[0].train.learning_rate, 1);
  EXPECT_EQ(run.stages[0].train.updates, 10);
  EXPECT_EQ(run.resources.threads, 3);
  EXPECT_EQ(run.resources.device, "cpu");
  ASSERT_EQ(run.evaluations.size(), 2u);
  EXPECT_EQ(run.evaluations[0].name, "geneval");
  EXPECT_EQ(run.evaluations[0].images_per_prompt, 2);
  EXPECT_EQ(run.evaluations[0].providers.at(PluginKind::detector).id, "oracle");
  EXPECT_EQ(run.evaluations[1].name, "more");
}

TEST_F(Extends, OptionsGoWithTheirPlugin) {
  const std::string parent = replaced(kMinimal, "\"reca\"", "\"reca\"\nlambda_recon = 2");
  const auto run =
      read(parent, "[base.method]\nuse = \"sft\"\n[base.data.t2i]\nuse = \"world\"\nbatch = 1\n").runs.at(0);
  EXPECT_EQ(run.stages[0].method.id, "sft");
  const auto same = read(parent, "[base.method]\nuse = \"reca\"\n").runs.at(0);
  EXPECT_EQ(same.stages[0].method.options.number("lambda_recon"), 2);
}

TEST_F(Extends, SamplingGoesWithTheArchitecture) {
  const std::string parent = kMinimal + kEvaluation + "sampling = { steps = 3 }\n";
  EXPECT_THAT(problems(parent, "[base.architecture]\nuse = \"blind\"\n"),
              ElementsAre("S140 4:7", "S140 4:7"));
}

TEST_F(Extends, AnOptionThatIsCalledProtocolIsNone) {
  EXPECT_THAT(problems(kMinimal + kEvaluation + "detector_options = { treshold = 1 }\n",
                       "[eval.geneval.detector_options]\nprotocol = 1\n"),
              ElementsAre("S101 4:1", "S101 base.toml:19:22"));
}

TEST_F(Extends, OnlyAChildMustUseAllItsData) {
  const std::string t2i = "[base.data.t2i]\nuse = \"world\"\nbatch = 1\n";
  EXPECT_THAT(problems(kMinimal + t2i, ""), IsEmpty());
  EXPECT_THAT(problems(kMinimal, t2i), ElementsAre("S142 3:12"));
  EXPECT_THAT(problems(replaced(kMinimal, "batch = 8", "batch = 8\nsede = 3"), ""),
              ElementsAre("S101 base.toml:13:1"));
}

TEST_F(Extends, WhatHasANameIsReplacedInItsPlaceOrAppended) {
  const std::string rates = "[[axis]]\nname = \"lr\"\nkey = \"train.lr\"\nvalues = [1, 2]\n";
  const std::string parent =
      kMinimal + rates + kSeeds + "[[reference]]\nname = \"base\"\n" +
      "[[arm]]\nname = \"long\"\nwhen = { lr = 1 }\nset = { \"train.updates\" = 99 }\n";
  EXPECT_THAT(names(read(parent, replaced(kSeeds, "[0, 1, 2]", "[7]") +
                                     "[[axis]]\nname = \"w\"\nkey = \"train.warmup\"\nvalues = [0]\n"
                                     "[[reference]]\nname = \"more\"\n")),
              ElementsAre("base", "more", "1, 0, seed 7", "2, 0, seed 7"));
  const std::string arm = "[[arm]]\nname = \"long\"\nwhen = { lr = 2 }\nset = { \"train.updates\" = 50 }\n";
  const auto updates = [&](const std::string& child) {
    const auto runs = read(parent, child, {"seed=0"}).runs;
    return std::pair(runs.at(1).stages[0].train.updates, runs.at(2).stages[0].train.updates);
  };
  EXPECT_EQ(updates(""), std::pair(int64_t{99}, int64_t{10}));
  EXPECT_EQ(updates(arm), std::pair(int64_t{10}, int64_t{50}));
  // Another name is another arm, and two that set one key for the same runs are a mistake as in one file.
  EXPECT_EQ(updates(replaced(arm, "long", "longer")), std::pair(int64_t{99}, int64_t{50}));
  EXPECT_THAT(problems(parent, replaced(replaced(arm, "long", "longer"), "lr = 2", "seed = 0")),
              ElementsAre("S150 6:16"));
  EXPECT_THAT(folder_.message(kChild + replaced(replaced(arm, "long", "longer"), "lr = 2", "seed = 0")),
              HasSubstr("the other: base.toml:30:16; first clash"));
}

TEST_F(Extends, StagesOfTheSameNameAreReplacedWhole) {
  const std::string parent =
      kMinimal + "[[stage]]\nname = \"one\"\ntrain.updates = 3\n[[stage]]\nname = \"two\"\n";
  const auto stages = read(parent, "[[stage]]\nname = \"one\"\ntrain.lr = 1\n[[stage]]\nname = \"three\"\n")
                          .runs.at(0)
                          .stages;
  ASSERT_EQ(stages.size(), 3u);
  EXPECT_EQ(stages[0].name + stages[1].name + stages[2].name, "onetwothree");
  EXPECT_EQ(stages[0].train.updates, 10);
  EXPECT_EQ(stages[0].train.learning_rate, 1);
}

TEST_F(Extends, TheSweepsOwnNamesAreNotInherited) {
  const Experiment experiment = read(kMinimal, "");
  EXPECT_EQ(experiment.name, "sweep");
  EXPECT_EQ(experiment.output, "runs/sweep");
  EXPECT_THAT(problems(replaced(kMinimal, "name =", "nam ="), ""), ElementsAre("S101 base.toml:3:1"));
}

TEST_F(Extends, PathsStartAtTheFileThatNamesThem) {
  folder_.write("deep/words.txt", "a");
  folder_.write("deep/base.toml", replaced(kMinimal, "\"toy\"", "\"toy\"\nvocabulary = \"words.txt\""));
  const std::string child = "schema = 1\nextends = \"deep/base.toml\"\n";
  EXPECT_EQ(folder_.read(child).runs.at(0).architecture.options.text("vocabulary"),
            folder_.path("deep/words.txt"));
  folder_.write("words.txt", "b");
  const std::string own = "[base.architecture]\nvocabulary = \"words.txt\"\n";
  EXPECT_EQ(folder_.read(child + own).runs.at(0).architecture.options.text("vocabulary"),
            folder_.path("words.txt"));
  EXPECT_EQ(folder_.read(child, {"architecture.vocabulary=words.txt"})
                .runs.at(0)
                .architecture.options.text("vocabulary"),
            folder_.path("words.txt"));
}

TEST_F(Extends, MistakesShowTheFileTheyStandIn) {
  const std::string parent = replaced(kMinimal, "lr = 4e-4", "lr = 4e-4\nstpes = 3");
  EXPECT_THAT(problems(parent, "[base.train]\nwarmpu = 1\n"), ElementsAre("S101 4:1", "S101 base.toml:16:1"));
  EXPECT_THAT(folder_.message(kChild), HasSubstr("  --> base.toml:16:1\n   |\n16 | stpes = 3\n"));
  EXPECT_THAT(problems(kMinimal, "[base.method]\nuse = \"rceA\"\n"), ElementsAre("S110 4:7"));
  EXPECT_THAT(problems(replaced(kMinimal, "schema = 1", ""), ""), ElementsAre("S112 base.toml:1:1"));
  EXPECT_THAT(problems("schema = 1\na = = 1\n", ""), ElementsAre("S100 base.toml:2:5"));
}

TEST_F(Extends, MistakesInExtendsItself) {
  const auto problems = [&](const std::string& value) {
    return folder_.problems("schema = 1\nextends = " + value + "\n");
  };
  EXPECT_THAT(problems("\"absent.toml\""), ElementsAre("S131 2:11"));
  EXPECT_THAT(problems("\".\""), ElementsAre("S131 2:11"));
  EXPECT_THAT(problems("[\"a.toml\", \"b.toml\"]"), ElementsAre("S102 2:11"));
  EXPECT_THAT(problems("\"sweep.toml\""), ElementsAre("S132 2:11"));
  folder_.write("a.toml", "schema = 1\nextends = \"deep/b.toml\"\n");
  folder_.write("deep/b.toml", "schema = 1\n\nextends = \"../a.toml\"\n");
  EXPECT_THAT(problems("\"a.toml\""), ElementsAre("S132 b.toml:3:11"));
  EXPECT_THAT(
      folder_.message("schema = 1\nextends = \"a.toml\"\n"),
      HasSubstr("`extends` goes in a circle: a.toml -> deep/b.toml -> a.toml\n  --> deep/b.toml:3:11\n"));
}

TEST_F(Extends, AChain) {
  folder_.write("oldest.toml", kMinimal);
  const Experiment experiment =
      read("schema = 1\nextends = \"oldest.toml\"\n[base.train]\nwarmup = 1\nupdates = 20\n",
           "[base.train]\nupdates = 30\n");
  EXPECT_EQ(experiment.runs.at(0).stages[0].train.updates, 30);
  EXPECT_EQ(experiment.runs.at(0).stages[0].train.warmup_updates, 1);
  EXPECT_THAT(experiment.spec_text, HasSubstr("base.toml ----\n"));
  EXPECT_THAT(experiment.spec_text, HasSubstr("oldest.toml ----\n" + kMinimal));
}

TEST_F(Extends, AValueThatTheParentsAxisHidesIsToldOf) {
  const std::string parent = kMinimal + kSeeds;
  EXPECT_THAT(read(parent, "[base]\nseed = 7\n").warnings, ElementsAre(HasSubstr("warning[S203]")));
  EXPECT_THAT(read(parent, replaced(kSeeds, "[0, 1, 2]", "[7]")).warnings, IsEmpty());
  EXPECT_THAT(folder_.read(parent).warnings, IsEmpty());  // in one file it is what the axis starts from
}

}  // namespace
}  // namespace umm
