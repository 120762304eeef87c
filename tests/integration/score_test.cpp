// `ummbench score` and `protocol`: the pictures of a run, scored as if another program had made them.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "program.h"

namespace umm::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Json = nlohmann::json;

const std::string kPrompts =
    "geneval --prompts tiny_world --set prompt_options.prompts_per_tag=2 --oracle --images-per-prompt ";
const std::string kBenchmark = kPrompts + "1 ";

// A sweep in out/; the pictures of its untrained weights in pictures/.
class ScoreTest : public ProgramTest {
 protected:
  static void SetUpTestSuite() { fs::remove_all(prepared()); }
  static void TearDownTestSuite() { fs::remove_all(prepared()); }
  void SetUp() override {
    ProgramTest::SetUp();
    if (fs::exists(prepared())) {
      fs::remove_all(folder_);
      fs::copy(prepared(), folder_, fs::copy_options::recursive);
    } else {
      prepare();
      if (!HasFatalFailure()) fs::copy(folder_, prepared(), fs::copy_options::recursive);
    }
  }

  // One sweep serves all tests.
  static fs::path prepared() {
    return fs::temp_directory_path() / ("umm_scored_" + std::to_string(getpid()));
  }
  void prepare() const {
    write("a.toml", small_spec("updates = 1"));
    const Finished finished = run("run a.toml");
    ASSERT_EQ(finished.exit_code, 0) << finished.err;
    const Json base =
        query("out/results.sqlite", "SELECT evaluation_identity FROM scores WHERE label = 'base'");
    const std::string folder = base.at(0)["evaluation_identity"].get<std::string>().substr(0, 16);
    ASSERT_EQ(run_command("cp -r out/images/" + folder + " pictures").exit_code, 0);
  }

  Json query(const std::string& database, const std::string& sql) const {
    const Finished finished = run("db query " + database + " --format json \"" + sql + "\"");
    EXPECT_EQ(finished.exit_code, 0) << finished.err;
    return Json::parse(finished.out);
  }

  Json scored(const std::string& arguments, int exit_code = 0) const {
    const Finished finished = run("score " + kBenchmark + arguments + " --json");
    EXPECT_EQ(finished.exit_code, exit_code) << finished.err;
    return Json::parse(finished.out)["rows"][0];
  }

  static double value(const Json& row, const std::string& name) {
    for (const auto& score : row["scores"])
      if (score["name"] == name) return score["value"];
    ADD_FAILURE() << "no score " << name;
    return -1;
  }
};

TEST_F(ScoreTest, PicturesFromElsewhereAreScoredAsThoseOfRuns) {
  const Json row = scored("--images pictures --label theirs");
  EXPECT_FALSE(row["partial"]);
  EXPECT_EQ(row["asked"], 12);
  const Json ours =
      query("out/results.sqlite", "SELECT name, value, protocol_hash FROM scores WHERE label = 'base'");
  for (const auto& score : ours) EXPECT_EQ(value(row, score["name"]), score["value"]) << score["name"];
  EXPECT_EQ(ours[0]["protocol_hash"], row["protocol_hash"]);

  const std::string stored = "runs/external/results.sqlite";
  const Json theirs = query(stored, "SELECT label, name, value FROM scores WHERE name = 'overall'");
  ASSERT_EQ(theirs.size(), 1u);
  EXPECT_EQ(theirs[0]["label"], "theirs");
  EXPECT_EQ(theirs[0]["value"], value(row, "overall"));
  EXPECT_EQ(query(stored, "SELECT architecture FROM runs")[0]["architecture"], "external");
  EXPECT_EQ(run("rescore " + stored).exit_code, 0);
  EXPECT_THAT(run("table " + stored).out, HasSubstr("theirs"));

  scored("--images pictures --label again");
  EXPECT_EQ(query(stored, "SELECT count(DISTINCT label) AS n FROM scores")[0]["n"], 2);
}

TEST_F(ScoreTest, WhatIsMissingExtraOrBrokenIsListed) {
  ASSERT_EQ(
      run_command(
          "rm pictures/00001/samples/00000.png && cp pictures/00002/samples/00000.png pictures/more.png "
          "&& head -c 100 pictures/00003/samples/00000.png > cut && "
          "mv cut pictures/00003/samples/00000.png && "
          "mv pictures/00004/samples/00000.png pictures/00004/samples/0.png")
          .exit_code,
      0);
  const Json row = scored("--images pictures", 1);
  EXPECT_TRUE(row["partial"]);
  EXPECT_EQ(row["asked"], 12);
  EXPECT_EQ(row["unscored"], 2);
  EXPECT_EQ(row["missing"], Json({"pictures/00001/samples/00000.png"}));
  EXPECT_EQ(row["extra"], Json({"pictures/more.png"}));
  ASSERT_EQ(row["unreadable"].size(), 1u);
  EXPECT_THAT(row["unreadable"][0]["reason"].get<std::string>(),
              HasSubstr("pictures/00003/samples/00000.png"));

  const Finished text = run("score " + kBenchmark + "--images pictures");
  EXPECT_EQ(text.exit_code, 1);
  EXPECT_THAT(text.out, HasSubstr("PARTIAL: 2 of 12 pictures have no score"));
  EXPECT_THAT(text.err, HasSubstr("1 pictures are missing"));
  const Finished table = run("table runs/external/results.sqlite");
  EXPECT_THAT(table.out, IsEmpty()) << "a table must not pass it for the benchmark's score";
  EXPECT_THAT(table.err, HasSubstr("pictures, seed 0: geneval is partial, 2 of 12 pictures have no score"));
  EXPECT_EQ(run("rescore runs/external/results.sqlite").exit_code, 0);
}

TEST_F(ScoreTest, EvidenceIsScoredWithoutPictures) {
  std::string lines;
  for (const auto& row :
       query("out/results.sqlite",
             "SELECT item_id, image_index, evidence_json FROM evidence "
             "JOIN item ON item.id = item_row_id WHERE image_path LIKE (SELECT 'images/' || "
             "substr(evaluation_identity, 1, 16) || '%' FROM scores WHERE label = 'base') "
             "ORDER BY position"))
    lines += Json{{"item", row["item_id"]},
                  {"image", row["image_index"]},
                  {"evidence", Json::parse(row["evidence_json"].get<std::string>())}}
                 .dump() +
             "\n";
  write("seen.jsonl", lines);
  const Json pictures = scored("--images pictures"), evidence = scored("--evidence seen.jsonl");
  EXPECT_EQ(evidence["scores"], pictures["scores"]);
  EXPECT_FALSE(evidence["partial"]);

  const auto refused = [&](const std::string& text) {
    write("seen.jsonl", text);
    const Finished finished = run("score " + kBenchmark + "--evidence seen.jsonl");
    EXPECT_EQ(finished.exit_code, 2);
    return finished.err;
  };
  EXPECT_THAT(refused(lines + lines), HasSubstr("seen.jsonl:13: picture 0 of item \"00000\" is there twice"));
  EXPECT_THAT(refused(lines + "{}\n"), HasSubstr("seen.jsonl:13: expected {\"item\": id"));
  EXPECT_THAT(refused(R"({"item": "99999", "evidence": {}})"),
              HasSubstr("the prompts have no item \"99999\""));
  EXPECT_THAT(refused(R"({"item": "00000", "image": 1, "evidence": {}})"),
              HasSubstr("the protocol has 1 of each"));
  EXPECT_THAT(refused("{}\n"), HasSubstr("seen.jsonl:1: expected {\"item\": id"));

  write("seen.jsonl", lines);
  const Finished nameless = run("score geneval --evidence seen.jsonl");
  EXPECT_EQ(nameless.exit_code, 2);
  EXPECT_THAT(nameless.err, HasSubstr("say which with --prompts or --protocol"));
  const Json some = Json::parse(run("score " + kPrompts + "2 --evidence seen.jsonl --json").out)["rows"][0];
  EXPECT_EQ(some["asked"], 24);
  EXPECT_EQ(some["unscored"], 12);
}

TEST_F(ScoreTest, MistakesSayWhatToDo) {
  const auto refused = [&](const std::string& arguments) {
    const Finished finished = run("score " + arguments);
    EXPECT_EQ(finished.exit_code, 2) << arguments;
    EXPECT_THAT(finished.out, IsEmpty());
    return finished.err;
  };
  EXPECT_THAT(refused(kBenchmark), HasSubstr("--images FOLDER, or --evidence FILE"));
  EXPECT_THAT(refused(kBenchmark + "--images nowhere"),
              HasSubstr("nowhere: expected a folder of pictures, found nothing"));
  EXPECT_THAT(refused(kBenchmark + "--images out"),
              HasSubstr("the first would be out/00000/samples/00000.png"));
  EXPECT_THAT(refused("geneval --evidence a.toml"), HasSubstr("a.toml: expected a published log"));
  EXPECT_THAT(refused("geneval --images pictures"), HasSubstr("Say --prompts FILE"));
  EXPECT_THAT(refused("genevil --images pictures --prompts tiny_world"), HasSubstr("did you mean `geneval`"));
  EXPECT_THAT(refused("geneval/tiny-5x --images pictures"), HasSubstr("did you mean `geneval/tiny-4x`"));
  EXPECT_THAT(refused("geneval/tiny-4x --protocol geneval/tiny-4x --images pictures"), HasSubstr("name one"));
  EXPECT_THAT(refused("geneval/tiny-4x --images pictures --set threshold=0.5"), HasSubstr("S151"));
  EXPECT_THAT(refused(kBenchmark + "--images pictures --set treshold=0.5"), HasSubstr("did you mean"));
  EXPECT_FALSE(fs::exists(folder_ / "runs")) << "nothing may be left of a command that was refused";
}

TEST_F(ScoreTest, ProtocolsAreShownAndCompared) {
  const Finished shown = run("protocol show geneval/tiny-4x");
  EXPECT_EQ(shown.exit_code, 0) << shown.err;
  EXPECT_THAT(shown.out, HasSubstr("evaluator_options.threshold = 0.3"));
  const Json json = Json::parse(run("protocol show geneval/tiny-4x --json").out);
  EXPECT_EQ(json["settings"]["images_per_prompt"], 4);
  EXPECT_THAT(run("protocol show geneval/tiny-9x").err, HasSubstr("there is no protocol"));
  EXPECT_THAT(run("protocol show tiny").err, HasSubstr("expected a protocol"));

  ASSERT_EQ(
      run_command(
          "mkdir -p protocols/geneval && sed 's/^images_per_prompt.*/images_per_prompt = 1/' " UMM_SOURCE_DIR
          "/experiments/protocols/geneval/tiny-4x.toml > protocols/geneval/one.toml")
          .exit_code,
      0);
  const Finished differ = run("protocol diff geneval/tiny-4x geneval/one");
  EXPECT_EQ(differ.exit_code, 1) << differ.err;
  EXPECT_THAT(differ.out, HasSubstr("images_per_prompt: 4 | 1"));
  EXPECT_EQ(run("protocol diff geneval/one geneval/one").exit_code, 0);

  const Finished other = run("protocol verify geneval/one out/results.sqlite");
  EXPECT_EQ(other.exit_code, 1);
  EXPECT_THAT(other.out, HasSubstr("prompt_options"));
  scored("--images pictures -o mine");
  EXPECT_EQ(run("score geneval/one --images pictures -o theirs").exit_code, 1) << "there are more prompts";
  const Finished same = run("protocol verify geneval/one theirs/results.sqlite");
  EXPECT_EQ(same.exit_code, 0) << same.out;
  EXPECT_THAT(same.out, HasSubstr("1 evaluations were made under it"));
}

// A protocol's `anchors` prove a scorer on pictures whose score is published.
TEST_F(ScoreTest, ProtocolsVerifyPublishedScores) {
  const std::string protocol = R"(schema = 1
[protocol]
prompts           = "tiny_world"
prompt_options    = { prompts_per_tag = 2 }
detector          = "tiny_world"
images_per_prompt = 1
[protocol.evaluator]
use = "geneval"
)";
  const auto publish = [&](double score) {
    write("protocols/geneval/small.toml",
          protocol + "[protocol.anchors]\nmine = { score = " + std::to_string(score) +
              ", tolerance = 0.01 }\nnobody = { score = 0.5, tolerance = 0.01 }\n");
    return run("protocol verify geneval/small verified");
  };
  fs::create_directories(folder_ / "protocols/geneval");
  write("protocols/geneval/small.toml", protocol);
  const Finished finished = run("score geneval/small --images pictures --label mine -o verified --json");
  ASSERT_EQ(finished.exit_code, 0) << finished.err;
  const double overall = value(Json::parse(finished.out)["rows"][0], "overall");

  const Finished inside = publish(overall + 0.005);
  EXPECT_EQ(inside.exit_code, 0) << inside.out;
  EXPECT_THAT(inside.out, HasSubstr("in sweep external"));
  EXPECT_THAT(inside.out, HasSubstr(": inside"));
  EXPECT_THAT(inside.out, HasSubstr("nobody: published 0.5 +- 0.01, no row of that label with all pictures"));
  const Finished outside = publish(overall + 0.02);
  EXPECT_EQ(outside.exit_code, 1) << outside.out;
  EXPECT_THAT(outside.out, HasSubstr(": OUTSIDE"));
}

}  // namespace
}  // namespace umm::testing
