// Coupled axes and labels; axes of one key are in expand_test.cpp.
#include "spec/axes.h"

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

const std::string kSizes = R"([[axis]]
name = "size"
keys = ["architecture.preset", "architecture.width", "train.lr"]
rows = [["tiny", 8, 1e-3], ["large", 16, 1e-4]]
)";  // lines 16 to 19

std::string labels(const std::string& list) {
  return "labels = " + list + "\n";
}

TEST(Axes, ARowSetsAllOfItsKeys) {
  const SpecFolder folder;
  const Experiment experiment = folder.read(kMinimal + kSizes);
  EXPECT_THAT(names(experiment), ElementsAre("tiny", "large"));
  const RunConfig& large = experiment.runs.at(1);
  EXPECT_EQ(large.architecture.options.text("preset"), "large");
  EXPECT_EQ(large.architecture.options.integer("width"), 16);
  EXPECT_EQ(large.stages[0].train.learning_rate, 1e-4);
  EXPECT_EQ(large.axes, (std::map<std::string, std::string>{{"size", "large"}}));
  EXPECT_EQ(names(folder.read(kMinimal + kSizes + kSeeds)).size(), 6u);
}

TEST(Axes, TheIdentityIsThatOfTheSameSettingsInOtherWords) {
  const SpecFolder folder;
  const auto plain =
      folder.read(kMinimal, {"architecture.preset=large", "architecture.width=16", "train.lr=1e-4"});
  EXPECT_EQ(folder.read(kMinimal + kSizes).runs.at(1).identity, plain.runs.at(0).identity);
  EXPECT_EQ(folder.read(kMinimal + kSizes + labels("[\"S\", \"L\"]")).runs.at(1).identity,
            plain.runs.at(0).identity);
}

TEST(Axes, RowsAreCalledByTheirLabelsOrTheirFirstValuesOrAllOfThem) {
  const SpecFolder folder;
  EXPECT_THAT(names(folder.read(kMinimal + kSizes + labels("[\"S\", \"L\"]"))), ElementsAre("S", "L"));
  EXPECT_THAT(names(folder.read(kMinimal + replaced(kSizes, "\"large\"", "\"tiny\""))),
              ElementsAre("tiny 8 0.001", "tiny 16 1e-04"));
  const std::string rates = "[[axis]]\nname = \"lr\"\nkey = \"train.lr\"\nvalues = [1e-3, 1e-4]\n";
  const Experiment labelled = folder.read(kMinimal + rates + labels("[\"fast\", \"slow\"]"));
  EXPECT_THAT(names(labelled), ElementsAre("fast", "slow"));
  EXPECT_EQ(labelled.runs[1].axes.at("lr"), "slow");
}

TEST(Axes, ConditionsNameARowByItsLabelOrItsValues) {
  const SpecFolder folder;
  const auto accumulation = [&](const std::string& when, const std::string& axis = kSizes) {
    const std::string arm = "[[arm]]\nwhen = { size = " + when + " }\nset = { \"train.accumulation\" = 7 }\n";
    std::string text;
    for (const RunConfig& run : folder.read(kMinimal + axis + arm).runs)
      text += (text.empty() ? "" : " ") + std::to_string(run.stages[0].train.accumulation);
    return text;
  };
  EXPECT_EQ(accumulation("\"large\""), "1 7");
  EXPECT_EQ(accumulation("[\"large\", 16, 1e-4]"), "1 7");
  EXPECT_EQ(accumulation("[\"tiny\", 8.0, 0.001]"), "7 1");
  EXPECT_EQ(accumulation("[\"tiny\", \"large\"]"), "7 7");
  EXPECT_EQ(accumulation("[[\"tiny\", 8, 1e-3], \"large\"]"), "7 7");
  EXPECT_EQ(accumulation("\"L\"", kSizes + labels("[\"S\", \"L\"]")), "1 7");
}

TEST(Axes, AListMayBeOneValue) {
  const SpecFolder folder;
  const std::string betas =
      "[[axis]]\nname = \"b\"\nkey = \"train.betas\"\nvalues = [[0.9, 0.95], [0.9, 0.999]]\n"
      "[[arm]]\nwhen = { b = [0.9, 0.95] }\nset = { \"train.accumulation\" = 7 }\n";
  const Experiment experiment = folder.read(kMinimal + betas);
  EXPECT_EQ(experiment.runs.at(0).stages[0].train.accumulation, 7);
  EXPECT_EQ(experiment.runs.at(1).stages[0].train.accumulation, 1);
}

TEST(Axes, ConditionsThatMatchNoRow) {
  const SpecFolder folder;
  const auto arm = [](const std::string& when) {
    return kMinimal + kSizes + "[[arm]]\nwhen = { size = " + when + " }\nset = { seed = 1 }\n";
  };
  EXPECT_THAT(folder.problems(arm("\"lrage\"")), ElementsAre("S109 21:17"));
  EXPECT_THAT(folder.message(arm("\"lrage\"")), HasSubstr("did you mean `large`?"));
  EXPECT_THAT(folder.message(arm("16")),
              HasSubstr("its rows: tiny = [tiny, 8, 0.001], large = [large, 16, 1e-04]"));
  EXPECT_THAT(folder.problems(arm("16")), ElementsAre("S109 21:17"));
  EXPECT_THAT(folder.problems(arm("[\"large\", 16]")), ElementsAre("S109 21:27"));
  EXPECT_THAT(folder.problems(arm("[[\"large\", 16]]")), ElementsAre("S109 21:18"));
}

TEST(Axes, Mistakes) {
  const SpecFolder folder;
  const auto problems = [&](const std::string& axis) {
    return folder.problems(kMinimal + "[[axis]]\nname = \"x\"\n" + axis);
  };
  const std::string keys = "keys = [\"train.lr\", \"train.updates\"]\n";
  EXPECT_THAT(problems(keys + "rows = [[1, 2], [3]]\n"), ElementsAre("S115 19:17"));
  EXPECT_THAT(problems(keys + "rows = [[1, 2], [1.0, 2]]\n"), ElementsAre("S106 19:17"));
  EXPECT_THAT(problems(keys + "rows = [[1, 2], 3]\n"), ElementsAre("S102 19:17"));
  EXPECT_THAT(problems(keys + "rows = [[1, 2], [-1, 0]]\n"), ElementsAre("S121 19:18", "S121 19:22"));
  EXPECT_THAT(problems(keys + "rows = []\n"), ElementsAre("S105 19:8"));
  EXPECT_THAT(problems(keys + "rows = [[1, 2]]\nlabels = [\"a\", \"b\"]\n"), ElementsAre("S115 20:10"));
  EXPECT_THAT(problems(keys + "rows = [[1, 2], [2, 2]]\nlabels = [\"a\", \"a\"]\n"),
              testing::Contains("S106 20:16"));
  EXPECT_THAT(problems(keys + "rows = [[1, 2]]\nlabels = [3]\n"), ElementsAre("S102 20:11"));
  EXPECT_THAT(problems(keys), ElementsAre("S107 16:1"));
  EXPECT_THAT(problems("rows = [[1, 2]]\n"), ElementsAre("S107 16:1"));
  EXPECT_THAT(problems("keys = []\nrows = [[]]\n"), ElementsAre("S105 18:8"));
  EXPECT_THAT(problems("keys = [\"train.lr\", \"train.lr\"]\nrows = [[1, 2]]\n"),
              ElementsAre("S106 18:21", "S115 19:9"));
  EXPECT_THAT(problems("keys = [\"train.lr\", \"train.updtes\"]\nrows = [[1, 2]]\n"),
              ElementsAre("S104 18:21"));
  EXPECT_THAT(problems("key = \"train.lr\"\nvalues = [1]\nkeys = [\"train.lr\"]\nrows = [[1]]\n"),
              ElementsAre("S116 20:1"));
  EXPECT_THAT(problems("key = \"train.lr\"\nrows = [[1]]\n"), ElementsAre("S116 19:1"));
  EXPECT_THAT(problems("key = \"train.lr\"\nvalues = [1]\n" + replaced(kSizes, "size", "y")),
              ElementsAre("S106 22:54"));
  // A label must not be what another value is called.
  EXPECT_THAT(
      problems(
          "key = \"architecture.preset\"\nvalues = [\"tiny\", \"large\"]\nlabels = [\"large\", \"x\"]\n"),
      ElementsAre("S106 19:19"));
}

TEST(Axes, ACoupledAxisThatBreaksHidesNothingElse) {
  const SpecFolder folder;
  const std::string spec =
      replaced(kMinimal, "lr = 4e-4", "") + replaced(kSizes, "[\"tiny\", 8, 1e-3], ", "");
  EXPECT_THAT(folder.problems(replaced(spec, ", 1e-4", "")), ElementsAre("S115 19:9"));
}

TEST(Axes, SetOnOneKeyOfARow) {
  const SpecFolder folder;
  const std::string spec = kMinimal + kSizes;
  const Experiment wide = folder.read(spec, {"architecture.width=32"});
  EXPECT_THAT(names(wide), ElementsAre("tiny", "large"));
  EXPECT_EQ(wide.runs[0].architecture.options.integer("width"), 32);
  EXPECT_EQ(wide.runs[1].architecture.options.integer("width"), 32);
  EXPECT_EQ(wide.runs[1].stages[0].train.learning_rate, 1e-4);

  const Experiment both = folder.read(spec, {"architecture.preset=tiny", "train.lr=1"});
  EXPECT_THAT(names(both), ElementsAre("tiny 8 1", "tiny 16 1"));
  const Experiment one =
      folder.read(spec, {"architecture.preset=tiny", "architecture.width=8", "train.lr=1"});
  EXPECT_THAT(names(one), ElementsAre("tiny"));  // equal rows are one

  const std::string labelled = spec + labels("[\"S\", \"L\"]");
  EXPECT_THAT(names(folder.read(labelled, {"architecture.preset=tiny"})), ElementsAre("S", "L"));
  EXPECT_THAT(names(folder.read(spec, {"train.lr=1", "train.lr=2"})), ElementsAre("tiny", "large"));
  EXPECT_THAT(folder.problems(spec, {"train.lr=[1, 2]"}), ElementsAre("S161 set1:1:10"));
  EXPECT_THAT(folder.problems(spec, {"train.lr=-1"}), ElementsAre("S121 set1:1:10"));
}

TEST(Axes, ReferencesVaryAlongARowThatConcernsThem) {
  const SpecFolder folder;
  const std::string reference = "[[reference]]\nname = \"base\"\n";
  EXPECT_THAT(names(folder.read(kMinimal + kSizes + reference)),
              ElementsAre("base, tiny", "base, large", "tiny", "large"));
  const std::string training =
      "[[axis]]\nname = \"t\"\nkeys = [\"train.lr\", \"train.updates\"]\nrows = [[1, 2], [3, 4]]\n";
  EXPECT_THAT(names(folder.read(kMinimal + training + reference)), ElementsAre("base", "1", "3"));
}

TEST(Axes, SeedsInRowsAreReplicatesToo) {
  const SpecFolder folder;
  const std::string seeds =
      "[[axis]]\nname = \"s\"\nkeys = [\"seed\", \"data.recon.seed\"]\nrows = [[0, 10], [1, 11]]\n";
  EXPECT_THAT(folder.read(kMinimal + seeds).warnings, ElementsAre(HasSubstr("warning[S201]")));
  const Experiment experiment = folder.read(kMinimal + seeds + "replicate = true\n");
  EXPECT_THAT(experiment.warnings, IsEmpty());
  EXPECT_THAT(names(experiment), ElementsAre("reca, s 0", "reca, s 1"));
}

}  // namespace
}  // namespace umm
