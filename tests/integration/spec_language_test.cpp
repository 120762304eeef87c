// The experiment language through the real program: what a user does with a spec before anything is trained.
#include "program.h"

namespace umm::testing {
namespace {

class SpecLanguageTest : public ProgramTest {
 protected:
  void expect_out(const Finished& finished, std::initializer_list<const char*> words) {
    EXPECT_EQ(finished.exit_code, 0) << finished.err;
    expect_words(finished.out, words);
  }
  void expect_refused(const Finished& finished, std::initializer_list<const char*> words) {
    EXPECT_EQ(finished.exit_code, 2) << finished.out << finished.err;
    expect_words(finished.err, words);
    EXPECT_FALSE(fs::exists(folder_ / "out"));
  }

  // The sixteen digits of a run's identity that `plan` prints before its name.
  static std::string identity(const Finished& plan, const std::string& name) {
    const auto at = plan.out.find("  " + name + "\n");
    return at == std::string::npos || at < 16 ? "" : plan.out.substr(at - 16, 16);
  }

  static inline const std::string kSeeds = kTwoSeeds + R"([[arm]]
when = { method = "sft", seed = 1 }
skip = true
because = "one is enough"
)";
};

TEST_F(SpecLanguageTest, PlanCountsCellsReplicatesAndWhatIsSkipped) {
  write("a.toml", small_spec() + kSeeds);
  expect_out(run("plan a.toml"), {"2 method = 2 cells, x 2 seed = 4 runs, 1 skipped, and 1 reference\n",
                                  "skipped    1  method = sft, seed = 1: one is enough  (a.toml:"});
}

TEST_F(SpecLanguageTest, OnlyLeavesARunAsItIs) {
  write("a.toml", small_spec() + kSeeds);
  const Finished all = run("plan a.toml"), some = run("plan a.toml --only 'method=re*' --only seed=1");
  expect_out(some, {"left out by --only 3\n", "\n1 runs; 1 stages to train"});
  ASSERT_FALSE(identity(all, "reca, seed 1").empty()) << all.out;
  EXPECT_EQ(identity(some, "reca, seed 1"), identity(all, "reca, seed 1"));
  expect_refused(run("run a.toml --only 'method=dpo'"), {"S172", "there are: sft, reca"});
  expect_refused(run("run a.toml --only 'metod=sft'"), {"S171", "did you mean `method`?"});
  const Finished trained = run("run a.toml --only method=sft");
  expect_out(trained, {"1 runs, 1 stages trained, 1 evaluations made, 0 failed"});
  expect_out(run("plan a.toml"), {"2 stages to train, 1 finished"});
}

TEST_F(SpecLanguageTest, ARowOfACoupledAxisIsARowOfTheTable) {
  write("a.toml", small_spec() + R"([[axis]]
name = "effort"
keys = ["train.updates", "train.lr"]
rows = [[1, 1e-3], [2, 1e-4]]
labels = ["short", "long"]
)");
  expect_out(run("plan a.toml"), {"2 method x 2 effort = 4 cells = 4 runs", "sft, short", "reca, long"});
  expect_out(run("run a.toml --only method=sft --only effort=short"), {"0 failed"});
  expect_out(run("table out/results.sqlite"), {"sft, short"});
}

TEST_F(SpecLanguageTest, AFileMayExtendAnother) {
  fs::create_directories(folder_ / "shared");
  write("shared/base.toml", small_spec("updates = 2\nwarmpu = 1"));
  write("a.toml",
        "schema = 1\nextends = \"shared/base.toml\"\n[sweep]\noutput = \"out\"\n[base.train]\nupdates = 1\n");
  expect_refused(run("plan a.toml"), {"--> shared/base.toml:", "warmpu", "did you mean `warmup`?"});
  write("shared/base.toml", small_spec());
  expect_out(run("plan a.toml"), {"2 cells = 2 runs, and 1 reference", "1 updates x 1"});
  write("shared/base.toml", "schema = 1\nextends = \"../a.toml\"\n");
  expect_refused(run("plan a.toml"), {"S132", "a.toml -> shared/base.toml -> a.toml"});
}

TEST_F(SpecLanguageTest, ASpecSaysWhereItsPluginsLieAndWhichVersionsItNeeds) {
  fs::create_directories(folder_ / "mine");
  fs::copy(UMM_BINARY_DIR "/plugins", folder_ / "mine", fs::copy_options::recursive);
  const std::string none = "export UMM_PLUGIN_PATH=none;";
  write("a.toml", small_spec());
  expect_refused(run("plan a.toml", none), {"S110"});
  write("a.toml", small_spec() + "[plugins]\npath = [\"mine\"]\nrequire = { reca = \">=0.1, <9\" }\n");
  expect_out(run("plan a.toml", none), {"2 stages to train"});
  expect_out(run("run a.toml --only method=sft", none), {"1 stages trained"});
  write("prompts.json", "{\"a.txt\": \"a red square\"}");
  expect_out(run("generate a.toml pictures --run base --layout dpg --prompts prompts.json --option "
                 "draw_only=true --images 1 "
                 "--sampling steps=2",
                 none),
             {"pictures of 1 prompts"});
  expect_out(run("export a.toml weights --only method=sft", none), {"model.safetensors"});
  fs::remove_all(folder_ / "out");
  write("a.toml", small_spec() + "[plugins]\npath = [\"mine\"]\nrequire = { reca = \">=9\" }\n");
  expect_refused(run("run a.toml", none), {"S118", "required is >=9", "found in mine/reca.umm.so"});
  write("a.toml", small_spec() + "[plugins]\npath = [\"theirs\"]\n");
  expect_refused(run("plan a.toml"), {"S131", "there is no plugin library or folder theirs"});
}

TEST_F(SpecLanguageTest, ARunThatAwaitsSomethingHasNoWeightsToShow) {
  write("a.toml", small_spec("updates = 1", "bagel") + "[awaits]\nplugins = [\"bagel\"]\n");
  write("prompts.json", "{\"a.txt\": \"a red square\"}");
  const char* said[] = {"awaits architecture \"bagel\"", "so it has no weights"};
  expect_refused(run("generate a.toml pictures --run base --layout dpg --prompts prompts.json"),
                 {said[0], said[1]});
  expect_refused(run("export a.toml weights --only method=sft"), {said[0], said[1]});
  expect_out(run("explain a.toml --key architecture.vocabulary --run sft"), {"vocabulary.txt   <- in force"});
}

TEST_F(SpecLanguageTest, ProtocolsComeWithTheProgram) {
  const std::string spec = small_spec();
  write("a.toml", spec.substr(0, spec.find("prompts = ")) + "protocol = \"geneval/tiny-4x\"\n");
  expect_out(run("plan a.toml --tflops 1"), {"geneval: ", "prompts x 4 pictures"});
  expect_refused(run("plan a.toml --set eval.geneval.protocol=geneval/tiny-4"),
                 {"S131", "there is no protocol \"geneval/tiny-4\"", "did you mean `geneval/tiny-4x`?"});
  expect_refused(run("plan a.toml --set eval.geneval.images_per_prompt=1"), {"S151", "tiny-4x.toml:"});
}

TEST_F(SpecLanguageTest, ExplainTellsWhereAValueComesFrom) {
  write("a.toml", small_spec() + "[[arm]]\nwhen = { method = \"reca\" }\nset = { \"train.lr\" = 2e-3 }\n");
  const Finished all = run("explain a.toml --key train.lr --set train.warmup=1");
  expect_out(all, {"train.lr\n", "  sft\n", "  reca\n", "  base\n", "[base]   a.toml:", "0.001   <- in force",
                   "[[arm]]  a.toml:", "0.002   <- in force", "not read here"});
  const Finished one = run("explain a.toml --key train.warmup --run reca --set train.warmup=1");
  expect_out(one, {"default", "--set    --set:1:14  1   <- in force"});
  EXPECT_EQ(one.out.find("sft"), std::string::npos) << one.out;
  const std::string prefix = identity(run("plan a.toml"), "sft").substr(0, 8);
  expect_out(run("explain a.toml --key architecture.preset --run " + prefix), {"  sft\n", "default  showo"});
  expect_refused(run("explain a.toml --key train.learning_rat"), {"did you mean `lr`?"});
  expect_refused(run("explain a.toml --key train.lr --run rcea"),
                 {"did you mean `reca`?", "there are: base; sft; reca"});
}

// The text of the page's blocks that begin with this line.
std::vector<std::string> blocks_of(const std::string& page, const std::string& fence) {
  std::vector<std::string> blocks;
  const std::string begin = "\n```" + fence + "\n", end = "\n```\n";
  for (size_t at = 0; (at = page.find(begin, at)) != std::string::npos;) {
    at += begin.size();
    blocks.push_back(page.substr(at, page.find(end, at) + 1 - at));
  }
  return blocks;
}

TEST_F(SpecLanguageTest, TheExampleOfTheReferenceIsTrue) {
  const std::string page = read_text(UMM_SOURCE_DIR "/docs/spec.md");
  for (const char* needed : {"base", "vocabulary.txt"})
    fs::copy(fs::path(UMM_SOURCE_DIR "/experiments/tiny") / needed, folder_ / needed);
  fs::create_directories(folder_ / "protocols/geneval");
  for (const char* name : {"recipe.toml", "effort.toml", "protocols/geneval/tiny-4x.toml"}) {
    const auto blocks = blocks_of(page, std::string("toml ") + name);
    ASSERT_EQ(blocks.size(), 1u) << name;
    write(name, blocks[0]);
  }
  const auto outputs = blocks_of(page, "text");
  ASSERT_EQ(outputs.size(), 2u);
  expect_out(run("plan effort.toml --tflops 1"), {outputs[0].c_str(), "reca, long, seed 2"});
  expect_out(run("explain effort.toml --key train.lr --run 'reca, long, seed 0'"), {outputs[1].c_str()});
  write("named.toml",
        "schema = 1\nextends = \"effort.toml\"\n[eval.geneval]\nprotocol = \"geneval/tiny-4x\"\n");
  expect_out(run("explain named.toml --key eval.geneval.images_per_prompt --run base"),
             {"protocol  protocols/geneval/tiny-4x.toml:8:21  4   <- in force"});
}

// Every key that a message would list is in the reference.
TEST_F(SpecLanguageTest, TheReferenceKnowsEveryKeyAndCode) {
  const std::string page = read_text(UMM_SOURCE_DIR "/docs/spec.md");
  const std::vector<std::string> tables = {"train",  "sweep",  "resources", "resources.judge",
                                           "budget", "launch", "report"};
  for (const std::string& table : tables) {
    const Finished listed = run("explain " UMM_SOURCE_DIR "/experiments/tiny/quickstart.toml --key " + table);
    const std::string mark = "its keys: ";
    ASSERT_NE(listed.err.find(mark), std::string::npos) << listed.err;
    std::istringstream keys(listed.err.substr(listed.err.find(mark) + mark.size()));
    for (std::string key; keys >> key;) {
      if (key.ends_with(",")) key.pop_back();
      const bool there = page.find("| `" + key + "` |") != std::string::npos ||
                         page.find("| `" + table + "." + key + "` |") != std::string::npos;
      EXPECT_TRUE(there) << table << "." << key;
    }
  }
  for (const auto& file : fs::directory_iterator(UMM_SOURCE_DIR "/host/spec")) {
    const std::string source = read_text(file.path());
    for (size_t at = 0; (at = source.find("\"S", at)) != std::string::npos; ++at) {
      const std::string code = source.substr(at + 1, 4);
      if (source.substr(at + 5, 1) != "\"") continue;
      EXPECT_NE(page.find(code), std::string::npos) << code;
    }
  }
}

}  // namespace
}  // namespace umm::testing
