#include "evaluate/evaluate.h"

#include <gmock/gmock.h>

#include <fstream>

#include "evaluate/generate.h"
#include "evaluate/image_folder.h"
#include "evaluate/judge_connection.h"
#include "meter/phase_meter.h"
#include "tests/host/evaluate/fake_experiment.h"
#include "tests/host/train/fakes.h"

namespace umm::testing {
namespace {

namespace fs = std::filesystem;

struct Evaluation {
  Catalogue catalogue = fake_catalogue();
  RunConfig run = fake_run(catalogue, "base", '1');
  FakeArchitecture model;
  int64_t loads = 0;

  Evaluation() { model.initialize(1); }

  EvaluationSubject subject() {
    return {"base", "base", "", std::string(64, 'e'), [this]() -> Architecture& {
              ++loads;
              return model;
            }};
  }
  std::optional<EvaluationResult> evaluate_in(const fs::path& output) {
    return evaluate({run, run.evaluations[0], catalogue, output, 0}, subject());
  }
};

std::vector<std::string> picture_hashes(const EvaluationResult& result) {
  std::vector<std::string> hashes;
  for (const auto& row : result.evidence) hashes.push_back(row.image_sha256);
  return hashes;
}

TEST(Evaluate, MakesPicturesEvidenceAndScores) {
  TemporaryFolder folder;
  Evaluation evaluation;
  const auto result = evaluation.evaluate_in(folder.path());
  ASSERT_TRUE(result);
  EXPECT_EQ(result->items.size(), 3u);
  ASSERT_EQ(result->evidence.size(), 9u);
  ASSERT_EQ(result->scores.size(), 1u);
  double sum = 0;
  for (const auto& row : result->evidence) {
    EXPECT_TRUE(fs::exists(folder.path() / row.image_path)) << row.image_path;
    sum += row.score;
  }
  EXPECT_DOUBLE_EQ(result->scores[0].value, sum / 9);
  const auto id16 = result->evaluation.identity.substr(0, 16);
  EXPECT_EQ(result->evidence[4].image_path, "images/" + id16 + "/00001/samples/00001.png");
  EXPECT_TRUE(fs::exists(folder.path() / "images" / id16 / "00001/metadata.jsonl"));
  EXPECT_EQ(result->costs[0].phase, "generate");
  EXPECT_EQ(result->costs[0].images, 9);
  EXPECT_EQ(result->costs[1].phase, "score");
}

TEST(Evaluate, PicturesDependOnSeedAndPromptButNotOnTheBatch) {
  TemporaryFolder a, b, c;
  Evaluation evaluation;
  const auto first = evaluation.evaluate_in(a.path());
  evaluation.run.evaluations[0].batch_size = 9;
  const auto other_batch = evaluation.evaluate_in(b.path());
  EXPECT_EQ(picture_hashes(*first), picture_hashes(*other_batch));
  EXPECT_EQ(first->evaluation.identity, other_batch->evaluation.identity);
  evaluation.run.evaluations[0].seed = 12;
  const auto other_seed = evaluation.evaluate_in(c.path());
  EXPECT_NE(picture_hashes(*first), picture_hashes(*other_seed));
  EXPECT_NE(first->evaluation.identity, other_seed->evaluation.identity);
}

TEST(Evaluate, ARowIsTheEvaluatorsWhateverTheSpecCallsIt) {
  TemporaryFolder folder;
  Evaluation evaluation;
  const auto first = evaluation.evaluate_in(folder.path())->evaluation;
  evaluation.run.evaluations[0].name = "again";
  const auto renamed = evaluation.evaluate_in(folder.path())->evaluation;
  EXPECT_EQ(renamed.benchmark, evaluation.run.evaluations[0].evaluator.id);
  EXPECT_EQ(renamed.benchmark, first.benchmark);
  EXPECT_EQ(renamed.identity, first.identity);
  EXPECT_EQ(renamed.name, "again");
}

TEST(Evaluate, KeepsPicturesAndMakesDamagedOnesAgain) {
  TemporaryFolder folder;
  Evaluation evaluation;
  const auto first = evaluation.evaluate_in(folder.path());
  EXPECT_EQ(evaluation.loads, 1);
  EXPECT_EQ(picture_hashes(*evaluation.evaluate_in(folder.path())), picture_hashes(*first));
  EXPECT_EQ(evaluation.loads, 1) << "no picture missing, no model";
  fs::resize_file(folder.path() / first->evidence[2].image_path, 40);
  fs::remove(folder.path() / first->evidence[7].image_path);
  FakeArchitecture::generate_calls = 0;
  const auto repaired = evaluation.evaluate_in(folder.path());
  EXPECT_EQ(picture_hashes(*repaired), picture_hashes(*first));
  EXPECT_EQ(FakeArchitecture::generate_calls, 1) << "the damaged one; the other was kept elsewhere";
  EXPECT_EQ(repaired->costs[0].images, 10) << "work that was done twice costs twice";
}

TEST(Evaluate, PicturesDrawnFromWordsAreNoEdits) {
  TemporaryFolder folder;
  Evaluation evaluation;
  FakeEvaluator::edits = true;
  try {
    evaluation.evaluate_in(folder.path());
    ADD_FAILURE() << "pictures of words were scored as edits";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("item 00001 asks for an edit of dot.png"));
  }
  FakeEvaluator::edits = false;
  EXPECT_FALSE(fs::exists(folder.path() / "images"));
}

TEST(Evaluate, PicturesLieInFoldersOfTheirPrompts) {
  TemporaryFolder folder;
  Evaluation evaluation;
  for (const char* name : {"../x", "a\\b", "a.jpg"}) {
    FakeEvaluator::odd_name = name;
    EXPECT_THROW(evaluation.evaluate_in(folder.path()), InputError) << name;
  }
  FakeEvaluator::odd_name.clear();
  EXPECT_FALSE(fs::exists(folder.path() / "images"));
}

TEST(Evaluate, WhatCanOnlyBeDrawnIsRefused) {
  std::vector<EvaluationItem> items = {{.id = "a"}, {.id = "b"}};
  expect_evaluable("dpg", items);
  items[1].draw_only = true;
  expect_drawable("dpg", items);
  try {
    expect_evaluable("dpg", items);
    ADD_FAILURE() << "nothing says what its pictures are worth";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("dpg: item b can be drawn and not scored"));
  }
}

TEST(Evaluate, AJudgeThatCannotBeAskedIsFoundOutBefore) {
  std::vector<std::string> made;
  PluginEntry entry{.kind = PluginKind::judge, .id = "served"};
  entry.make_judge = [&](const Options&, const JudgeConnection& connection) -> std::unique_ptr<Judge> {
    made.push_back(connection.url + "|" + connection.key);
    UMM_CHECK_INPUT(!connection.url.empty(), "no server");
    return nullptr;
  };
  Evaluation evaluation;
  auto plugins = evaluation.catalogue.entries();
  plugins.push_back(plugin(std::move(entry)));
  const auto catalogue = Catalogue::of(std::move(plugins));
  const auto problem = [&]() -> std::string {
    try {
      expect_judge({evaluation.run, evaluation.run.evaluations[0], catalogue, "out"});
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  };
  auto& server = evaluation.run.resources.judge;
  server.key_variable = "UMM_TEST_KEY_THAT_IS_NOT_SET";
  EXPECT_EQ(problem(), "") << "none is asked";
  evaluation.run.evaluations[0].providers[PluginKind::judge].id = "served";
  EXPECT_THAT(problem(), ::testing::HasSubstr("judge `served`, while making the judge: no server"));
  server.url = "http://here";
  EXPECT_EQ(problem(), "") << "its key may be on another machine";
  EXPECT_THAT(made, ::testing::ElementsAre("|", "http://here|")) << "no key is held for it";
}

TEST(Evaluate, AKeyThatIsNotThereIsFoundOutBefore) {
  const auto problem = [](const JudgeServerConfig& server) -> std::string {
    try {
      expect_key(server);
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  };
  JudgeServerConfig server;
  server.key_variable = "UMM_TEST_KEY_THAT_IS_NOT_SET";
  EXPECT_THAT(problem(server), ::testing::HasSubstr("resources.judge.key_variable names, and it is not set"));
  server.replay_only = true;
  EXPECT_EQ(problem(server), "");
  server.replay_only = false;
  server.key_variable = "PATH";
  EXPECT_EQ(problem(server), "");
  server.key_file = "/no/such/key";
  EXPECT_THAT(problem(server), ::testing::HasSubstr("/no/such/key: the judge's key cannot be read"));
  server.key_file = "/tmp";
  EXPECT_THAT(problem(server), ::testing::HasSubstr("/tmp: expected the judge's key in the first line"));
}

TEST(Evaluate, StopsBetweenBatchesAndGoesOn) {
  TemporaryFolder folder, whole;
  Evaluation evaluation;
  request_stop();
  EXPECT_FALSE(evaluation.evaluate_in(folder.path()));
  request_stop(false);
  const auto& config = evaluation.run.evaluations[0];
  const auto identity =
      evaluation_identity(evaluation.run, config, evaluation.subject(), evaluation.catalogue);
  const auto benchmark = make_benchmark(config, evaluation.catalogue);
  EXPECT_EQ(ImageFolder(folder.path(), identity, benchmark.items, 3).missing().size(), 5u);
  EXPECT_EQ(picture_hashes(*evaluation.evaluate_in(folder.path())),
            picture_hashes(*evaluation.evaluate_in(whole.path())));
}

TEST(Evaluate, AProviderThatGivesUpWaitingIsStoppedNotFailed) {
  TemporaryFolder folder;
  Evaluation evaluation;
  FakeDetector::stopped = true;
  EXPECT_FALSE(evaluation.evaluate_in(folder.path()));
  FakeDetector::stopped = false;
  request_stop(false);
  EXPECT_TRUE(evaluation.evaluate_in(folder.path()));
}

TEST(Evaluate, IdentityCoversWhatChangesScores) {
  Evaluation e;
  const auto identity = [&](const EvaluationSubject& subject) {
    return evaluation_identity(e.run, e.run.evaluations[0], subject, e.catalogue);
  };
  const auto base = identity(e.subject());
  auto other = e.subject();
  other.checkpoint_hash = std::string(64, 'd');
  EXPECT_NE(identity(other), base);
  other = e.subject();
  other.weights = "ema";
  EXPECT_NE(identity(other), base);
  e.run.evaluations[0].sampling = Options(OptionSchema().integer("steps", 8, {1, 100}, "steps"), {});
  EXPECT_NE(identity(e.subject()), base);
  e.run.evaluations[0].sampling = {};
  e.run.evaluations[0].protocol_hash = std::string(64, 'b');
  EXPECT_NE(identity(e.subject()), base);
}

TEST(ImageFolder, RefusesAnotherEvaluationsPictures) {
  TemporaryFolder folder;
  const std::vector<EvaluationItem> items = {{"00000", "a", "a dot", "{}"}};
  ImageFolder(folder.path(), std::string(64, 'a'), items, 1);
  EXPECT_THROW(ImageFolder(folder.path(), std::string(63, 'a') + "b", items, 1), InputError);
}

}  // namespace
}  // namespace umm::testing
