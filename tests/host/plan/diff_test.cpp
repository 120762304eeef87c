#include "plan/diff.h"

#include <gmock/gmock.h>

#include "tests/results/small_database.h"
#include "umm/error.h"

namespace umm {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;

DiffRun run_of(const std::string& name, const std::string& rate, char library = '1') {
  const std::string hash = "\"" + std::string(64, library) + "\"";
  DiffRun run{name, name + rate + library, "architecture = \"toy\"\ntrained = \"" + rate + "\"\n", {}};
  run.stages = {{"one", "method = \"reca\"\nmethod library = " + hash + "\ntrain.lr = " + rate + "\n"}};
  return run;
}

auto is_change(const std::string& key, const std::string& before, const std::string& after, int64_t runs) {
  return ::testing::AllOf(Field(&Change::key, key), Field(&Change::before, before),
                          Field(&Change::after, after), Field(&Change::num_runs, runs));
}

TEST(Diff, TellsNewReusedChangedAndGone) {
  const Diff diff = compare_runs("old.toml", {run_of("a", "1"), run_of("b", "1"), run_of("c", "1")},
                                 {run_of("a", "1"), run_of("b", "2"), run_of("d", "1")});
  EXPECT_EQ(diff.num_reused, 1);
  EXPECT_THAT(diff.changed, ElementsAre("b"));
  EXPECT_THAT(diff.added, ElementsAre("d"));
  EXPECT_THAT(diff.gone, ElementsAre("c"));
  EXPECT_THAT(diff.changes, ElementsAre(is_change("train.lr", "1", "2", 1)));
}

TEST(Diff, ARunUnderAnotherNameIsReused) {
  DiffRun renamed = run_of("a", "1");
  renamed.name = "first";
  const Diff diff = compare_runs("old.toml", {run_of("a", "1")}, {renamed});
  EXPECT_EQ(diff.num_reused, 1);
  EXPECT_THAT(diff.added, IsEmpty());
  EXPECT_THAT(diff.gone, IsEmpty());
}

TEST(Diff, GroupsEqualChangesAndNamesLibraries) {
  const Diff diff = compare_runs("old.toml", {run_of("a", "1"), run_of("b", "1"), run_of("c", "1")},
                                 {run_of("a", "2", '2'), run_of("b", "2"), run_of("c", "3")});
  EXPECT_THAT(diff.changes,
              ElementsAre(is_change("train.lr", "1", "2", 2),
                          is_change("library of method reca", "\"111111111111\"", "\"222222222222\"", 1),
                          is_change("train.lr", "1", "3", 1)));
}

TEST(Diff, AnotherPluginIsNotALibraryThatChanged) {
  DiffRun other = run_of("a", "1", '2');
  other.identity = "x";
  other.stages[0].second.replace(other.stages[0].second.find("reca"), 4, "sft_");
  const Diff diff = compare_runs("old.toml", {run_of("a", "1")}, {other});
  EXPECT_THAT(diff.changes, ElementsAre(is_change("method", "\"reca\"", "\"sft_\"", 1)));
}

TEST(Diff, SettingsOfSeveralStagesAreToldApart) {
  DiffRun before = run_of("a", "1"), now = run_of("a", "2");
  before.stages.emplace_back("two", "train.updates = 5\n");
  now.stages.emplace_back("two", "");
  const Diff diff = compare_runs("old.toml", {before}, {now});
  EXPECT_THAT(diff.changes, ElementsAre(is_change("stage.one.train.lr", "1", "2", 1),
                                        is_change("stage.two.train.updates", "5", "(absent)", 1)));
}

TEST(Diff, WhatAllStagesShareIsToldOnce) {
  const auto with_width = [](const std::string& width) {
    const std::string model = "architecture = \"toy\"\narchitecture.width = " + width + "\n";
    return DiffRun{
        "a",
        width,
        model + "trained = \"" + width + "\"\n",
        {{"one", model + "train.lr = 1\n"}, {"two", model + "previous = \"" + width + "\"\ntrain.lr = 1\n"}}};
  };
  const Diff diff = compare_runs("old.toml", {with_width("32")}, {with_width("64")});
  EXPECT_THAT(diff.changes, ElementsAre(is_change("architecture.width", "32", "64", 1)));
}

TEST(Diff, StoredRunsHaveTheNamesOfTheirSpec) {
  const results::TemporaryFolder folder;
  const auto runs = diff_runs(results::open_small_database(folder), "small");
  ASSERT_EQ(runs.size(), 5u);
  EXPECT_EQ(runs[4].name, "reca, seed 1");
  EXPECT_EQ(runs[4].identity, results::identity_of("run reca 1"));
  ASSERT_EQ(runs[4].stages.size(), 2u);
  EXPECT_EQ(runs[4].stages[1].first, "reca");
}

TEST(Diff, AnotherProcessReadsTheOtherSpec) {
  const auto runs = diff_runs_elsewhere([] {
    Experiment experiment;
    experiment.runs.resize(1);
    experiment.runs[0].name = "a";
    experiment.runs[0].canonical = "key = \"\xc3\xa4\"\n";
    experiment.runs[0].stages.resize(2);
    experiment.runs[0].stages[1].name = "two";
    return experiment;
  });
  ASSERT_EQ(runs.size(), 1u);
  EXPECT_EQ(runs[0].name, "a");
  EXPECT_EQ(runs[0].canonical, "key = \"\xc3\xa4\"\n");
  ASSERT_EQ(runs[0].stages.size(), 2u);
  EXPECT_EQ(runs[0].stages[1].first, "two");
  EXPECT_THROW(diff_runs_elsewhere([]() -> Experiment { throw InputError("no such file"); }), InputError);
}

}  // namespace
}  // namespace umm
