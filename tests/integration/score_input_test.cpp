// `ummbench score` and what it is handed: evidence, logs and options that do not fit, a database that another
// process holds, benchmarks in which nothing has a score.
#include <gmock/gmock.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/inotify.h>

#include <nlohmann/json.hpp>

#include "program.h"
#include "session.h"

namespace umm::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Json = nlohmann::json;

const std::string kDatabase = "runs/external/results.sqlite";
const std::string kGenEval =
    "geneval --prompts tiny_world --set prompt_options.prompts_per_tag=1 --images-per-prompt 1 ";
const fs::path kPicture = UMM_SOURCE_DIR "/experiments/tiny/pictures/1.png";
const std::string kWise = "wise --prompts tiny_world_wise --set prompt_options.prompts_per_category=1 ";

class ScoreInputTest : public ProgramTest {
 protected:
  Json query(const std::string& sql) const {
    const Finished finished = run("db query " + kDatabase + " --format json \"" + sql + "\"");
    EXPECT_EQ(finished.exit_code, 0) << finished.err;
    return Json::parse(finished.out);
  }

  std::string refused(const std::string& arguments) const {
    const Finished finished = run("score " + arguments);
    EXPECT_EQ(finished.exit_code, 2) << arguments << "\n" << finished.err;
    EXPECT_THAT(finished.out, IsEmpty());
    EXPECT_FALSE(fs::exists(folder_ / kDatabase)) << arguments;
    return finished.err;
  }

  // Evidence about each of `items` prompts.
  void write_evidence(const std::string& file, int items, const std::string& evidence) const {
    std::string lines;
    for (int i = 0; i < items; ++i)
      lines +=
          R"({"item": ")" + std::string("0000") + std::to_string(i) + R"(", "evidence": )" + evidence + "}\n";
    write(file, lines);
  }

  static std::string judgement(const std::string& model, const std::string& item, const std::string& scores) {
    return Json{{"model", model},
                {"item", item},
                {"instruction", "make it blue"},
                {"SC", {{"score", Json::parse(scores)}}},
                {"PQ", {{"score", Json::parse(scores)}}}}
               .dump() +
           "\n";
  }
};

TEST_F(ScoreInputTest, EvidenceNeedsNobodyWhoIsAsked) {
  write_evidence("seen.jsonl", 6, R"({"detections": []})");
  const Finished finished = run("score " + kGenEval + "--evidence seen.jsonl --json");
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_EQ(Json::parse(finished.out)["rows"][0]["asked"], 6);
  EXPECT_EQ(run("rescore " + kDatabase).exit_code, 0);
  EXPECT_THAT(run("score " + kGenEval + "--images .").err, HasSubstr("`eval.geneval.detector` is missing"));
}

TEST_F(ScoreInputTest, BrokenEvidenceIsToldByItsLine) {
  write("seen.jsonl", "\n{\"item\": \"00000\", \"evidence\": {\"detections\": 5}}\n");
  const std::string error = refused(kGenEval + "--evidence seen.jsonl");
  EXPECT_THAT(error, HasSubstr("seen.jsonl:2: expected evidence as evaluator `geneval` writes it"));
  EXPECT_THAT(error, Not(HasSubstr("json.exception")));
  write("seen.jsonl", R"({"item": "00000", "evidence": {"a": )" + std::string(200000, '[') + "}}");
  EXPECT_THAT(refused(kGenEval + "--evidence seen.jsonl"), HasSubstr("seen.jsonl:1: expected at most 64"));
  EXPECT_THAT(refused("geneval --evidence seen.jsonl"), HasSubstr("seen.jsonl"));
}

TEST_F(ScoreInputTest, ADatabaseThatAnotherProcessHoldsIsWaitedFor) {
  write_evidence("seen.jsonl", 6, R"({"detections": []})");
  fs::create_directories(folder_ / "runs/external");
  const std::string lock = folder_ / (kDatabase + ".lock");
  const int held = open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  ASSERT_EQ(flock(held, LOCK_EX | LOCK_NB), 0);
  // Whoever is refused the lock closes its file.
  const int changes = inotify_init1(IN_CLOEXEC);
  ASSERT_GE(inotify_add_watch(changes, lock.c_str(), IN_CLOSE_WRITE), 0);
  Session session(command("score " + kGenEval + "--evidence seen.jsonl"), folder_ / "log.txt");
  pollfd refusal{changes, POLLIN, 0};
  EXPECT_EQ(poll(&refusal, 1, 60'000), 1) << "nobody asked for the lock";
  EXPECT_FALSE(session.exit_code()) << "it has not waited";
  close(changes);
  close(held);
  EXPECT_EQ(session.wait(), 0) << read_text(folder_ / "log.txt");
  EXPECT_EQ(query("SELECT label FROM scores WHERE name = 'overall'"),
            Json::parse(R"([{"label": "seen.jsonl"}])"));
}

TEST_F(ScoreInputTest, ARowThatIsNotInTheDatabaseYetIsSaidToBeRecorded) {
  write_evidence("seen.jsonl", 6, R"({"detections": []})");
  fs::create_directories(folder_ / "runs/external");
  write(kDatabase, std::string(5000, 'x'));
  const Finished finished = run("score " + kGenEval + "--evidence seen.jsonl");
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_THAT(finished.err, HasSubstr("recorded, and not yet in " + kDatabase));
  EXPECT_THAT(finished.err, Not(HasSubstr("database       ")));
  fs::remove(folder_ / kDatabase);
  EXPECT_THAT(finished.err, HasSubstr("`ummbench db ingest runs/external`"));
  EXPECT_EQ(run("db ingest runs/external").exit_code, 0);
  EXPECT_EQ(query("SELECT label FROM scores WHERE name = 'overall'"),
            Json::parse(R"([{"label": "seen.jsonl"}])"));
}

TEST_F(ScoreInputTest, OptionsThatDoNotFitAreRefused) {
  write_evidence("seen.jsonl", 6, R"({"detections": []})");
  fs::create_directories(folder_ / "pictures");
  EXPECT_THAT(
      refused("geneval --protocol dpg/tiny-4x --images pictures"),
      HasSubstr("expected a protocol of the evaluator geneval, found that dpg/tiny-4x is one of dpg"));
  EXPECT_THAT(refused("geneval/tiny-4x --judge http://localhost:1/v1 --images pictures"),
              HasSubstr("--judge: geneval/tiny-4x asks no judge"));
  EXPECT_THAT(refused("wise/tiny --replay replies --images pictures"),
              HasSubstr("--replay: wise/tiny asks the judge tiny_world"));
  EXPECT_THAT(refused(kWise + "--replay replies --set judge_options.model=m --images pictures"),
              HasSubstr("replies: expected a judge's stored replies, a folder or a .jsonl file"));
  EXPECT_THAT(refused(kGenEval + "--evidence seen.jsonl --sweep ''"), HasSubstr("--sweep: expected a name"));
}

TEST_F(ScoreInputTest, LabelsAreWhatFoldersAreCalledAndPlain) {
  write_evidence("seen.jsonl", 6, R"({"detections": []})");
  const Finished finished =
      run("score " + kGenEval + "--evidence seen.jsonl --label \"$(printf 'a\\033[1m\\377')\"");
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_EQ(query("SELECT label FROM scores")[0]["label"], "a\uFFFD[1m\uFFFD");
  fs::create_directories(folder_ / "model/0/samples");
  fs::copy_file(kPicture, folder_ / "model/0/samples/0.png");
  const Finished here =
      run_command("cd model && XDG_CACHE_HOME=../cache '" UMM_BINARY_DIR "/ummbench' score " + kGenEval +
                  "--oracle --images . --json");
  EXPECT_EQ(here.exit_code, 1) << here.err;
  EXPECT_EQ(Json::parse(here.out)["rows"][0]["label"], "model");
  EXPECT_THAT(here.err, HasSubstr("model: 5 pictures are missing"));
  EXPECT_THAT(run("db query model/" + kDatabase + " \"SELECT image_path FROM evidence\"").out,
              HasSubstr("../../0/samples/0.png"));
}

TEST_F(ScoreInputTest, LogsAskEveryItemOfEveryModel) {
  write("log.jsonl", judgement("whole", "a.jpg", "[8, 6]") + judgement("whole", "b.jpg", "[4, 4]") +
                         judgement("half", "a.jpg", "[6, 6]") + judgement("mute", "a.jpg", "[]"));
  const Finished finished = run("score gedit --evidence log.jsonl --json");
  EXPECT_EQ(finished.exit_code, 1) << finished.err;
  const Json rows = Json::parse(finished.out)["rows"];
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_FALSE(rows[0]["partial"]);
  for (const size_t row : {1, 2}) {
    EXPECT_TRUE(rows[row]["partial"]);
    EXPECT_EQ(rows[row]["asked"], 2);
    EXPECT_EQ(rows[row]["unscored"], row);
  }
  EXPECT_THAT(finished.err, HasSubstr("mute: not one picture could be scored"));
  EXPECT_THAT(finished.err, HasSubstr("half: 1 pictures without evidence, of\n  b.jpg"));
  EXPECT_THAT(finished.err, HasSubstr("a.jpg, picture 0: unparsable"));
  EXPECT_EQ(query("SELECT status FROM evidence").size(), 4u) << "that of `mute` is kept";
  for (const auto& row : query("SELECT protocol_text FROM evaluation"))
    EXPECT_EQ(Json::parse(row["protocol_text"].get<std::string>())["images_per_prompt"], 1);
  EXPECT_EQ(run("rescore " + kDatabase).exit_code, 0);
}

// A table draws prompts by their places, for all rows at once.
TEST_F(ScoreInputTest, ModelsOfOneLogAreAskedInOneOrder) {
  write("log.jsonl", judgement("one", "b.jpg", "[8, 6]") + judgement("one", "a.jpg", "[4, 4]") +
                         judgement("other", "a.jpg", "[6, 6]") + judgement("other", "b.jpg", "[2, 2]"));
  ASSERT_EQ(run("score gedit --evidence log.jsonl").exit_code, 0);
  const Json items = query("SELECT DISTINCT position, item_id FROM item ORDER BY position");
  ASSERT_EQ(items.size(), 2u) << items;
  EXPECT_EQ(items[0]["item_id"], "b.jpg");
}

// The file that GenEval's own scorer writes, where the evaluator reads it.
TEST_F(ScoreInputTest, GenEvalsOwnResultsAreScored) {
  std::string lines;
  for (int picture = 0; picture < 3; ++picture)
    lines += Json{{"filename", "out/00000/samples/0000" + std::to_string(picture) + ".png"},
                  {"tag", "single_object"},
                  {"prompt", "a photo of a bench"},
                  {"correct", picture == 1},
                  {"reason", picture == 1 ? "" : "expected bench>=1, found 0"},
                  {"metadata", R"({"tag": "single_object", "include": [{"class": "bench", "count": 1}], )"
                               R"("prompt": "a photo of a bench"})"},
                  {"details", picture == 1 ? R"({"bench": [[1, 2, 30, 40, 0.9]]})" : "{}"}}
                 .dump() +
             "\n";
  write("results.jsonl", lines);
  const Finished finished = run("score geneval --evidence results.jsonl --label theirs --json");
  ASSERT_EQ(finished.exit_code, 0) << finished.err;
  const Json row = Json::parse(finished.out)["rows"][0];
  EXPECT_EQ(row["label"], "theirs");
  EXPECT_EQ(row["asked"], 3);
  EXPECT_DOUBLE_EQ(row["scores"].back()["value"], 1.0 / 3);
  EXPECT_EQ(run("rescore " + kDatabase).exit_code, 0);
  EXPECT_EQ(run("score geneval --evidence results.jsonl --images-per-prompt 4").exit_code, 1)
      << "one is missing";
  EXPECT_THAT(run("score geneval --evidence results.jsonl --images-per-prompt 2").err,
              HasSubstr("has 3 pictures of an item, and images_per_prompt is 2"));
}

TEST_F(ScoreInputTest, RatingsAreReadBeforeAnythingIsStored) {
  write("log.jsonl", judgement("one", "a.jpg", "[8, 6]"));
  write("wrong.tsv", "nothing\n");
  EXPECT_THAT(refused("gedit --evidence log.jsonl --ratings wrong.tsv"), HasSubstr("wrong.tsv:1: expected"));
  write("other.tsv", "uid\tone\nz.jpg\t[1, 1]\n");
  EXPECT_THAT(refused("gedit --evidence log.jsonl --ratings other.tsv"), HasSubstr("found none of them"));
}

TEST_F(ScoreInputTest, RepliesWithoutAScoreAreKept) {
  const Finished prompts = run("score " + kWise + "--evidence /dev/null");
  EXPECT_EQ(prompts.exit_code, 2);
  write("seen.jsonl", R"({"item": "1", "evidence": {"single": [{"text": "no", "status": "refused"}]}})");
  const Finished finished = run("score " + kWise + "--evidence seen.jsonl");
  EXPECT_EQ(finished.exit_code, 1) << finished.err;
  EXPECT_THAT(finished.out, HasSubstr("no score: not one of 6 pictures has one"));
  EXPECT_THAT(finished.err, HasSubstr("1, picture 0: refused"));
  EXPECT_EQ(query("SELECT status FROM evidence"), Json::parse(R"([{"status": "refused"}])"));
}

TEST_F(ScoreInputTest, ASourcePictureThatIsNotThereIsTold) {
  write("items.jsonl", R"({"key": "k", "task_type": "color_alter", "instruction": "make it blue", )"
                       R"("instruction_language": "en", )"
                       R"("input_image": "k.png", "intersection_exist": true})");
  fs::create_directories(folder_ / "theirs/fullset/color_alter/en");
  fs::create_directories(folder_ / "replies");
  fs::create_directories(folder_ / "sources");
  fs::copy_file(kPicture, folder_ / "theirs/fullset/color_alter/en/k.png");
  const std::string error = refused(
      "gedit --prompts items.jsonl --replay replies --set judge_options.model=m --set pictures=sources "
      "--images "
      "theirs");
  EXPECT_THAT(error, HasSubstr("not one of 1 pictures could be looked at"));
  EXPECT_THAT(error, HasSubstr("sources/k.png"));
}

TEST_F(ScoreInputTest, ProtocolsAreComparedWithoutTheirFiles) {
  const Finished finished = run("protocol diff geneval/official-4x geneval/reca-12x");
  EXPECT_EQ(finished.exit_code, 1) << finished.err;
  EXPECT_THAT(finished.out, HasSubstr("images_per_prompt: 4 | 12"));
  EXPECT_THAT(finished.out, HasSubstr("not here: "));
  EXPECT_THAT(run("protocol show geneval/official-4x --json").out, HasSubstr("\"images_per_prompt\": 4"));
}

}  // namespace
}  // namespace umm::testing
