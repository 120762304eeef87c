// [awaits]: what is not here yet, and what is checked of a run all the same.
#include "spec/awaits.h"

#include <gmock/gmock.h>

#include "loader/hash.h"
#include "spec_fixture.h"

namespace umm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

// `spec` where the architecture is bagel, which no plugin provides.
std::string of_bagel(const std::string& spec, const std::string& options = "") {
  return replaced(spec, "\"toy\"", "\"bagel\"" + options);
}

std::string awaits(const std::string& lists) {
  return "[awaits]\n" + lists + "\n";
}

const std::string kBagel = awaits("plugins = [\"bagel\"]");

TEST(Awaits, AnArchitectureIsTakenAtItsWordAndTheRestIsChecked) {
  const SpecFolder folder;
  const std::string spec =
      of_bagel(kMinimal, "\npreset = \"7b\"\nlayers = [1, 2]") + kEvaluation + "sampling = { shift = 3.0 }\n";
  const RunConfig run = folder.read(spec + kBagel).runs.at(0);
  EXPECT_THAT(run.awaits, ElementsAre("architecture \"bagel\""));
  EXPECT_EQ(run.architecture.id, "bagel");
  EXPECT_EQ(run.identity, hash_text(run.canonical));
  EXPECT_EQ(run.stages.size(), 1u);
  EXPECT_EQ(run.evaluations.size(), 1u);
  EXPECT_THAT(run.canonical, HasSubstr("architecture library = \"awaited\"\n"));
  EXPECT_THAT(run.canonical, HasSubstr("architecture.preset = \"7b\"\n"));
  EXPECT_THAT(run.canonical, HasSubstr("eval.geneval.sampling.shift = \"3\"\n"));
  EXPECT_NE(folder.read(spec + kBagel, {"architecture.preset=14b"}).runs.at(0).identity, run.identity);
  EXPECT_THAT(folder.problems(replaced(spec, "lr = 4e-4", "lr = -1\nstpes = 1") + kBagel),
              ElementsAre("S121 17:6", "S101 18:1"));
  EXPECT_THAT(folder.problems(replaced(spec, "batch = 8", "batch = 0") + kBagel), ElementsAre("S121 14:9"));
  EXPECT_THAT(folder.problems(spec + kBagel + "[base.architecture.deep]\nx = 1\n"),
              ElementsAre("S101 24:20"));
}

TEST(Awaits, AKeyIsListedOnceHoweverOftenItWasAskedFor) {
  const SpecFolder folder;
  EXPECT_THAT(folder.message(of_bagel(kMinimal) + kBagel + "file = [\"x\"]\n"),
              HasSubstr("known keys here: plugins, files, presets"));
}

TEST(Awaits, AMethodReadsWhateverDataThereIs) {
  const SpecFolder folder;
  const std::string spec =
      replaced(kMinimal, "\"reca\"", "\"dpo\"\nbeta = 0.1") + awaits("plugins = [\"dpo\"]");
  const StageConfig stage = folder.read(spec).runs.at(0).stages.at(0);
  EXPECT_EQ(stage.name, "dpo");
  EXPECT_EQ(stage.flows.at("recon").batch_size, 8);
  EXPECT_THAT(stage.canonical, HasSubstr("method.beta = \"0.1\"\n"));
  EXPECT_THAT(folder.read(spec).runs.at(0).awaits, ElementsAre("method \"dpo\""));
  EXPECT_THAT(folder.problems(spec, {"data.recon.batch=0"}), ElementsAre("S121 set1:1:18"));
  EXPECT_THAT(folder.problems(spec, {"data.recon.captions=rich"}), ElementsAre("S122 set1:1:21"));
}

TEST(Awaits, EveryKindOfPlugin) {
  const SpecFolder folder;
  std::string spec = replaced(kMinimal, "use = \"world\"", "use = \"blip\"\nshard = 3") + R"([eval.dpg]
prompts = "dpg"
prompt_options = { language = "en" }
detector = "mplug"
detector_options = { size = "large" }
strictness = 2
)" + awaits("plugins = [\"blip\", \"dpg\", \"mplug\"]");
  const RunConfig run = folder.read(spec).runs.at(0);
  EXPECT_THAT(run.awaits, UnorderedElementsAre("dataset \"blip\"", "prompt_set \"dpg\"", "evaluator \"dpg\"",
                                               "detector \"mplug\""));
  EXPECT_THAT(folder.read(spec, {"eval.dpg.strictness=3"}).runs.at(0).evaluations[0].protocol_hash,
              testing::Ne(run.evaluations[0].protocol_hash));
  EXPECT_THAT(folder.problems(spec + "[eval.dpg.sampling]\nstpes = 1\n"), ElementsAre("S101 26:1"));
}

TEST(Awaits, OnlyTheRunsThatNeedItAwait) {
  const SpecFolder folder;
  const std::string spec = kMinimal + R"([[axis]]
name = "arch"
key = "architecture.use"
values = ["toy", "bagel"]
[[arm]]
when = { arch = "bagel" }
set = { "architecture.experts" = 2 }
)" + kBagel;
  const Experiment experiment = folder.read(spec);
  EXPECT_THAT(experiment.warnings, IsEmpty());
  EXPECT_THAT(experiment.runs.at(0).awaits, IsEmpty());
  EXPECT_EQ(experiment.runs.at(0).identity, folder.read(kMinimal).runs.at(0).identity);
  EXPECT_THAT(experiment.runs.at(1).awaits, ElementsAre("architecture \"bagel\""));
  // The same option of the run that is here is a mistake.
  EXPECT_THAT(folder.problems(replaced(spec, "= \"bagel\" }", "= \"toy\" }")), ElementsAre("S101 22:23"));
  // Options of the one count as text where the other waits: runs that differ in them are no twins.
  EXPECT_THAT(
      folder.read(spec + "[[axis]]\nname = \"w\"\nkey = \"architecture.width\"\nvalues = [8, 16]\n").warnings,
      IsEmpty());
}

TEST(Awaits, FilesThatAreNotHereAreNotOneFile) {
  const SpecFolder folder;
  const std::string spec = replaced(kMinimal, "\"toy\"", "\"toy\"\nvocabulary = \"words/a.txt\"") +
                           "[[axis]]\nname = \"words\"\nkey = \"architecture.vocabulary\"\n"
                           "values = [\"words/a.txt\", \"words/b.txt\"]\n" +
                           awaits("files = [\"words\"]");
  const Experiment experiment = folder.read(spec);
  EXPECT_THAT(experiment.warnings, IsEmpty());
  EXPECT_NE(experiment.runs.at(0).identity, experiment.runs.at(1).identity);
}

TEST(Awaits, FilesAndWhatLiesBelowAFolder) {
  const SpecFolder folder;
  const std::string spec =
      replaced(kMinimal, "\"toy\"", "\"toy\"\nbase = \"weights/toy\"\nvocabulary = \"words/all.txt\"") +
      replaced(kEvaluation, "\"world\"", "\"words/p.jsonl\"") +
      awaits("files = [\"words/\", \"weights/toy\"]");
  const RunConfig run = folder.read(spec).runs.at(0);
  EXPECT_THAT(run.awaits, UnorderedElementsAre("file weights/toy", "file words/"));
  EXPECT_EQ(run.base_hash, "awaited weights/toy");
  EXPECT_THAT(run.inputs, IsEmpty());
  EXPECT_THAT(run.canonical, HasSubstr("architecture.vocabulary = \"sha256:awaited words/all.txt\"\n"));
  folder.write("weights/toy/model.safetensors", "x");
  EXPECT_THAT(folder.read(spec).warnings,
              ElementsAre(HasSubstr("warning[S204]: file \"weights/toy\" is here now")));
  EXPECT_THAT(folder.read(spec).runs.at(0).awaits, ElementsAre("file words/"));
  // A folder that is there and lacks the file: the rest of a download.
  folder.write("words/all.txt", "a");
  EXPECT_THAT(folder.read(spec).runs.at(0).awaits, ElementsAre("file words/"));
  EXPECT_THAT(folder.problems(spec, {"architecture.vocabulary=wrods/all.txt"}),
              ElementsAre("S204 22:20", "S131 set1:1:25"));
}

TEST(Awaits, APresetThatAPluginDoesNotOfferYet) {
  const SpecFolder folder;
  const std::string spec =
      replaced(kMinimal, "\"toy\"", "\"toy\"\npreset = \"huge\"") + awaits("presets = [\"toy/huge\"]");
  const RunConfig run = folder.read(spec).runs.at(0);
  EXPECT_THAT(run.awaits, ElementsAre("preset toy/huge"));
  EXPECT_THAT(run.canonical, HasSubstr("architecture.preset = \"huge\"\n"));
  EXPECT_THAT(folder.problems(spec, {"architecture.preset=hgue"}), ElementsAre("S122 set1:1:21"));
  EXPECT_THAT(folder
                  .read(replaced(spec, "preset = \"huge\"", "preset = \"large\"") +
                            "# toy/huge is not used; --set would\n",
                        {"architecture.preset=huge"})
                  .runs.at(0)
                  .awaits,
              ElementsAre("preset toy/huge"));
  EXPECT_THAT(folder.problems(replaced(spec, "toy/huge", "huge")), ElementsAre("S122 8:10", "S102 18:12"));
  EXPECT_THAT(
      folder.read(replaced(replaced(spec, "\"huge\"", "\"large\""), "toy/huge", "toy/large")).warnings,
      ElementsAre(HasSubstr("preset \"toy/large\" is here now")));
}

TEST(Awaits, WhatIsNamedInVain) {
  const SpecFolder folder;
  EXPECT_THAT(folder.read(kMinimal + awaits("plugins = [\"toy\"]")).warnings,
              ElementsAre(HasSubstr("warning[S204]: plugin \"toy\" is here now")));
  EXPECT_THAT(folder.problems(kMinimal + kBagel), ElementsAre("S133 17:12"));
  EXPECT_THAT(folder.message(kMinimal + kBagel),
              HasSubstr("[awaits] names the plugin \"bagel\", which nothing in this spec uses"));
  EXPECT_THAT(folder.problems(kMinimal + awaits("files = [\"absent\"]")), ElementsAre("S133 17:10"));
  // A misspelt name is told of at both ends.
  EXPECT_THAT(folder.problems(of_bagel(kMinimal) + awaits("plugins = [\"bagle\"]")),
              ElementsAre("S110 7:7", "S133 17:12"));
  EXPECT_THAT(folder.message(of_bagel(kMinimal) + awaits("plugins = [\"bagle\"]")),
              HasSubstr("did you mean `bagle`?"));
  // --set takes its place: it is still the spec's.
  EXPECT_THAT(folder.read(of_bagel(kMinimal) + kBagel, {"architecture.use=toy"}).runs.at(0).awaits,
              IsEmpty());
}

TEST(Awaits, Mistakes) {
  const SpecFolder folder;
  const auto problems = [&](const std::string& lists) { return folder.problems(kMinimal + awaits(lists)); };
  EXPECT_THAT(problems("plugins = \"bagel\""), ElementsAre("S102 17:11"));
  EXPECT_THAT(problems("plugins = [3, \"\"]"), ElementsAre("S102 17:12", "S102 17:15"));
  EXPECT_THAT(problems("plugin = []"), ElementsAre("S101 17:1"));
  EXPECT_THAT(problems("presets = [\"toy/\", \"/x\"]"), ElementsAre("S102 17:12", "S102 17:20"));
  EXPECT_THAT(folder.problems(of_bagel(kMinimal) + awaits("plugins = [\"bagel\", \"bagel\"]")),
              ElementsAre("S106 17:21"));
  EXPECT_THAT(folder.problems("awaits = [\"bagel\"]\n" + kMinimal), ElementsAre("S102 1:10"));
  EXPECT_THAT(folder.problems(kMinimal + kSeeds + "awaits.plugins = []\n"), ElementsAre("S130 21:1"));
}

TEST(Awaits, ListsOfAFileAndOfWhatItExtendsAddUp) {
  const SpecFolder folder;
  folder.write("deep/base.toml", of_bagel(kMinimal, "\nvocabulary = \"words.txt\"") +
                                     awaits("plugins = [\"bagel\", \"emu\"]\nfiles = [\"words.txt\"]"));
  const std::string child = "schema = 1\nextends = \"deep/base.toml\"\n";
  EXPECT_THAT(folder.read(child).runs.at(0).awaits, ElementsAre("architecture \"bagel\""));
  EXPECT_THAT(folder.read(child + "[base.architecture]\nuse = \"toy\"\nvocabulary = \"deep/words.txt\"\n")
                  .runs.at(0)
                  .awaits,
              ElementsAre("file words.txt"));
  EXPECT_THAT(
      folder.read(child + "[base.method]\nuse = \"dpo\"\n" + awaits("plugins = [\"dpo\"]")).runs.at(0).awaits,
      ElementsAre("architecture \"bagel\"", "method \"dpo\""));
}

TEST(Awaits, ARequiredPluginMayBeAwaited) {
  const SpecFolder folder;
  const std::string require = "[plugins.require]\nbagel = \">=1\"\n";
  EXPECT_THAT(folder.problems(of_bagel(kMinimal) + kBagel + require), IsEmpty());
  EXPECT_THAT(folder.problems(of_bagel(kMinimal) + kBagel + replaced(require, ">=1", "new")),
              ElementsAre("S119 19:9"));
}

TEST(Inputs, EveryFileThatARunReads) {
  const SpecFolder folder;
  folder.write("base/model.safetensors", "weights");
  folder.write("words.txt", "a b");
  folder.write("p.jsonl", "{}");
  const std::string spec =
      replaced(kMinimal, "\"toy\"", "\"toy\"\nbase = \"base\"\nvocabulary = \"words.txt\"") +
      replaced(kEvaluation, "\"world\"", "\"p.jsonl\"") + kSeeds;
  for (const RunConfig& run : folder.read(spec).runs)
    EXPECT_THAT(run.inputs,
                UnorderedElementsAre(Pair(folder.path("base"), hash_folder(folder.path("base"))),
                                     Pair(folder.path("words.txt"), hash_file(folder.path("words.txt"))),
                                     Pair(folder.path("p.jsonl"), hash_file(folder.path("p.jsonl")))));
  EXPECT_THAT(folder.read(kMinimal).runs.at(0).inputs, IsEmpty());
}

}  // namespace
}  // namespace umm
