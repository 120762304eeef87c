#include "spec/read.h"

#include <gmock/gmock.h>

#include "spec_fixture.h"

namespace umm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using Strings = std::vector<std::string>;

TEST(Read, DefaultsAndGivenValues) {
  const SpecFolder folder;
  const Experiment experiment = folder.read(kMinimal + kEvaluation);
  EXPECT_EQ(experiment.name, "test");
  EXPECT_EQ(experiment.output, "runs/sweep");
  EXPECT_EQ(experiment.spec_text, kMinimal + kEvaluation);
  EXPECT_THAT(experiment.warnings, IsEmpty());
  ASSERT_EQ(experiment.runs.size(), 1u);
  const RunConfig& run = experiment.runs[0];
  EXPECT_EQ(run.label, "reca");
  EXPECT_EQ(run.architecture.id, "toy");
  EXPECT_EQ(run.architecture.options.text("preset"), "tiny");
  EXPECT_EQ(run.base, "");
  EXPECT_EQ(run.resources.device, "auto");
  ASSERT_EQ(run.stages.size(), 1u);
  const StageConfig& stage = run.stages[0];
  EXPECT_EQ(stage.name, "reca");
  EXPECT_EQ(stage.flows.at("recon").batch_size, 8);
  EXPECT_EQ(stage.flows.at("recon").dataset.options.text("captions"), "sparse");
  EXPECT_EQ(stage.train.updates, 10);
  EXPECT_EQ(stage.train.learning_rate, 4e-4);
  EXPECT_EQ(stage.train.schedule, "constant");
  EXPECT_EQ(stage.train.precision, "fp32");
  EXPECT_EQ(stage.train.beta2, 0.999);
  ASSERT_EQ(run.evaluations.size(), 1u);
  const EvaluationConfig& evaluation = run.evaluations[0];
  EXPECT_EQ(evaluation.evaluator.id, "geneval");
  EXPECT_EQ(evaluation.prompt_set.id, "world");
  EXPECT_EQ(evaluation.providers.at(PluginKind::detector).options.number("threshold"), 0.5);
  EXPECT_EQ(evaluation.sampling.integer("steps"), 12);
  EXPECT_EQ(evaluation.images_per_prompt, 4);
  EXPECT_EQ(evaluation.weights, "last");
}

TEST(Read, EveryTrainingKey) {
  const SpecFolder folder;
  const StageConfig stage = folder
                                .read(kMinimal + R"(horizon = 20
warmup = 2
accumulation = 3
final_lr_ratio = 0.1
schedule = "cosine"
weight_decay = 0.01
betas = [0, 0.95]
epsilon = 1e-6
clip_norm = 1
ema_decay = 0.99
precision = "bf16"
checkpoint_every = 5
train = ["language_model"]
flow_cycle = [["recon"], ["recon"]]
)")
                                .runs.at(0)
                                .stages.at(0);
  const TrainConfig& train = stage.train;
  EXPECT_EQ(train.horizon_updates, 20);
  EXPECT_EQ(train.warmup_updates, 2);
  EXPECT_EQ(train.accumulation, 3);
  EXPECT_EQ(train.final_learning_rate_ratio, 0.1);
  EXPECT_EQ(train.schedule, "cosine");
  EXPECT_EQ(train.weight_decay, 0.01);
  EXPECT_EQ(train.beta1, 0);
  EXPECT_EQ(train.beta2, 0.95);
  EXPECT_EQ(train.epsilon, 1e-6);
  EXPECT_EQ(train.clip_norm, 1);
  EXPECT_EQ(train.ema_decay, 0.99);
  EXPECT_EQ(train.precision, "bf16");
  EXPECT_EQ(train.checkpoint_every_updates, 5);
  EXPECT_EQ(train.trained_groups, Strings{"language_model"});
  EXPECT_EQ(train.flow_cycle, (std::vector<Strings>{{"recon"}, {"recon"}}));
}

TEST(Read, LaterLayersWin) {
  const SpecFolder folder;
  std::string spec = replaced(kMinimal, "updates = 10", "updates = 1");
  const auto updates = [&](const Strings& sets = {}) {
    return folder.read(spec, sets).runs.at(0).stages.at(0).train.updates;
  };
  EXPECT_EQ(updates(), 1);
  spec += "[[stage]]\nname = \"s\"\n[stage.train]\nupdates = 2\n";
  EXPECT_EQ(updates(), 2);
  spec += "[[axis]]\nname = \"u\"\nkey = \"train.updates\"\nvalues = [3]\n";
  EXPECT_EQ(updates(), 3);
  spec += "[[arm]]\nwhen = { u = 3 }\nset = { \"train.updates\" = 4 }\n";
  EXPECT_EQ(updates(), 4);
  EXPECT_EQ(updates({"train.updates=5"}), 5);
  EXPECT_EQ(updates({"train.updates=5", "train.updates=6"}), 6);
  EXPECT_EQ(updates({"train.updates=5", "stage.s.train.updates=7"}), 7);
}

TEST(Read, SetReachesEveryTable) {
  const SpecFolder folder;
  const Experiment experiment = folder.read(
      kMinimal + kEvaluation,
      {"seed=3", "sweep.output=/tmp/x", "eval.geneval.images_per_prompt=1", "resources.device=cpu",
       "architecture.width=32", "data.recon.seed=9", "eval.geneval.sampling.guidance_scale=2"});
  EXPECT_EQ(experiment.output, "/tmp/x");
  EXPECT_EQ(experiment.overrides.size(), 7u);
  const RunConfig& run = experiment.runs.at(0);
  EXPECT_EQ(run.seed, 3u);
  EXPECT_EQ(run.resources.device, "cpu");
  EXPECT_EQ(run.architecture.options.integer("width"), 32);
  EXPECT_EQ(run.stages[0].flows.at("recon").dataset.options.integer("seed"), 9);
  EXPECT_EQ(run.evaluations[0].images_per_prompt, 1);
  EXPECT_EQ(run.evaluations[0].sampling.number("guidance_scale"), 2);
}

TEST(Read, AllProblemsInOnePassInFileOrder) {
  const SpecFolder folder;
  std::string spec = replaced(kMinimal, "updates = 10", "updates = \"many\"");
  spec = replaced(spec, "batch = 8", "batch = 0\nsed = 1");
  spec = replaced(spec, "use = \"toy\"", "use = \"toi\"");
  spec += "stpes = 4\n[resource]\nx = 1\n";
  EXPECT_THAT(folder.problems(spec, {"train.accumulaton=2", "seed"}),
              ElementsAre("S110 7:7", "S121 12:9", "S101 13:1", "S102 15:11", "S101 17:1", "S101 18:2",
                          "S101 set1:1:7", "S160 set2:1:1"));
}

TEST(Read, WholeMessage) {
  const SpecFolder folder;
  EXPECT_EQ(
      folder.message(replaced(kMinimal, "lr = 4e-4", "lr = 4e-4\nacumulation = 2"), {"sed=1"}),
      "error[S101]: unknown key `acumulation` in [base.train]\n"
      "  --> sweep.toml:16:1\n"
      "   |\n"
      "16 | acumulation = 2\n"
      "   | ^^^^^^^^^^^ did you mean `accumulation`?\n"
      "   = known keys here: updates, lr, horizon, warmup, accumulation, final_lr_ratio, schedule, "
      "weight_decay, weight_decay_on, epsilon, clip_norm, ema_decay, precision, checkpoint_every, betas, "
      "flow_cycle, train, reinitialize, no_weight_decay\n"
      "\n"
      "error[S101]: unknown key `sed`\n"
      "  --> --set:1:1\n"
      "   |\n"
      " 1 | sed=1\n"
      "   | ^^^ did you mean `seed`?\n"
      "   = known keys here: sweep, budget, launch, report, resources, seed, architecture, method, train, "
      "data, "
      "eval");
}

TEST(Read, KeyInTheWrongTable) {
  const SpecFolder folder;
  const std::string spec = kMinimal + "[resources]\nwarmup = 1\n";
  EXPECT_THAT(folder.problems(spec), ElementsAre("S101 17:1"));
  EXPECT_THAT(folder.message(spec), HasSubstr("did you mean `train.warmup`?"));
  EXPECT_THAT(folder.problems("lr = 1\n" + kMinimal), ElementsAre("S101 1:1"));
  EXPECT_THAT(folder.problems(replaced(kMinimal, "seed = 0", "eval.x.y = 0")), ElementsAre("S130 5:1"));
  EXPECT_THAT(folder.problems(kMinimal + "[base.trian]\nx = 1\ny = 2\n"), ElementsAre("S101 16:7"));
  EXPECT_THAT(folder.problems(kMinimal, {"base.train.lr=1"}), ElementsAre("S101 set1:1:1"));
  EXPECT_THAT(folder.message(kMinimal, {"base.train.lr=1"}), HasSubstr("did you mean `train.lr`?"));
}

TEST(Read, ABareKeyBehindAHeaderBelongsToItsTable) {
  const SpecFolder folder;
  const std::string late = replaced(kMinimal, "schema = 1\n", "") + "schema = 1\n";
  EXPECT_THAT(folder.problems(late), ElementsAre("S130 15:1"));
  EXPECT_EQ(folder.message(late),
            "error[S130]: `schema` stands in [base.train]\n"
            "  --> sweep.toml:15:1\n"
            "   |\n"
            "15 | schema = 1\n"
            "   | ^^^^^^ its place is the top of the file, above the first header\n"
            "   = a bare key belongs to the table whose header stands above it");
  EXPECT_THAT(folder.problems("seed = 3\n" + kMinimal), ElementsAre("S130 1:1"));
  EXPECT_THAT(folder.problems(replaced(kMinimal, "\"test\"", "\"test\"\nseed = 3")), ElementsAre("S130 4:1"));
  EXPECT_THAT(folder.problems(kMinimal + kSeeds + "resources.device = \"cpu\"\ntrain.lr = 1\n"),
              ElementsAre("S130 21:1", "S130 22:1"));
  EXPECT_THAT(folder.message(kMinimal + kSeeds + "train.lr = 1\n"), HasSubstr("its place is [base.train]"));
  EXPECT_THAT(folder.problems(kMinimal + "[[reference]]\nname = \"base\"\nmethod = \"sft\"\n"),
              ElementsAre("S130 18:1"));
  EXPECT_THAT(folder.message(kMinimal + "axis = 3\n"), HasSubstr("its place is [[axis]]"));
  // Flows, evaluations and conditions may be called like tables.
  const std::string names = replaced(kEvaluation, "[eval.geneval]", "[eval.base]\nuse = \"geneval\"") +
                            replaced(kSeeds, "\"seed\"", "\"stage\"") +
                            "[[arm]]\nwhen = { stage = 1 }\nset = { \"train.lr\" = 1 }\n";
  EXPECT_THAT(folder.problems(kMinimal + names), IsEmpty());
}

TEST(Read, KnowsWhatOtherTrainersCallAKey) {
  const SpecFolder folder;
  const auto with = [](const std::string& line) {
    return replaced(kMinimal, "lr = 4e-4", "lr = 4e-4\n" + line);
  };
  EXPECT_THAT(folder.message(with("stpes = 4")), HasSubstr("did you mean `updates`?"));
  EXPECT_THAT(folder.message(with("learning_rate = 1")), HasSubstr("did you mean `lr`?"));
  EXPECT_THAT(folder.message(with("max_grad_norm = 1")), HasSubstr("did you mean `clip_norm`?"));
}

TEST(Read, TablesAndValuesAreNotExchanged) {
  const SpecFolder folder;
  EXPECT_THAT(folder.problems("schema = 1\nbase = 3\n"), testing::Contains("S102 2:8"));
  EXPECT_THAT(folder.problems(replaced(kMinimal, "lr = 4e-4", "lr.x = 1")), testing::Contains("S102 15:1"));
  EXPECT_THAT(folder.problems(kMinimal + "[axis]\nname = \"x\"\n"), ElementsAre("S102 16:2"));
  EXPECT_THAT(folder.problems(kMinimal, {"train=3"}), ElementsAre("S102 set1:1:7"));
  EXPECT_THAT(folder.problems(kMinimal + "[eval]\nx = 1\n"), ElementsAre("S102 17:1"));
}

TEST(Read, SchemaIsRequiredAndKnown) {
  const SpecFolder folder;
  EXPECT_THAT(folder.problems(replaced(kMinimal, "schema = 1\n", "")), ElementsAre("S112 1:1"));
  EXPECT_THAT(folder.problems(replaced(kMinimal, "schema = 1", "schema = 2")), ElementsAre("S112 1:10"));
}

TEST(Read, MetadataIsAFreeTable) {
  const SpecFolder folder;
  const std::string metadata =
      "[metadata]\nschema = \"mine\"\nstpes = [1, { lr = nan }]\n[[metadata.axis]]\nkey = 3\n";
  EXPECT_THAT(folder.problems(kMinimal + metadata), IsEmpty());
  EXPECT_EQ(folder.read(kMinimal + metadata).runs.at(0).canonical,
            folder.read(kMinimal).runs.at(0).canonical);
  EXPECT_THAT(folder.problems("metadata = 3\n" + kMinimal), ElementsAre("S102 1:12"));
  EXPECT_THAT(folder.problems(kMinimal, {"metadata.a=1"}), ElementsAre("S101 set1:1:1"));
}

TEST(Read, CarriageReturnsTabsAndMetadata) {
  const SpecFolder folder;
  std::string spec = kMinimal + "\tsteps = 1\n[metadata]\nanything = { a = [1, \"b\"] }\n";
  for (size_t at = 0; (at = spec.find('\n', at)) != std::string::npos; at += 2) spec.insert(at, "\r");
  EXPECT_THAT(folder.problems(spec), ElementsAre("S101 16:2"));
}

TEST(Read, NotTomlStopsAtThatButChecksSets) {
  const SpecFolder folder;
  EXPECT_THAT(folder.problems(kMinimal + "lr = 3\n", {"seed"}), ElementsAre("S100 16:6", "S160 set1:1:1"));
}

TEST(Read, UnreadableSpec) {
  const SpecFolder folder;
  EXPECT_THROW(read_experiment(folder.path("absent.toml"), {}, Catalogue::of({})), InputError);
  EXPECT_THROW(read_experiment(folder.path("."), {}, Catalogue::of({})), InputError);
}

TEST(Read, SetTwiceUnderTwoSpellings) {
  const SpecFolder folder;
  EXPECT_THAT(folder.problems(replaced(kMinimal, "seed = 0", "\"train.lr\" = 1")), ElementsAre("S103 15:1"));
}

}  // namespace
}  // namespace umm
