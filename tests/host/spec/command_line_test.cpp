// --only; --set is in expand_test.cpp, axes_test.cpp and read_test.cpp.
#include "spec/command_line.h"

#include <gmock/gmock.h>

#include "spec_fixture.h"

namespace umm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using Strings = std::vector<std::string>;

const std::string kSpec = kMinimal + kMethods + kSeeds + "[[reference]]\nname = \"base\"\n";

Strings names(const Experiment& experiment) {
  Strings result;
  for (const RunConfig& run : experiment.runs) result.push_back(run.name);
  return result;
}

TEST(Only, LeavesTheRunsThatAllPatternsFit) {
  const SpecFolder folder;
  const auto left = [&](const Strings& only) { return names(folder.read_only(kSpec, only)); };
  EXPECT_THAT(left({"method=reca"}), ElementsAre("reca, seed 0", "reca, seed 1", "reca, seed 2"));
  EXPECT_THAT(left({"method=r*a", "seed=?"}), ElementsAre("reca, seed 0", "reca, seed 1", "reca, seed 2"));
  EXPECT_THAT(left({"method=reca", "seed=1"}), ElementsAre("reca, seed 1"));
  EXPECT_THAT(left({" seed = 1.0 "}), ElementsAre("sft, seed 1", "reca, seed 1"));
  EXPECT_THAT(left({"reference=*"}), ElementsAre("base"));
  EXPECT_EQ(folder.read_only(kSpec, {"method=reca"}).left_out, 4);
  EXPECT_EQ(folder.read_only(kSpec, {}).left_out, 0);
}

TEST(Only, ChangesNoIdentityAndNoCount) {
  const SpecFolder folder;
  const Experiment all = folder.read(kSpec), some = folder.read_only(kSpec, {"method=reca", "seed=2"});
  EXPECT_EQ(some.runs.at(0).identity, all.runs.back().identity);
  EXPECT_EQ(some.runs.at(0).canonical, all.runs.back().canonical);
  EXPECT_EQ(some.axes.at(1).num_values, 3);
}

TEST(Only, ReferencesFollowTheAxesTheyHave) {
  const SpecFolder folder;
  const std::string widths = "[[axis]]\nname = \"w\"\nkey = \"architecture.width\"\nvalues = [8, 16]\n";
  EXPECT_THAT(names(folder.read_only(kSpec + widths, {"w=8", "seed=0"})),
              ElementsAre("sft, 8, seed 0", "reca, 8, seed 0"));
  EXPECT_THAT(names(folder.read_only(kSpec + widths, {"w=8", "reference=*"})), ElementsAre("base, 8"));
}

TEST(Only, GoesWithLabelsAndSets) {
  const SpecFolder folder;
  const std::string rates = "[[axis]]\nname = \"lr\"\nkey = \"train.lr\"\nvalues = [4e-4, 1]\n";
  EXPECT_THAT(names(folder.read_only(kMinimal + rates, {"lr=0.0004"})), ElementsAre("4e-04"));
  EXPECT_THAT(names(folder.read_only(kMinimal + rates + "labels = [\"slow\", \"fast\"]\n", {"lr=f*"})),
              ElementsAre("fast"));
  EXPECT_THAT(names(folder.read_only(kMinimal + rates, {"lr=3"}, {"train.lr=[2, 3]"})), ElementsAre("3"));
}

TEST(Only, MistakesListWhatThereIs) {
  const SpecFolder folder;
  const auto problems = [&](const Strings& only) { return folder.problems(kSpec, {}, only); };
  const auto message = [&](const Strings& only) {
    try {
      folder.read_only(kSpec, only);
    } catch (const SpecError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_THAT(problems({"metod=reca"}), ElementsAre("S171 only1:1:1"));
  EXPECT_THAT(message({"metod=reca"}),
              HasSubstr("did you mean `method`?\n   = there are: method, seed, reference"));
  EXPECT_THAT(problems({"seed=0", "method=rcea"}), ElementsAre("S172 only2:1:8"));
  EXPECT_THAT(message({"method=rcea"}), HasSubstr("did you mean `reca`?\n   = there are: sft, reca"));
  EXPECT_THAT(problems({"seed=1", "reference=base"}), ElementsAre("S172 only2:1:11"));
  EXPECT_THAT(problems({"seed"}), ElementsAre("S170 only1:1:1"));
  EXPECT_THAT(problems({"seed="}), ElementsAre("S170 only1:1:1"));
  EXPECT_THAT(folder.problems(kMinimal, {}, {"seed=0"}), ElementsAre("S171 only1:1:1"));
}

TEST(Only, MistakesOfRunsThatAreLeftOutAreStillTold) {
  const SpecFolder folder;
  EXPECT_THAT(folder.problems(replaced(kSpec, "\"sft\"", "\"stf\""), {}, {"method=reca"}),
              ElementsAre("S110 22:11"));
}

TEST(Fits, Patterns) {
  EXPECT_TRUE(spec::fits("harmon*", "harmon-1.5b"));
  EXPECT_TRUE(spec::fits("*", ""));
  EXPECT_TRUE(spec::fits("*a*b", "xaxxb"));
  EXPECT_TRUE(spec::fits("a?c", "abc"));
  EXPECT_TRUE(spec::fits("[0.9, *]", "[0.9, 0.95]"));
  EXPECT_TRUE(spec::fits("4e-4", "4e-04"));
  EXPECT_FALSE(spec::fits("a", "ab"));
  EXPECT_FALSE(spec::fits("a?", "a"));
  EXPECT_FALSE(spec::fits("A*", "abc"));
  EXPECT_FALSE(spec::fits("", "a"));
  EXPECT_FALSE(spec::fits("*a*a*a*a*a*a*a*a*b", std::string(2000, 'a')));
}

}  // namespace
}  // namespace umm
