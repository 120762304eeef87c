// The file of a sweep, with rows of `ummbench score` beside those of its spec.
#include "launch/submission.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <thread>

#include "results/submission.h"
#include "tests/host/evaluate/fake_experiment.h"
#include "tests/host/launch/run_experiment.h"
#include "train/files.h"
#include "umm/file.h"
#include "umm/stop.h"

namespace umm::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

Catalogue external_catalogue() {
  auto plugins = fake_catalogue().entries();
  auto external = *std::find_if(plugins.begin(), plugins.end(), [](const LoadedPlugin& plugin) {
    return plugin.entry.kind == PluginKind::architecture;
  });
  external.entry.id = kExternal;
  plugins.push_back(std::move(external));
  return Catalogue::of(std::move(plugins));
}

const std::string kProtocol = "brightness.protocol = \"a\"";

Experiment scored(const Experiment& sweep, const Catalogue& catalogue, const std::string& label, char digit,
                  const std::string& protocol) {
  Experiment experiment;
  experiment.name = sweep.name;
  experiment.output = sweep.output;
  experiment.spec_text = "of score";
  experiment.overrides = {"of score"};
  experiment.runs = {fake_run(catalogue, label, digit)};
  experiment.runs[0].architecture.id = kExternal;
  experiment.runs[0].canonical = "base = \"\"\neval." + protocol + "\neval.x.weights = \"last\"\n";
  experiment.settings = {{"seed", "0", "default"}, {"label", label, "--set"}};
  experiment.runs[0].settings = {0, 1};
  return experiment;
}

class Submission : public ::testing::Test {
 protected:
  Submission() : catalogue_(external_catalogue()), sweep_(fake_experiment(catalogue_, folder_.path())) {
    sweep_.overrides = {"of the sweep"};
  }

  results::SubmittedSweep file() const {
    return results::sweep_from_text(read_file(path()), path().string());
  }
  fs::path path() const { return results::sweep_file(sweep_.output, sweep_.name); }
  std::vector<std::string> rows() const {
    std::vector<std::string> rows;
    for (const auto& [run, stages] : file().runs) rows.push_back(run.label + " " + run.identity[0]);
    return rows;
  }
  void score(const std::string& label, char digit, const std::string& protocol = kProtocol) const {
    const auto experiment = scored(sweep_, catalogue_, label, digit, protocol);
    const auto claim = claim_sweeps(experiment);
    ASSERT_TRUE(claim);
    submit_beside(experiment, catalogue_, "test");
  }
  // "label: its settings" of each row.
  std::vector<std::string> settings() const {
    const auto sweep = file();
    std::vector<std::string> rows;
    for (size_t i = 0; i < sweep.runs.size(); ++i) {
      rows.push_back(sweep.runs[i].first.label + ":");
      for (const int64_t number : sweep.sources.at(i).settings) {
        const auto& setting = sweep.settings.at(static_cast<size_t>(number));
        rows.back() += " " + setting.key + "=" + setting.value;
      }
    }
    return rows;
  }
  std::string refusal(const std::function<void()>& call) const {
    try {
      call();
    } catch (const InputError& error) {
      return error.what();
    }
    ADD_FAILURE() << "nothing was refused";
    return "";
  }

  TemporaryFolder folder_;
  Catalogue catalogue_;
  Experiment sweep_;
};

TEST_F(Submission, ARowOfAnotherBenchmarkOrProtocolIsBesideOneOfTheSameLabel) {
  score("mine", '6');
  score("mine", '7', "brightness.protocol = \"b\"");
  score("mine", '8', "darkness.protocol = \"a\"");
  EXPECT_THAT(rows(), ElementsAre("mine 6", "mine 7", "mine 8"));
  ::testing::internal::CaptureStderr();
  score("mine", '9');
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr("row \"mine\" of sweep fake is replaced"));
  EXPECT_THAT(rows(), ElementsAre("mine 7", "mine 8", "mine 9"));
  EXPECT_THAT(file().sources, SizeIs(3));
}

TEST_F(Submission, RowsKeepTheirSettings) {
  sweep_.settings = {{"train.lr", "1", "[base]"}, {"seed", "0", "default"}};
  sweep_.runs[0].settings = {1};
  sweep_.runs[1].settings = {0, 1};
  submit_sweep(sweep_, catalogue_, "test");
  score("a", '7');
  score("b", '8');
  const auto expected =
      ElementsAre("base: seed=0", "trained: train.lr=1 seed=0", "a: seed=0 label=a", "b: seed=0 label=b");
  EXPECT_THAT(settings(), expected);
  EXPECT_THAT(file().settings, SizeIs(4)) << "each once";
  submit_sweep(sweep_, catalogue_, "test");
  EXPECT_THAT(settings(), expected);
}

TEST_F(Submission, RowsOfTheSpecAndOfScoreLeaveEachOther) {
  submit_sweep(sweep_, catalogue_, "test");
  const auto before = rows();
  score("mine", '7');
  EXPECT_EQ(file().submission->overrides, sweep_.overrides)
      << "the sweep's own runs are made again with them";
  EXPECT_NE(file().sweep.spec_text, "of score");
  submit_sweep(sweep_, catalogue_, "test");
  auto expected = before;
  expected.push_back("mine 7");
  EXPECT_EQ(rows(), expected);

  const auto trained = scored(sweep_, catalogue_, sweep_.runs[1].label, '8', kProtocol);
  EXPECT_THAT(refusal([&] { check_beside(trained); }), HasSubstr('"' + sweep_.runs[1].label + '"'));
  EXPECT_THAT(refusal([&] { submit_beside(trained, catalogue_, "test"); }), HasSubstr("another --label"));
  sweep_.runs[1].label = "mine";
  EXPECT_THAT(refusal([&] { submit_sweep(sweep_, catalogue_, "test"); }),
              HasSubstr("give the spec's another"));
  EXPECT_EQ(rows(), expected);
}

TEST_F(Submission, ADamagedFileIsReplacedByItsSpecAlone) {
  submit_sweep(sweep_, catalogue_, "test");
  const std::string whole = read_file(path());
  std::ofstream(path(), std::ios::trunc) << "{";
  EXPECT_THAT(refusal([&] { score("mine", '7'); }), HasSubstr("score its rows again"));
  EXPECT_EQ(read_file(path()), "{");
  for (const char* kept : {".damaged", ".damaged.2"}) {
    submit_sweep(sweep_, catalogue_, "test");
    EXPECT_EQ(rows().size(), sweep_.runs.size());
    EXPECT_EQ(read_file(path().string() + kept), "{") << "which may hold rows of `score`";
    std::ofstream(path(), std::ios::trunc) << "{";
  }
}

TEST_F(Submission, AFileOfALaterVersionIsLeftAlone) {
  submit_sweep(sweep_, catalogue_, "test");
  std::ofstream(path(), std::ios::trunc) << R"({"format": 2})";
  EXPECT_THAT(refusal([&] { submit_sweep(sweep_, catalogue_, "test"); }),
              HasSubstr("its format 2 is newer than this program"));
  EXPECT_EQ(read_file(path()), R"({"format": 2})");
}

TEST_F(Submission, ManyProcessesAllKeepTheirRows) {
  for (char digit = '1'; digit <= '8'; ++digit) {
    if (fork() != 0) continue;
    try {
      score(std::string("mine ") + digit, digit);
    } catch (...) {
      _exit(1);
    }
    _exit(0);
  }
  for (int status = 0; wait(&status) > 0;) EXPECT_EQ(status, 0);
  EXPECT_THAT(rows(), SizeIs(8));
}

TEST_F(Submission, WhoWaitsSaysForWhomAndCanBeStopped) {
  const auto held = claim_sweeps(sweep_);
  ASSERT_TRUE(held);
  ::testing::internal::CaptureStderr();
  {
    const std::jthread stopper([] {
      std::this_thread::sleep_for(std::chrono::seconds(4));  // it says so after one
      request_stop();
    });
    submit_sweep(sweep_, catalogue_, "test");
  }
  EXPECT_FALSE(claim_sweeps(sweep_));
  request_stop(false);
  EXPECT_THAT(::testing::internal::GetCapturedStderr(),
              HasSubstr("waits for " + ProcessOwner::of_this_process().name()));
  EXPECT_FALSE(fs::exists(path()));
}

}  // namespace
}  // namespace umm::testing
