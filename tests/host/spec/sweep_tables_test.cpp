// What is said of a sweep as a whole, and what a run asks of a machine. No identity depends on any of it.
#include "spec/sweep_tables.h"

#include <gmock/gmock.h>

#include "spec/resources.h"
#include "spec_fixture.h"

namespace umm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

const std::string kTables = R"([resources]
gpus = 1
gpu_model = ["H100", "H200"]
time = "1h30m"
[budget]
gpu_hours = 400
on_limit = "stop-launching"
[launch]
engine = "local"
parallel = 2
[report]
baseline = { method = "sft" }
tests = ["paired-permutation"]
correct = "none"
tables = ["main.toml"]
)";  // 15 lines

class SweepTables : public testing::Test {
 protected:
  SweepTables() { folder_.write("main.toml", ""); }

  SpecFolder folder_;
};

TEST_F(SweepTables, EveryKey) {
  const Experiment experiment = folder_.read(
      replaced(kMinimal, "\"test\"", "\"test\"\ntags = [\"paper\", \"table-2\"]") + kMethods + kTables);
  EXPECT_THAT(experiment.tags, ElementsAre("paper", "table-2"));
  EXPECT_EQ(experiment.budget.gpu_hours, 400);
  EXPECT_EQ(experiment.budget.on_limit, "stop-launching");
  EXPECT_THAT(experiment.budget.place, testing::EndsWith("sweep.toml:29:13"));
  EXPECT_EQ(experiment.launch.engine, "local");
  EXPECT_EQ(experiment.launch.parallel, 2);
  EXPECT_THAT(experiment.report.baseline, ElementsAre(Pair("method", "sft")));
  EXPECT_THAT(experiment.report.tests, ElementsAre("paired-permutation"));
  EXPECT_EQ(experiment.report.correct, "none");
  EXPECT_THAT(experiment.report.tables, ElementsAre(folder_.path("main.toml")));
  const ResourceConfig& resources = experiment.runs.at(0).resources;
  EXPECT_EQ(resources.gpus, 1);
  EXPECT_THAT(resources.gpu_models, ElementsAre("H100", "H200"));
  EXPECT_EQ(resources.time_limit_seconds, 5400);
}

TEST_F(SweepTables, Defaults) {
  const Experiment experiment = folder_.read(kMinimal);
  EXPECT_THAT(experiment.tags, IsEmpty());
  EXPECT_EQ(experiment.budget.gpu_hours, 0);
  EXPECT_EQ(experiment.budget.place, "");
  EXPECT_EQ(experiment.launch.engine, "local");
  EXPECT_EQ(experiment.launch.parallel, 0);
  EXPECT_THAT(experiment.report.baseline, IsEmpty());
  EXPECT_EQ(experiment.report.correct, "holm");
  EXPECT_EQ(experiment.runs.at(0).resources.time_limit_seconds, 0);
  EXPECT_THAT(experiment.runs.at(0).resources.gpu_models, IsEmpty());
}

TEST_F(SweepTables, NoIdentityDependsOnThem) {
  EXPECT_EQ(folder_.read(kMinimal + kMethods + kTables).runs.at(1).canonical,
            folder_.read(kMinimal + kMethods).runs.at(1).canonical);
}

TEST_F(SweepTables, SetReachesThem) {
  const Experiment experiment = folder_.read(
      kMinimal + kMethods + kTables, {"budget.gpu_hours=8.5", "launch.parallel=4", "sweep.tags=[\"x\"]",
                                      "report.baseline.method=reca", "resources.time=30s"});
  EXPECT_EQ(experiment.budget.gpu_hours, 8.5);
  EXPECT_THAT(experiment.budget.place, testing::EndsWith("--set:1:18"));
  EXPECT_EQ(experiment.launch.parallel, 4);
  EXPECT_THAT(experiment.tags, ElementsAre("x"));
  EXPECT_THAT(experiment.report.baseline, ElementsAre(Pair("method", "reca")));
  EXPECT_EQ(experiment.runs.at(0).resources.time_limit_seconds, 30);
  EXPECT_THAT(folder_.problems(kMinimal, {"budget.gpu_hour=1"}), ElementsAre("S101 set1:1:8"));
}

TEST_F(SweepTables, ExtendsMergesThemKeyByKey) {
  folder_.write("deep/main.toml", "");
  folder_.write("deep/base.toml",
                replaced(kMinimal, "\"test\"", "\"test\"\ntags = [\"old\"]") + kMethods + kTables);
  const Experiment experiment = folder_.read(
      "schema = 1\nextends = \"deep/base.toml\"\n[budget]\ngpu_hours = 1\n[launch]\nparallel = 0\n"
      "[report]\ncorrect = \"holm\"\n");
  EXPECT_EQ(experiment.budget.gpu_hours, 1);
  EXPECT_EQ(experiment.launch.parallel, 0);
  EXPECT_EQ(experiment.report.correct, "holm");
  EXPECT_THAT(experiment.report.tests, ElementsAre("paired-permutation"));
  EXPECT_THAT(experiment.report.tables, ElementsAre(folder_.path("deep/main.toml")));
  EXPECT_THAT(experiment.report.baseline, ElementsAre(Pair("method", "sft")));
  EXPECT_THAT(experiment.tags, IsEmpty());
}

TEST_F(SweepTables, ABaselineIsARowOfTheTable) {
  const std::string lr = "[[axis]]\nname = \"train.lr\"\nkey = \"train.lr\"\nvalues = [1e-3, 2e-3]\n";
  const auto baseline = [&](const std::string& table) {
    return folder_.read(kMinimal + lr + "labels = [\"low\", \"high\"]\n[report]\nbaseline = " + table + "\n")
        .report.baseline;
  };
  EXPECT_THAT(baseline("{ \"train.lr\" = 0.001 }"), ElementsAre(Pair("train.lr", "low")));
  EXPECT_THAT(baseline("{ \"train.lr\" = \"high\" }"), ElementsAre(Pair("train.lr", "high")));
  const auto problems = [&](const std::string& table) {
    return folder_.problems(kMinimal + lr + kSeeds + "[report]\nbaseline = " + table + "\n");
  };
  EXPECT_THAT(problems("{ \"train.lr\" = 3e-3 }"), ElementsAre("S109 26:27"));
  EXPECT_THAT(problems("{ lr = 1e-3 }"), ElementsAre("S109 26:14"));
  EXPECT_THAT(problems("{ seed = 0 }"), ElementsAre("S109 26:14"));
  EXPECT_THAT(problems("\"sft\""), ElementsAre("S101 26:1"));
}

TEST_F(SweepTables, ResourcesMayDifferBetweenRuns) {
  const std::string arm = "[[arm]]\nwhen = { method = \"reca\" }\nset = { \"resources.time\" = \"2h\" }\n";
  const auto runs = folder_.read(kMinimal + kMethods + arm).runs;
  EXPECT_EQ(runs.at(0).resources.time_limit_seconds, 0);
  EXPECT_EQ(runs.at(1).resources.time_limit_seconds, 7200);
  const std::string axis = "[[axis]]\nname = \"t\"\nkey = \"resources.threads\"\nvalues = [1, 2]\n";
  EXPECT_THAT(folder_.read(kMinimal + axis).warnings, ElementsAre(HasSubstr("warning[S202]")));
}

TEST_F(SweepTables, WhatThereIsOneOfCannotDiffer) {
  const std::string axis = "[[axis]]\nname = \"b\"\nkey = \"budget.gpu_hours\"\nvalues = [1, 2]\n";
  EXPECT_THAT(folder_.problems(kMinimal + axis), ElementsAre("S104 18:7"));
  EXPECT_THAT(folder_.message(kMinimal + axis),
              HasSubstr("axis \"b\" sweeps `budget.gpu_hours`, of which a sweep has one"));
  const std::string arm = "[[arm]]\nwhen = { method = \"reca\" }\nset = { \"launch.parallel\" = 2 }\n";
  EXPECT_THAT(folder_.problems(kMinimal + kMethods + arm), ElementsAre("S101 25:17"));
  EXPECT_THAT(folder_.message(kMinimal + kMethods + arm), HasSubstr("its place is [launch]"));
}

struct Misfit {
  const char* lines;
  const char* problem;
  const char* message;
};

class SweepTablesReport : public testing::TestWithParam<Misfit> {};

TEST_P(SweepTablesReport, WithPlaceAndReason) {
  const SpecFolder folder;
  const std::string spec = kMinimal + GetParam().lines + "\n";
  EXPECT_THAT(folder.problems(spec), ElementsAre(GetParam().problem));
  EXPECT_THAT(folder.message(spec), HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Values, SweepTablesReport,
    testing::Values(
        Misfit{"[resources]\ngpus = 8", "S125 17:8", "its training is not sharded"},
        Misfit{"[resources]\ngpus = 0", "S121 17:8", "out of range"},
        Misfit{"[resources]\ngpu_model = \"H100\"", "S102 17:13", "a list of text"},
        Misfit{"[resources]\ntime = 12", "S102 17:8", "`resources.time` must be text, found an integer (12)"},
        Misfit{"[resources]\ntime = \"12\"", "S124 17:8", "\"12h\", \"90m\", \"30s\", \"1h30m\""},
        Misfit{"[resources]\ntime = \"30m1h\"", "S124 17:8", "is no duration: \"30m1h\""},
        Misfit{"[resources]\ntime = \"0h\"", "S124 17:8", "is no duration"},
        Misfit{"[resources]\ntimes = \"1h\"", "S101 17:1", "did you mean `time`?"},
        Misfit{"[budget]\ngpu_hours = -1", "S121 17:13", "out of range"},
        Misfit{"[budget]\ngpu_hours = \"4h\"", "S102 17:13", "must be a number"},
        Misfit{"[budget]\non_limit = \"kill\"", "S122 17:12", "one of: stop-launching"},
        Misfit{"[budget]\nhours = 4", "S101 17:1", "unknown key `hours` in [budget]"},
        Misfit{"[launch]\nengine = \"slurm\"", "S125 17:10", "is not built yet"},
        Misfit{"[launch]\nengine = \"locl\"", "S122 17:10", "did you mean `local`?"},
        Misfit{"[launch]\nparallel = -1", "S121 17:12", "out of range"},
        Misfit{"[launch.slurm]\npartition = \"gpu\"", "S101 16:9", "unknown key `slurm` in [launch]"},
        Misfit{"[report]\ncorrect = \"bonferroni\"", "S122 17:11", "one of: holm, none"},
        Misfit{"[report]\ntests = \"t\"", "S102 17:9", "a list of text"},
        Misfit{"[report]\ntests = [\"paired-permutation\", \"t\"]", "S122 17:32",
               "one of: paired-permutation"},
        Misfit{"[report]\ntables = [\"absent.toml\"]", "S131 17:10", "there is no file absent.toml"},
        Misfit{"[report]\nbaseline = { method = \"sft\" }", "S109 17:14", "there is no axis"},
        Misfit{"[[budget]]\ngpu_hours = 1", "S102 16:1", "must be a table"},
        Misfit{"budget.gpu_hours = 1", "S130 16:1", "its place is [budget]"}));

TEST(Duration, HoursMinutesSeconds) {
  using spec::seconds_of;
  EXPECT_EQ(seconds_of("12h"), 43200);
  EXPECT_EQ(seconds_of("90m"), 5400);
  EXPECT_EQ(seconds_of("1h0m30s"), 3630);
  for (const char* none :
       {"", "h", "12", "1.5h", "-1h", "1h2h", "1m1h", "1d", "1h ", "0s", "99999999999999999999s"})
    EXPECT_EQ(seconds_of(none), std::nullopt) << none;
}

}  // namespace
}  // namespace umm
