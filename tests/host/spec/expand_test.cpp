// Axes, arms, references and stages.
#include "spec/expand.h"

#include <gmock/gmock.h>

#include "spec_fixture.h"

namespace umm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using Strings = std::vector<std::string>;

Strings names(const Experiment& experiment) {
  Strings result;
  for (const RunConfig& run : experiment.runs) result.push_back(run.name);
  return result;
}

const std::string kBaseRow = "[[reference]]\nname = \"base\"\n";

TEST(Expand, ProductInFileOrderAfterReferences) {
  const SpecFolder folder;
  const Experiment experiment = folder.read(kMinimal + kMethods + kSeeds + kBaseRow);
  EXPECT_THAT(names(experiment), ElementsAre("base", "sft, seed 0", "sft, seed 1", "sft, seed 2",
                                             "reca, seed 0", "reca, seed 1", "reca, seed 2"));
  const RunConfig& base = experiment.runs[0];
  EXPECT_TRUE(base.reference);
  EXPECT_THAT(base.stages, IsEmpty());
  EXPECT_THAT(base.axes, IsEmpty());
  const RunConfig& last = experiment.runs[6];
  EXPECT_FALSE(last.reference);
  EXPECT_EQ(last.label, "reca");
  EXPECT_EQ(last.seed, 2u);
  EXPECT_EQ(last.axes, (std::map<std::string, std::string>{{"method", "reca"}, {"seed", "2"}}));
  EXPECT_THAT(last.replicate_axes, ElementsAre("seed"));
  EXPECT_EQ(last.stages[0].flows.count("recon"), 1u);
  EXPECT_EQ(last.stages[0].flows.count("t2i"), 0u);
}

TEST(Expand, SetReplacesAnAxis) {
  const SpecFolder folder;
  const std::string spec = kMinimal + kMethods + kSeeds;
  EXPECT_THAT(names(folder.read(spec, {"seed=7"})), ElementsAre("sft, seed 7", "reca, seed 7"));
  EXPECT_THAT(names(folder.read(spec, {"seed=[7, 8]", "method.use=reca"})),
              ElementsAre("reca, seed 7", "reca, seed 8"));
  EXPECT_THAT(folder.problems(spec, {"seed=[]"}), ElementsAre("S105 set1:1:6"));
  EXPECT_THAT(folder.problems(spec, {"seed=x"}), ElementsAre("S102 set1:1:6"));
  EXPECT_THAT(folder.problems(spec, {"method.use=rec"}), ElementsAre("S110 set1:1:12"));
}

TEST(Expand, OptionsBelongToThePluginsThatDeclareThem) {
  const SpecFolder folder;
  const Experiment experiment = folder.read(kMinimal + kMethods, {"method.lambda_recon=0.5"});
  EXPECT_EQ(experiment.runs.at(1).stages[0].method.options.number("lambda_recon"), 0.5);
  EXPECT_THAT(folder.problems(kMinimal + kMethods, {"method.lambda=0.5"}), ElementsAre("S101 set1:1:8"));
}

TEST(Expand, ArmsApplyWhereTheyHold) {
  const SpecFolder folder;
  const std::string spec = kMinimal + kMethods + kSeeds;
  const Experiment experiment = folder.read(spec +
                                            "[[arm]]\nwhen = { method = \"reca\", seed = [1, 2] }\nset = { "
                                            "\"train.lr\" = 1, method.lambda_recon = 2 }\n"
                                            "[[arm]]\nwhen = { seed = 0 }\nskip = true\nbecause = \"no\"\n");
  EXPECT_THAT(names(experiment), ElementsAre("sft, seed 1", "sft, seed 2", "reca, seed 1", "reca, seed 2"));
  EXPECT_EQ(experiment.runs[0].stages[0].train.learning_rate, 4e-4);
  EXPECT_EQ(experiment.runs[3].stages[0].train.learning_rate, 1);
  EXPECT_EQ(experiment.runs[3].stages[0].method.options.number("lambda_recon"), 2);
}

TEST(Expand, ArmMistakes) {
  const SpecFolder folder;
  const auto problems = [&](const std::string& arm) {
    return folder.problems(kMinimal + kMethods + "[[arm]]\n" + arm);
  };
  EXPECT_THAT(problems("set = { seed = 1 }\n"), ElementsAre("S107 23:1"));
  EXPECT_THAT(problems("when = { method = \"sft\" }\n"), ElementsAre("S107 23:1"));
  const std::string skip = "skip = true\nbecause = \"x\"\n";
  EXPECT_THAT(problems("when = { metod = \"sft\" }\n" + skip), ElementsAre("S109 24:10"));
  EXPECT_THAT(problems("when = { method = \"stf\" }\n" + skip), ElementsAre("S109 24:19"));
  EXPECT_THAT(problems("when = { method = \"sft\" }\nset = { \"train.stpes\" = 1 }\n"),
              ElementsAre("S101 25:16"));
  EXPECT_THAT(problems("when = { method = \"sft\" }\nset = { \"method.lambda_recon\" = 1 }\n"),
              ElementsAre("S101 25:17"));
  EXPECT_THAT(problems("when = { method = \"sft\" }\nset = { seed = 1 }\nbecuase = \"x\"\n"),
              ElementsAre("S101 26:1"));
  EXPECT_THAT(problems("when = { method = [\"sft\", \"reca\"] }\n" + skip), ElementsAre("S114 1:1"));
  EXPECT_THAT(problems("when = { method = \"sft\" }\nskip = true\n"), ElementsAre("S107 23:1"));
  EXPECT_THAT(problems("when = { method = \"sft\" }\nset = { seed = 1 }\n" + skip), ElementsAre("S117 25:1"));
  EXPECT_THAT(problems("name = \"a\"\nwhen = { method = \"sft\" }\n" + skip +
                       "[[arm]]\nname = \"a\"\nwhen = { method = \"reca\" }\nset = { seed = 1 }\n"),
              ElementsAre("S106 28:1"));
}

TEST(Expand, MistakesOfSkippedRunsAreNone) {
  const SpecFolder folder;
  const std::string axis =
      "[[axis]]\nname = \"a\"\nkey = \"architecture.use\"\nvalues = [\"toy\", \"blind\"]\n";
  const std::string skip = "[[arm]]\nwhen = { a = \"blind\" }\nskip = true\nbecause = \"it sees nothing\"\n";
  EXPECT_THAT(folder.problems(kMinimal + axis), ElementsAre("S140 19:18"));
  EXPECT_THAT(names(folder.read(kMinimal + axis + skip)), ElementsAre("toy"));
  EXPECT_THAT(folder.problems(kMinimal + axis + skip + "[base.data.t2i]\nuse = \"world\"\n"),
              ElementsAre("S142 24:12"));
}

TEST(Expand, SkippedRunsAreCountedWithTheirReason) {
  const SpecFolder folder;
  const Experiment experiment = folder.read(
      kMinimal + kMethods + kSeeds + kBaseRow +
          "[[arm]]\nwhen = { method = \"sft\", seed = [0, 2] }\nskip = true\nbecause = \"too dear\"\n"
          "[[arm]]\nwhen = { method = \"sft\" }\nskip = true\nbecause = \"and the rest\"\n",
      {"seed=[0, 1]"});
  EXPECT_THAT(names(experiment), ElementsAre("base", "reca, seed 0", "reca, seed 1"));
  ASSERT_EQ(experiment.skipped.size(), 2u);  // the first arm that holds; not seed 2, which --set replaced
  EXPECT_EQ(experiment.skipped[0].num_runs, 1);
  EXPECT_EQ(experiment.skipped[0].because, "too dear");
  EXPECT_EQ(experiment.skipped[0].when, "method = sft, seed = [0, 2]");
  EXPECT_EQ(experiment.skipped[0].place, folder.path("sweep.toml") + ":30:1");
  EXPECT_EQ(experiment.skipped[1].num_runs, 1);
  ASSERT_EQ(experiment.axes.size(), 2u);
  EXPECT_EQ(experiment.axes[1].num_values, 2);
  EXPECT_TRUE(experiment.axes[1].replicate);
}

TEST(Expand, TwoArmsMayNotSetTheSameKeyForTheSameRuns) {
  const SpecFolder folder;
  const std::string first = "[[arm]]\nwhen = { method = \"reca\" }\nset = { \"train.lr\" = 1 }\n";
  const std::string spec = kMinimal + kMethods + kSeeds + first;
  const std::string clash = spec + "[[arm]]\nwhen = { seed = 1 }\nset = { \"train.lr\" = 2 }\n";
  EXPECT_THAT(folder.problems(clash), ElementsAre("S150 33:16"));
  EXPECT_THAT(folder.message(clash), HasSubstr("the other: line 30, column 16; first clash: reca, seed 1"));
  EXPECT_THAT(folder.problems(spec + "[[arm]]\nwhen = { method = \"sft\" }\nset = { \"train.lr\" = 2 }\n"),
              IsEmpty());
}

TEST(Expand, AxisMistakes) {
  const SpecFolder folder;
  const auto problems = [&](const std::string& axis) {
    return folder.problems(kMinimal + "[[axis]]\n" + axis);
  };
  EXPECT_THAT(problems("name = \"x\"\nkey = \"train.updtes\"\nvalues = [1, 2]\n"), ElementsAre("S104 18:7"));
  EXPECT_THAT(problems("name = \"x\"\nkey = \"sweep.output\"\nvalues = [1, 2]\n"), ElementsAre("S104 18:7"));
  EXPECT_THAT(problems("name = \"x\"\nkey = \"train.updates\"\nvalues = []\n"), ElementsAre("S105 19:10"));
  EXPECT_THAT(problems("name = \"x\"\nkey = \"train.updates\"\nvalues = 3\n"), ElementsAre("S102 19:10"));
  EXPECT_THAT(problems("name = \"x\"\nkey = \"train.lr\"\nvalues = [1, 1.0]\n"), ElementsAre("S106 19:14"));
  EXPECT_THAT(problems("name = \"x\"\nkey = \"train.lr\"\nvalues = [1, -1]\n"), ElementsAre("S121 19:14"));
  EXPECT_THAT(problems("name = \"x\"\nkey = \"train.lr\"\nvalue = [1]\n"),
              ElementsAre("S107 16:1", "S101 19:1"));
  EXPECT_THAT(problems("key = \"train.lr\"\nvalues = [1]\n"), ElementsAre("S107 16:1"));
  EXPECT_THAT(
      problems("name = \"x\"\nkey = \"train.lr\"\nvalues = [1]\n[[axis]]\nname = \"x\"\nkey = \"seed\"\n"
               "values = [1]\nreplicate = true\n"),
      ElementsAre("S106 20:1"));
  EXPECT_THAT(
      problems("name = \"x\"\nkey = \"train.lr\"\nvalues = [1]\n[[axis]]\nname = \"y\"\nkey = \"train.lr\"\n"
               "values = [2]\n"),
      ElementsAre("S106 22:7"));
}

TEST(Expand, WhatAnAxisAloneGivesATableIsNotEnough) {
  const SpecFolder folder;
  const std::string axis = "[[axis]]\nname = \"x\"\nkey = \"architecture.preset\"\nvalues = [\"tiny\"]\n";
  EXPECT_THAT(folder.problems(replaced(kMinimal, "use = \"toy\"", "") + axis), ElementsAre("S107 18:7"));
}

TEST(Expand, ABrokenAxisIsReportedOnce) {
  const SpecFolder folder;
  const std::string spec =
      replaced(kMinimal, "use = \"reca\"", "") + replaced(kMethods, "[\"sft\", \"reca\"]", "[]");
  EXPECT_THAT(folder.problems(spec), ElementsAre("S105 22:10"));
}

TEST(Expand, ProductIsLimited) {
  const SpecFolder folder;
  std::string many = "0";
  for (int i = 1; i < 400; ++i) many += ", " + std::to_string(i);
  const std::string axes = "[[axis]]\nname = \"a\"\nkey = \"seed\"\nreplicate = true\nvalues = [" + many +
                           "]\n[[axis]]\nname = \"b\"\nkey = \"data.recon.seed\"\nvalues = [" + many + "]\n";
  EXPECT_THAT(folder.problems(kMinimal + axes), ElementsAre("S108 21:1"));
}

TEST(Expand, ReferencesVaryWithArchitectureAndEvaluationOnly) {
  const SpecFolder folder;
  const std::string axes =
      "[[axis]]\nname = \"width\"\nkey = \"architecture.width\"\nvalues = [8, 16]\n"
      "[[axis]]\nname = \"guidance\"\nkey = \"eval.geneval.sampling.guidance_scale\"\nvalues = [1.5]\n";
  const Experiment experiment = folder.read(kMinimal + kEvaluation + kSeeds + axes + kBaseRow);
  const Strings expected = {"base, 8, 1.5", "base, 16, 1.5"};
  EXPECT_EQ(Strings({experiment.runs[0].name, experiment.runs[1].name}), expected);
  EXPECT_EQ(experiment.runs.size(), 2u + 6u);
  EXPECT_EQ(experiment.runs[1].architecture.options.integer("width"), 16);
  EXPECT_EQ(experiment.runs[2].name, "8, 1.5, seed 0");
}

TEST(Expand, ReferencesAlone) {
  const SpecFolder folder;
  const std::string spec = "schema = 1\n[base.architecture]\nuse = \"toy\"\n" + kBaseRow + kEvaluation;
  EXPECT_THAT(names(folder.read(spec)), ElementsAre("base"));
}

TEST(Expand, NamesAreUnique) {
  const SpecFolder folder;
  EXPECT_THAT(folder.problems(kMinimal + kBaseRow + kBaseRow), testing::Contains("S106 18:1"));
  EXPECT_THAT(folder.problems(kMinimal + kMethods + kSeeds + "[[reference]]\nname = \"sft\"\n"),
              ElementsAre("S106 28:1"));
}

TEST(Expand, Stages) {
  const SpecFolder folder;
  const std::string stages =
      "[[stage]]\nname = \"first\"\nmethod.use = \"sft\"\ndata.t2i = { use = \"world\", batch = 2 }\n"
      "[[stage]]\nname = \"second\"\n[stage.train]\nupdates = 3\n";
  const RunConfig run = folder.read(kMinimal + stages, {"stage.first.train.lr=1"}).runs.at(0);
  EXPECT_EQ(run.label, "first, second");
  ASSERT_EQ(run.stages.size(), 2u);
  EXPECT_EQ(run.stages[0].method.id, "sft");
  EXPECT_EQ(run.stages[0].train.learning_rate, 1);
  EXPECT_EQ(run.stages[0].flows.count("t2i"), 1u);
  EXPECT_EQ(run.stages[1].method.id, "reca");
  EXPECT_EQ(run.stages[1].train.updates, 3);
  EXPECT_EQ(run.stages[1].train.learning_rate, 4e-4);
  EXPECT_THAT(folder.problems(kMinimal + stages, {"stage.frist.train.lr=1"}), ElementsAre("S101 set1:1:7"));
  EXPECT_THAT(folder.problems(kMinimal + stages + "lrr = 1\n"), ElementsAre("S101 24:1"));
  EXPECT_THAT(folder.problems(kMinimal + "[[stage]]\nname = \"a/b\"\nseed = 1\n"),
              ElementsAre("S113 17:8", "S130 18:1"));
  EXPECT_THAT(folder.problems(kMinimal + "[[stage]]\nname = \"a\"\n[[stage]]\nname = \"a\"\n[[stage]]\n"),
              ElementsAre("S106 18:1", "S107 20:1"));
}

TEST(Expand, Warnings) {
  const SpecFolder folder;
  const Experiment seeds = folder.read(kMinimal + replaced(kSeeds, "replicate = true\n", ""));
  ASSERT_EQ(seeds.warnings.size(), 1u);
  EXPECT_THAT(seeds.warnings[0], HasSubstr("warning[S201]"));
  const Experiment same = folder.read(
      kMinimal + kMethods + "[[axis]]\nname = \"l\"\nkey = \"method.lambda_recon\"\nvalues = [1, 2]\n");
  ASSERT_EQ(same.warnings.size(), 1u);
  EXPECT_THAT(same.warnings[0], HasSubstr("runs \"sft, 1\" and \"sft, 2\" resolve to the same settings"));
}

}  // namespace
}  // namespace umm
