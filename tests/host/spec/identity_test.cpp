// What makes two runs the same, and what does not.
#include "spec/identity.h"

#include <gmock/gmock.h>

#include <set>

#include "loader/hash.h"
#include "spec_fixture.h"

namespace umm {
namespace {

const std::string kFull = kMinimal + kEvaluation;

class Identity : public testing::Test {
 protected:
  RunConfig run(const std::string& spec, const std::vector<std::string>& sets = {}) const {
    return folder_.read(spec, sets).runs.at(0);
  }

  // Which of run, stage and protocol a `--set` changes: "run stage protocol", "run", "".
  std::string changed(const std::vector<std::string>& sets, const std::string& spec = kFull) const {
    const RunConfig before = run(spec);
    const RunConfig after = run(spec, sets);
    std::string text;
    if (before.identity != after.identity) text += "run ";
    if (before.stages[0].identity != after.stages[0].identity) text += "stage ";
    if (before.evaluations[0].protocol_hash != after.evaluations[0].protocol_hash) text += "protocol ";
    return text;
  }

  SpecFolder folder_;
};

TEST_F(Identity, IsTheHashOfTheCanonicalText) {
  const RunConfig config = run(kFull);
  EXPECT_EQ(config.identity, hash_text(config.canonical));
  EXPECT_EQ(config.identity.size(), 64u);
  EXPECT_EQ(config.stages[0].identity, hash_text(config.stages[0].canonical));
  EXPECT_THAT(config.stages[0].canonical, testing::HasSubstr("\ntrain.lr = 4e-04\n"));
  EXPECT_THAT(config.stages[0].canonical, testing::HasSubstr("\ndata.recon.captions = \"sparse\"\n"));
  EXPECT_THAT(config.canonical, testing::HasSubstr("trained = \"" + config.stages[0].identity + "\"\n"));
}

TEST_F(Identity, SpellingDoesNotMatter) {
  const std::string other = R"(# the same in other words
schema = 1
[eval.geneval]
detector = 'oracle'
prompts = "world"
use = "geneval"
images_per_prompt = 4
[base]
train = { lr = 0.00040, updates = 1_0, betas = [0.90, 0.999], horizon = 10 }  # spelt out
method.use = "reca"
method.lambda_recon = 1
[base.data.recon]
batch = 8
use = "world"
captions = "sparse"
[base.architecture]
use = "toy"
[sweep]
name = "another"
description = "words"
output = "elsewhere"
)";
  EXPECT_EQ(run(other).identity, run(kFull).identity);
  EXPECT_EQ(run(other).canonical, run(kFull).canonical);
}

TEST_F(Identity, WhatDoesNotChangeAResult) {
  for (const char* set : {"resources.device=cpu", "resources.threads=2", "sweep.output=x", "sweep.name=y",
                          "train.checkpoint_every=3", "eval.geneval.batch=7", "train.horizon=10"}) {
    EXPECT_EQ(changed({set}), "") << set;
  }
}

TEST_F(Identity, EverySettingOfAStageChangesIt) {
  for (const char* set : {"seed=1",
                          "architecture.width=8",
                          "architecture.tied=false",
                          "method.lambda_recon=2",
                          "data.recon.batch=9",
                          "data.recon.seed=1",
                          "train.updates=11",
                          "train.horizon=11",
                          "train.warmup=1",
                          "train.accumulation=2",
                          "train.lr=1",
                          "train.final_lr_ratio=0.5",
                          "train.schedule=linear",
                          "train.weight_decay=1",
                          "train.weight_decay_on=matrices",
                          "train.no_weight_decay=[\"x\"]",
                          "train.betas=[0.9, 0.9]",
                          "train.betas=[0.8, 0.999]",
                          "train.epsilon=1e-7",
                          "train.clip_norm=1",
                          "train.ema_decay=0.5",
                          "train.precision=bf16",
                          "train.train=[\"x\"]",
                          "train.flow_cycle=[[\"recon\"]]"}) {
    EXPECT_EQ(changed({set}), "run stage ") << set;
  }
}

TEST_F(Identity, EvaluationsChangeTheRunAlone) {
  for (const char* set :
       {"eval.geneval.images_per_prompt=1", "eval.geneval.seed=1", "eval.geneval.strict=false",
        "eval.geneval.prompt_options.seed=1", "eval.geneval.detector_options.threshold=0.6"}) {
    EXPECT_EQ(changed({set}), "run protocol ") << set;
  }
  EXPECT_EQ(changed({"eval.geneval.sampling.steps=3"}), "run ");
  EXPECT_EQ(changed({"eval.geneval.weights=ema"}, kMinimal + "ema_decay = 0.9\n" + kEvaluation), "run ");
}

TEST_F(Identity, FlowsThatTheMethodDoesNotReadAreLeftOut) {
  const std::string spec = kFull + kMethods;
  const auto reca = [&](const std::vector<std::string>& sets) {
    return folder_.read(spec, sets).runs.at(1).identity;
  };
  EXPECT_EQ(reca({}), run(kFull).identity);
  EXPECT_EQ(reca({"data.t2i.seed=5"}), reca({}));
  EXPECT_NE(reca({"data.recon.seed=5"}), reca({}));
}

TEST_F(Identity, EveryPluginUsedCounts) {
  const RunConfig before = run(kFull);
  for (size_t i = 0; i < test_plugins().size(); ++i) {
    std::vector<LoadedPlugin> plugins = test_plugins();
    plugins[i].content_hash = "rebuilt";
    const RunConfig after = folder_.read(kFull, {}, Catalogue::of(plugins)).runs.at(0);
    const std::string id = plugins[i].entry.id;
    const bool unused = id == "blind" || id == "sft" || id == "gedit" || id == "gpt";
    EXPECT_EQ(after.identity == before.identity, unused) << id;
    const bool trained = id == "toy" || id == "reca" || plugins[i].entry.kind == PluginKind::dataset;
    EXPECT_EQ(after.stages[0].identity != before.stages[0].identity, trained) << id;
    EXPECT_EQ(after.evaluations[0].protocol_hash, before.evaluations[0].protocol_hash) << id;
  }
}

TEST_F(Identity, FilesCountByContentNotByName) {
  folder_.write("base/model.safetensors", "weights");
  folder_.write("words.txt", "a b");
  folder_.write("same.txt", "a b");
  const std::string spec = replaced(kFull, "\"toy\"", "\"toy\"\nbase = \"base\"\nvocabulary = \"words.txt\"");
  const RunConfig before = run(spec);
  EXPECT_EQ(before.base, folder_.path("base"));
  EXPECT_EQ(before.base_hash, hash_folder(folder_.path("base")));
  EXPECT_EQ(before.architecture.options.text("vocabulary"), folder_.path("words.txt"));
  EXPECT_EQ(run(spec, {"architecture.vocabulary=same.txt"}).identity, before.identity);
  folder_.write("words.txt", "a b c");
  EXPECT_NE(run(spec).stages[0].identity, before.stages[0].identity);
  folder_.write("words.txt", "a b");
  folder_.write("base/model.safetensors", "other weights");
  EXPECT_NE(run(spec).stages[0].identity, before.stages[0].identity);
}

TEST_F(Identity, PromptFileCountsByContent) {
  folder_.write("p.jsonl", "{}");
  const std::string spec = kMinimal + replaced(kEvaluation, "\"world\"", "\"p.jsonl\"");
  const RunConfig before = run(spec);
  folder_.write("p.jsonl", "{} ");
  EXPECT_NE(run(spec).evaluations[0].protocol_hash, before.evaluations[0].protocol_hash);
}

TEST_F(Identity, ReferenceWithBaseWeightsIgnoresTheSeed) {
  folder_.write("base/model.safetensors", "weights");
  const std::string spec = kFull + "[[reference]]\nname = \"base\"\n";
  EXPECT_NE(run(spec, {"seed=1"}).identity, run(spec).identity);
  const std::string with_base = replaced(spec, "\"toy\"", "\"toy\"\nbase = \"base\"");
  EXPECT_EQ(run(with_base, {"seed=1"}).identity, run(with_base).identity);
  EXPECT_EQ(run(with_base, {"train.updates=3"}).identity, run(with_base).identity);
}

TEST_F(Identity, AStageCoversTheChainBeforeIt) {
  const std::string spec = kFull + "[[stage]]\nname = \"one\"\n[[stage]]\nname = \"two\"\n";
  const auto stages = [&](const std::string& set) { return run(spec, {set}).stages; };
  const auto before = run(spec).stages;
  EXPECT_NE(before[0].identity, before[1].identity);
  EXPECT_EQ(stages("stage.two.train.lr=1")[0].identity, before[0].identity);
  EXPECT_NE(stages("stage.two.train.lr=1")[1].identity, before[1].identity);
  EXPECT_NE(stages("stage.one.train.lr=1")[1].identity, before[1].identity);
}

TEST(Canonical, NoTextCanImitateAnotherLine) {
  spec::Canonical canonical;
  canonical.add("a", std::string("x\"\nb = \"y"));
  EXPECT_EQ(canonical.text(), "a = \"x\\\"\\x0ab = \\\"y\"\n");
}

}  // namespace
}  // namespace umm
