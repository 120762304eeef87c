// Wrong input through the real program: exit code 2, one message that says what, where and what to do,
// nothing written.
#include "program.h"

namespace umm::testing {
namespace {

class WrongInputTest : public ProgramTest {
 protected:
  void expect_refused(const Finished& finished, std::initializer_list<const char*> words) {
    EXPECT_EQ(finished.exit_code, 2) << finished.out << finished.err;
    for (const char* word : words)
      EXPECT_NE(finished.err.find(word), std::string::npos) << word << "\n" << finished.err;
    EXPECT_FALSE(fs::exists(folder_ / "out")) << "a refused spec must leave nothing behind";
  }

  std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
  }
};

TEST_F(WrongInputTest, UnknownKey) {
  write("a.toml", small_spec("stpes = 3\nupdates = 2"));
  expect_refused(run("run a.toml"), {"a.toml:", "stpes"});
}

TEST_F(WrongInputTest, WrongTypeAndOutOfRangeAreBothListed) {
  write("a.toml", small_spec("updates = \"many\"\nclip_norm = -1.0"));
  expect_refused(run("run a.toml"), {"updates", "clip_norm"});
}

TEST_F(WrongInputTest, UnknownPluginNamesTheNearest) {
  write("a.toml", replaced(small_spec(), "[\"sft\", \"reca\"]", "[\"sft\", \"rceA\"]"));
  expect_refused(run("run a.toml"), {"rceA", "reca"});
}

// Only the model knows its groups, so the run starts; no stage before the mistaken one is trained.
TEST_F(WrongInputTest, UnknownGroupOfALaterStageCostsNoTraining) {
  const std::string axis = R"([[axis]]
name = "method"
key = "method.use"
values = ["sft", "reca"]
)";
  const std::string stages = R"([[stage]]
name = "first"
[[stage]]
name = "second"
[stage.train]
reinitialize = ["projektor"]
)";
  const std::string spec = replaced(small_spec(), "use = \"reca\"", "use = \"reca\"\nlambda_t2i = 1.0");
  write("a.toml", replaced(spec, axis, stages));
  const Finished finished = run("run a.toml");
  EXPECT_EQ(finished.exit_code, 1) << finished.out << finished.err;
  const std::string text = finished.out + finished.err;
  EXPECT_NE(text.find("stage second: no parameter group \"projektor\""), std::string::npos) << text;
  EXPECT_NE(text.find("0 stages trained"), std::string::npos) << text;
}

// Only a judge knows what it lacks to be asked, and a benchmark whether it can score its prompts.
TEST_F(WrongInputTest, WhatNoBenchmarkCouldScoreCostsNoTraining) {
  const auto expect_untrained = [&](const std::string& evaluation, const char* problem) {
    write("a.toml", small_spec() + evaluation);
    const Finished finished = run("run a.toml");
    EXPECT_NE(finished.exit_code, 0) << evaluation;
    const std::string text = finished.out + finished.err;
    EXPECT_NE(text.find(problem), std::string::npos) << text;
    EXPECT_FALSE(fs::exists(folder_ / "out/stages")) << evaluation;
    fs::remove_all(folder_ / "out");
  };
  const std::string wise = R"([eval.wise]
prompts = "tiny_world_wise"
judge = "openai"
sampling = { steps = 2 }
)";
  expect_untrained(wise, "expected the option `model`");
  expect_untrained(wise + "judge_options = { model = \"m\" }\n", "set resources.judge.url");
  write("bare.jsonl", R"({"item_id": "a", "text": "a dot"})");
  expect_untrained(R"([eval.dpg]
prompts = "bare.jsonl"
draw_only = true
answerer = "tiny_world"
sampling = { steps = 2 }
)",
                   "can be drawn and not scored");
}

TEST_F(WrongInputTest, BrokenToml) {
  write("a.toml", small_spec() + "[unclosed\n");
  expect_refused(run("run a.toml"), {"a.toml:"});
}

TEST_F(WrongInputTest, MissingFiles) {
  expect_refused(run("run absent.toml"), {"absent.toml"});
  expect_refused(run("table absent.sqlite"), {"absent.sqlite"});
  write("a.toml", replaced(small_spec(), "vocabulary.txt", "absent.txt"));
  expect_refused(run("run a.toml"), {"absent.txt"});
}

TEST_F(WrongInputTest, UnknownCommandAndOption) {
  EXPECT_EQ(run("trian a.toml").exit_code, 2);
  EXPECT_EQ(run("run").exit_code, 2);
}

TEST_F(WrongInputTest, CorruptBaseWeights) {
  fs::create_directories(folder_ / "base");
  for (const char* file : {"model", "image_encoder", "image_tokenizer"}) {
    std::ofstream(folder_ / "base" / (std::string(file) + ".safetensors")) << "not safetensors";
  }
  write("a.toml", replaced(small_spec(), "use = \"showo\"", "use = \"showo\"\nbase = \"base\""));
  const Finished finished = run("run a.toml");
  EXPECT_NE(finished.exit_code, 0);
  EXPECT_NE((finished.err + finished.out).find(".safetensors"), std::string::npos) << finished.err;
}

TEST_F(WrongInputTest, OutputThatCannotBeWritten) {
  write("out", "a file where the folder should be");
  write("a.toml", small_spec());
  const Finished finished = run("run a.toml");
  EXPECT_NE(finished.exit_code, 0);
  EXPECT_NE(finished.err.find("out"), std::string::npos) << finished.err;
  EXPECT_EQ(read_text(folder_ / "out"), "a file where the folder should be");
}

// A file-size limit stands in for a full disk: writes fail in the same place, with an error of the same kind.
TEST_F(WrongInputTest, AFullDiskLosesNothingAndTheRunGoesOnAfterwards) {
  write("a.toml", small_spec());
  const Finished full = run("run a.toml", "trap '' XFSZ; ulimit -f 300;");
  EXPECT_EQ(full.exit_code, 1) << full.out << full.err;
  const Finished after = run("run a.toml");
  EXPECT_EQ(after.exit_code, 0) << after.err;
  EXPECT_NE(after.out.find("0 failed"), std::string::npos) << after.out;
}

TEST_F(WrongInputTest, NotADatabase) {
  write("results.sqlite", "this is not a database, whatever its name says");
  expect_refused(run("table results.sqlite"), {"results.sqlite"});
}

}  // namespace
}  // namespace umm::testing
