// [[eval.benchmark]], and protocols that say how scores are made.
#include "spec/evaluations.h"

#include <gmock/gmock.h>

#include "spec/protocol.h"
#include "spec_fixture.h"

namespace umm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kBenchmark = R"([[eval.benchmark]]
use = "geneval"
prompts = "world"
detector = "oracle"
)";

TEST(Benchmarks, SayTheSameAsATableOfThatName) {
  const SpecFolder folder;
  const RunConfig run = folder.read(kMinimal + kBenchmark).runs.at(0);
  EXPECT_EQ(run.evaluations.at(0).name, "geneval");
  EXPECT_EQ(run.canonical, folder.read(kMinimal + kEvaluation).runs.at(0).canonical);
  const auto two =
      folder
          .read(kMinimal + kBenchmark +
                    replaced(kBenchmark, "[[eval.benchmark]]", "[[eval.benchmark]]\nname = \"loose\"") +
                    "strict = false\n[eval.benchmark.sampling]\nsteps = 3\n",
                {"eval.loose.seed=5"})
          .runs.at(0)
          .evaluations;
  ASSERT_EQ(two.size(), 2u);
  EXPECT_EQ(two[1].name, "loose");
  EXPECT_EQ(two[1].seed, 5u);
  EXPECT_EQ(two[1].sampling.integer("steps"), 3);
  EXPECT_FALSE(two[1].evaluator.options.boolean("strict"));
  // A table may be called so.
  EXPECT_EQ(folder.read(kMinimal + replaced(kEvaluation, "geneval]", "benchmark]\nuse = \"geneval\""))
                .runs.at(0)
                .evaluations.at(0)
                .name,
            "benchmark");
}

TEST(Benchmarks, AreMergedWithThoseOfTheFileBefore) {
  const SpecFolder folder;
  folder.write("base.toml", kMinimal + kEvaluation + "seed = 3\n");
  const auto evaluation =
      folder
          .read(
              "schema = 1\nextends = \"base.toml\"\n[[eval.benchmark]]\nuse = \"geneval\"\n"
              "images_per_prompt = 2\n")
          .runs.at(0)
          .evaluations.at(0);
  EXPECT_EQ(evaluation.seed, 3u);
  EXPECT_EQ(evaluation.images_per_prompt, 2);
}

TEST(Benchmarks, WeightsOfAllAndOfOne) {
  const SpecFolder folder;
  const std::string spec = kMinimal + "ema_decay = 0.9\n[eval]\nweights = \"ema\"\n" + kBenchmark +
                           "[eval.own]\nuse = \"geneval\"\nprompts = \"world\"\ndetector = \"oracle\"\n"
                           "weights = \"last\"\n";
  const auto evaluations = folder.read(spec).runs.at(0).evaluations;
  EXPECT_EQ(evaluations.at(0).weights, "ema");
  EXPECT_EQ(evaluations.at(1).weights, "last");
  EXPECT_EQ(folder.read(spec, {"eval.weights=last"}).runs.at(0).evaluations.at(0).weights, "last");
  EXPECT_THAT(folder.problems(replaced(spec, "ema_decay = 0.9\n", "")), ElementsAre("S144 17:11"));
  EXPECT_THAT(folder.problems(kMinimal + "[eval]\nweights = \"best\"\n"), ElementsAre("S122 17:11"));
  EXPECT_THAT(folder.problems(kMinimal + "[eval]\nweights = 3\n"), ElementsAre("S102 17:11"));
}

TEST(Benchmarks, Mistakes) {
  const SpecFolder folder;
  const auto problems = [&](const std::string& text) { return folder.problems(kMinimal + text); };
  EXPECT_THAT(problems(kBenchmark + kBenchmark), ElementsAre("S106 20:1"));
  EXPECT_THAT(problems(kEvaluation + kBenchmark), ElementsAre("S106 19:1"));
  EXPECT_THAT(problems(replaced(kBenchmark, "use = \"geneval\"\n", "")), ElementsAre("S107 16:1"));
  EXPECT_THAT(problems(replaced(kBenchmark, "\"geneval\"", "3")), ElementsAre("S102 17:7"));
  EXPECT_THAT(problems(replaced(kBenchmark, "\"geneval\"", "\"geneval\"\nname = \"gen eval\"")),
              ElementsAre("S113 18:8"));
  EXPECT_THAT(problems(kBenchmark + "imags_per_prompt = 3\n"), ElementsAre("S101 20:1"));
  EXPECT_THAT(problems("[eval]\nbenchmark = [1]\n"), ElementsAre("S102 17:14"));
  EXPECT_THAT(problems("[eval]\nwieghts = \"last\"\n"), ElementsAre("S102 17:1"));
  EXPECT_THAT(folder.message(kMinimal + "[eval]\nwieghts = \"last\"\n"),
              HasSubstr("did you mean `weights`?"));
}

const std::string kProtocol = R"(schema = 1
[protocol]
description = "free"
source = "free"
prompts = "world"
prompt_options = { seed = 3 }
detector = "oracle"
images_per_prompt = 2
seed = 7
[protocol.evaluator]
use = "geneval"
strict = false
[protocol.anchors]
"SD 1.5" = { score = 0.43, tolerance = 0.01, source = "paper" }
"none" = { score = 0, tolerance = 1 }
)";

const std::string kNamed = "[eval.geneval]\nprotocol = \"geneval/two\"\n";

class Protocol : public testing::Test {
 protected:
  Protocol() { write(kProtocol); }

  void write(const std::string& text) const { folder_.write("protocols/geneval/two.toml", text); }
  EvaluationConfig evaluation(const std::string& spec, const std::vector<std::string>& sets = {}) const {
    return folder_.read(kMinimal + spec, sets).runs.at(0).evaluations.at(0);
  }
  // Of a spec that names the protocol, where `from` in it is `to`.
  std::vector<std::string> problems(const std::string& from, const std::string& to) const {
    write(replaced(kProtocol, from, to));
    return folder_.problems(kMinimal + kNamed);
  }

  SpecFolder folder_;
};

TEST_F(Protocol, SaysWhatTheTableWouldSay) {
  const EvaluationConfig named = evaluation(kNamed + "batch = 9\nsampling = { steps = 5 }\n");
  EXPECT_EQ(named.prompt_set.options.integer("seed"), 3);
  EXPECT_EQ(named.images_per_prompt, 2);
  EXPECT_EQ(named.seed, 7u);
  EXPECT_FALSE(named.evaluator.options.boolean("strict"));
  EXPECT_EQ(named.batch_size, 9);
  EXPECT_EQ(named.sampling.integer("steps"), 5);
  const EvaluationConfig written =
      evaluation(kEvaluation + "prompt_options.seed = 3\nimages_per_prompt = 2\nseed = 7\nstrict = false\n");
  EXPECT_EQ(named.protocol_hash, written.protocol_hash);
}

TEST_F(Protocol, ItsHashIsThatOfWhatMakesScores) {
  const std::string before = evaluation(kNamed).protocol_hash;
  write("# a comment\n" + replaced(kProtocol, "\"free\"", "\"other words\""));
  EXPECT_EQ(evaluation(kNamed).protocol_hash, before);
  for (const auto& [from, to] : std::map<std::string, std::string>{
           {"seed = 3", "seed = 4"},
           {"prompt = 2", "prompt = 3"},
           {"seed = 7", "seed = 8"},
           {"false", "true"},
           {"\"oracle\"", "\"oracle\"\ndetector_options = { threshold = 0.6 }"}}) {
    write(replaced(kProtocol, from, to));
    EXPECT_NE(evaluation(kNamed).protocol_hash, before) << to;
  }
  EXPECT_EQ(evaluation(kNamed + "batch = 1\n").protocol_hash,
            evaluation(kNamed + "batch = 2\n").protocol_hash);
}

TEST_F(Protocol, IsLookedForBesideTheSpecAndAbove) {
  folder_.write("a/b/base.toml", kMinimal + kNamed);
  folder_.write("a/protocols/geneval/two.toml", replaced(kProtocol, "seed = 7", "seed = 8"));
  const std::string child = "schema = 1\nextends = \"a/b/base.toml\"\n";
  EXPECT_EQ(folder_.read(child).runs.at(0).evaluations.at(0).seed, 8u);
  EXPECT_EQ(folder_.read(child + kNamed).runs.at(0).evaluations.at(0).seed, 7u);
}

TEST_F(Protocol, IsKeptWithTheSpec) {
  EXPECT_THAT(folder_.read(kMinimal + kNamed).spec_text, HasSubstr("two.toml ----\n" + kProtocol));
}

TEST_F(Protocol, NamesABenchmark) {
  EXPECT_EQ(evaluation("[[eval.benchmark]]\nprotocol = \"geneval/two\"\n").name, "geneval");
  EXPECT_EQ(
      evaluation("[[eval.benchmark]]\nuse = \"geneval\"\nname = \"g\"\nprotocol = \"geneval/two\"\n").name,
      "g");
  EXPECT_EQ(evaluation("[eval.mine]\nprotocol = \"geneval/two\"\n").evaluator.id, "geneval");
}

TEST_F(Protocol, VariesAlongAnAxis) {
  folder_.write("protocols/geneval/three.toml", replaced(kProtocol, "prompt = 2", "prompt = 3"));
  const std::string axis =
      "[[axis]]\nname = \"p\"\nkey = \"eval.geneval.protocol\"\nvalues = [\"geneval/two\", "
      "\"geneval/three\"]\n";
  const auto runs = folder_.read(kMinimal + "[eval.geneval]\nbatch = 3\n" + axis).runs;
  EXPECT_EQ(runs.at(0).evaluations.at(0).images_per_prompt, 2);
  EXPECT_EQ(runs.at(1).evaluations.at(0).images_per_prompt, 3);
}

TEST_F(Protocol, WhatItFixesNothingElseSets) {
  const auto beside = [&](const std::string& line, const std::vector<std::string>& sets = {}) {
    return folder_.problems(kMinimal + kNamed + line, sets);
  };
  EXPECT_THAT(beside("use = \"geneval\"\n"), IsEmpty());
  EXPECT_THAT(beside("use = \"genevl\"\n"), ElementsAre("S151 18:1"));
  EXPECT_THAT(beside("images_per_prompt = 2\nprompts = \"world\"\n"), ElementsAre("S151 18:1", "S151 19:1"));
  EXPECT_THAT(beside("detector_options = { threshold = 0.6 }\n"), ElementsAre("S151 18:22"));
  EXPECT_THAT(beside("strict = false\n"), ElementsAre("S151 18:1"));
  EXPECT_THAT(beside("", {"eval.geneval.seed=1"}), ElementsAre("S151 set1:1:14"));
  EXPECT_THAT(beside("imgs = 3\n"), ElementsAre("S101 18:1"));
  const std::string message = folder_.message(kMinimal + kNamed + "seed = 1\n");
  EXPECT_THAT(message, HasSubstr("`eval.geneval.seed` is fixed by the protocol\n  --> sweep.toml:18:1"));
  EXPECT_THAT(message, HasSubstr("there: protocols/geneval/two.toml:9:1"));
  EXPECT_THAT(folder_.message(kMinimal + kNamed + "detector_options = { threshold = 0.6 }\n"),
              HasSubstr("protocols/geneval/two.toml:2:2 leaves it at its default"));
}

TEST_F(Protocol, TakesThePlaceOfWhatTheFileBeforeSays) {
  folder_.write("base.toml", kMinimal + kEvaluation + "seed = 3\nsampling = { steps = 4 }\n");
  const auto evaluation =
      folder_.read("schema = 1\nextends = \"base.toml\"\n" + kNamed).runs.at(0).evaluations.at(0);
  EXPECT_EQ(evaluation.seed, 7u);
  EXPECT_EQ(evaluation.sampling.integer("steps"), 4);
  folder_.write("base.toml", kMinimal + kNamed);
  EXPECT_THAT(folder_.problems("schema = 1\nextends = \"base.toml\"\n[eval.geneval]\nseed = 3\n"),
              ElementsAre("S151 4:1"));
}

TEST_F(Protocol, MistakesShowTheProtocolsOwnPlace) {
  EXPECT_THAT(problems("\"world\"", "\"wrld\""), ElementsAre("S110 two.toml:5:11"));
  EXPECT_THAT(problems("prompt = 2", "prompt = 0"), ElementsAre("S121 two.toml:8:21"));
  EXPECT_THAT(problems("strict = false", "strct = false"), ElementsAre("S101 two.toml:12:1"));
  EXPECT_THAT(problems("{ seed = 3 }", "{ sed = 3 }"), ElementsAre("S101 two.toml:6:20"));
  EXPECT_THAT(problems("schema = 1", "schema = 2"), ElementsAre("S112 two.toml:1:10"));
  EXPECT_THAT(problems("schema = 1\n", ""), ElementsAre("S112 two.toml:1:1"));
  EXPECT_THAT(problems("seed = 7", "sampling = { steps = 3 }"), ElementsAre("S101 two.toml:9:1"));
  EXPECT_THAT(problems("prompts = \"world\"\n", ""), ElementsAre("S107 two.toml:2:1"));
  EXPECT_THAT(problems("use = \"geneval\"\n", ""), ElementsAre("S107 two.toml:10:1"));
  EXPECT_THAT(problems("score = 0.43, ", ""), ElementsAre("S107 two.toml:14:12"));
  EXPECT_THAT(problems("0.01", "\"0.01\""), ElementsAre("S102 two.toml:14:40"));
  EXPECT_THAT(problems("prompts = \"world\"", "prompts = = 3"), ElementsAre("S100 two.toml:5:11"));
  EXPECT_THAT(problems("[protocol]\n", "[protcol]\n"), testing::Contains("S101 two.toml:2:2"));
  EXPECT_THAT(problems("strict = false", "sampling = { steps = 3 }"), ElementsAre("S130 two.toml:12:1"));
  EXPECT_THAT(problems("strict = false", "seed = 3"), ElementsAre("S130 two.toml:12:1"));
  EXPECT_THAT(problems("prompt_options = { seed = 3 }", "prompt_options = 3"),
              ElementsAre("S102 two.toml:6:18"));
  EXPECT_THAT(problems("use = \"geneval\"", "use = \"genevl\""), ElementsAre("S110 two.toml:11:7"));
  EXPECT_THAT(problems("{ score = 0, tolerance = 1 }", "{ score = 0, tolerance = 1, of = 2 }"),
              ElementsAre("S101 two.toml:15:38"));
  EXPECT_THAT(problems("{ score = 0, tolerance = 1 }", "0.5"), ElementsAre("S102 two.toml:15:10"));
  // In the same pass as those of the spec.
  write(replaced(kProtocol, "prompt = 2", "prompt = 0"));
  EXPECT_THAT(folder_.problems(replaced(kMinimal, "lr = 4e-4", "lr = -1") + kNamed),
              ElementsAre("S121 15:6", "S121 two.toml:8:21"));
  write("schema = 1\n[protocol]\n");
  EXPECT_THAT(folder_.problems(kMinimal + kNamed + "sampling = { step = 3 }\nseed = 1\n"),
              testing::Contains("S101 18:14"));
}

TEST_F(Protocol, NamesThatLeadNowhere) {
  const auto problems = [&](const std::string& name) {
    return folder_.problems(kMinimal + replaced(kNamed, "\"geneval/two\"", name));
  };
  EXPECT_THAT(problems("\"geneval/tow\""), ElementsAre("S131 17:12"));
  EXPECT_THAT(folder_.message(kMinimal + replaced(kNamed, "/two", "/tow")),
              HasSubstr("did you mean `geneval/two`?"));
  for (const char* name : {"\"../geneval/two\"", "\"geneval/two.toml\"", "\"/geneval/two\"", "\"\""})
    EXPECT_THAT(problems(name), ElementsAre("S113 17:12")) << name;
  EXPECT_THAT(problems("3"), ElementsAre("S102 17:12"));
}

TEST_F(Protocol, AFileThatCannotBeReadIsToldOfWhereItIsNamed) {
  // Its first byte can be read by nobody.
  std::filesystem::remove(folder_.path("protocols/geneval/two.toml"));
  std::filesystem::create_symlink("/proc/self/mem", folder_.path("protocols/geneval/two.toml"));
  EXPECT_THAT(folder_.problems(kMinimal + kNamed), ElementsAre("S131 17:12"));
  EXPECT_THAT(folder_.message(kMinimal + kNamed), HasSubstr("two.toml: cannot be read"));
}

TEST_F(Protocol, ItsFilesAndPluginsMayBeAwaited) {
  const std::string of_file = replaced(kProtocol, "\"world\"\nprompt_options = { seed = 3 }", "\"p.jsonl\"");
  write(replaced(of_file, "\"oracle\"", "\"mask2former\""));
  EXPECT_THAT(folder_.problems(kMinimal + kNamed), ElementsAre("S131 two.toml:5:11", "S110 two.toml:6:12"));
  const std::string awaits =
      "[awaits]\nplugins = [\"mask2former\"]\nfiles = [\"protocols/geneval/p.jsonl\"]\n";
  EXPECT_THAT(folder_.read(kMinimal + kNamed + awaits).runs.at(0).awaits,
              testing::UnorderedElementsAre("file protocols/geneval/p.jsonl", "detector \"mask2former\""));
  folder_.write("protocols/geneval/p.jsonl", "{}");
  EXPECT_EQ(folder_.read(kMinimal + kNamed + awaits).runs.at(0).evaluations.at(0).prompt_file,
            folder_.path("protocols/geneval/p.jsonl"));
}

TEST_F(Protocol, ABrokenFileIsToldOfWhereASkippedRunNamesItFirst) {
  write("schema = 1\n");
  const std::string spec =
      kMinimal + kMethods + "[[arm]]\nwhen = { method = \"sft\" }\nskip = true\nbecause = \"x\"\n" + kNamed;
  EXPECT_THAT(folder_.problems(spec), ElementsAre("S107 two.toml:1:1"));
}

}  // namespace
}  // namespace umm
