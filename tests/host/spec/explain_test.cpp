#include "spec/explain.h"

#include <gmock/gmock.h>

#include <map>

#include "spec_fixture.h"

namespace umm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using Strings = std::vector<std::string>;

class Explain : public testing::Test {
 protected:
  std::vector<spec::ExplainedRun> explained(const std::string& spec, const std::string& key,
                                            const SpecChanges& changes = {}) const {
    folder_.write("sweep.toml", spec);
    return explain(spec::read_files(folder_.path("sweep.toml")), changes, Catalogue::of(test_plugins()), key);
  }

  // "layer place value" for each value, then "not read" where it is not.
  Strings lines(const spec::ExplainedKey& key) const {
    Strings result;
    for (const auto& value : key.values) {
      const std::string folder = folder_.path("");
      const std::string place =
          value.place.starts_with(folder) ? value.place.substr(folder.size()) : value.place;
      result.push_back(value.layer + " " + place + (place.empty() ? "" : " ") + value.value);
    }
    if (!key.read) result.push_back("not read");
    return result;
  }

  Strings lines(const std::string& spec, const std::string& key, const SpecChanges& changes = {}) const {
    return lines(explained(spec, key, changes).at(0).keys.at(0));
  }

  std::string message(const std::string& spec, const std::string& key) const {
    try {
      explained(spec, key);
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  }

  SpecFolder folder_;
};

TEST_F(Explain, EveryLayerWeakestFirst) {
  folder_.write("base.toml", kMinimal + "warmup = 1\n");
  const std::string spec =
      "schema = 1\nextends = \"base.toml\"\n[base.train]\nwarmup = 2\n[[stage]]\nname = \"s\"\ntrain.warmup "
      "= 3\n"
      "[[axis]]\nname = \"w\"\nkey = \"train.warmup\"\nvalues = [4]\n"
      "[[axis]]\nname = \"pair\"\nkeys = [\"seed\", \"stage.s.train.warmup\"]\nrows = [[0, 5]]\n"
      "[[arm]]\nwhen = { w = 4 }\nset = { \"train.warmup\" = 6 }\n";
  EXPECT_THAT(lines(spec, "train.warmup"),
              ElementsAre("default 0", "extends [base] base.toml:16:10 1", "[base] sweep.toml:4:10 2",
                          "[[stage]] sweep.toml:7:16 3", "axis \"w\" sweep.toml:11:11 4",
                          "axis \"pair\" sweep.toml:15:13 5", "[[arm]] sweep.toml:18:26 6"));
  EXPECT_THAT(lines(kMinimal, "train.warmup", {.sets = {"train.warmup=7", "train.warmup=8"}}),
              ElementsAre("default 0", "--set --set:1:14 7", "--set --set:1:14 8"));
}

TEST_F(Explain, EverySettingOfARunIsNumberedWithItsOrigin) {
  folder_.write("sweep.toml", kMinimal + kSeeds + kEvaluation);
  const SpecChanges changes{.sets = {"train.updates=20"}, .origins = true};
  const auto experiment =
      read_experiment(spec::read_files(folder_.path("sweep.toml")), changes, Catalogue::of(test_plugins()));
  std::vector<std::map<std::string, std::string>> runs;
  for (const auto& run : experiment.runs) {
    auto& settings = runs.emplace_back();
    for (const int64_t number : run.settings) {
      const auto& [key, value, origin] = experiment.settings.at(static_cast<size_t>(number));
      const size_t folder = origin.find(folder_.path(""));
      settings[key] = value + " <- " + origin.substr(0, folder) +
                      (folder == std::string::npos ? "" : origin.substr(folder + folder_.path("").size()));
    }
  }
  ASSERT_EQ(runs.size(), 3u);
  EXPECT_EQ(runs[1]["seed"], "1 <- axis \"seed\" sweep.toml:19:14");
  EXPECT_EQ(runs[1]["stage.reca.train.updates"], "20 <- --set");
  EXPECT_EQ(runs[1]["stage.reca.train.lr"], "4e-04 <- [base] sweep.toml:15:6");
  EXPECT_EQ(runs[1]["stage.reca.train.warmup"], "0 <- default");
  EXPECT_EQ(runs[1]["eval.geneval.sampling.steps"], "12 <- default of toy");
  EXPECT_EQ(runs[1]["eval.geneval.detector"], "oracle <- [eval] sweep.toml:23:12");
  runs[1]["seed"] = runs[0]["seed"];
  EXPECT_EQ(runs[1], runs[0]) << "nothing else varies";
  EXPECT_EQ(experiment.settings.size(), runs[0].size() + 2) << "what runs share is there once";
  EXPECT_THAT(folder_.read(kMinimal).settings, IsEmpty());
}

TEST_F(Explain, ARequiredKeyHasNoDefault) {
  EXPECT_THAT(lines(kMinimal, "train.lr"), ElementsAre("[base] sweep.toml:15:6 4e-04"));
}

TEST_F(Explain, DefaultsNameThePluginThatDeclaresThem) {
  EXPECT_THAT(lines(kMinimal, "method.lambda_recon"), ElementsAre("default reca 1"));
  EXPECT_THAT(lines(kMinimal, "architecture.preset"), ElementsAre("default toy tiny"));
  EXPECT_THAT(lines(kMinimal, "train.betas"), ElementsAre("default [0.9, 0.999]"));
  EXPECT_THAT(lines(kMinimal + kEvaluation, "eval.geneval.sampling.steps"), ElementsAre("default toy 12"));
  EXPECT_THAT(lines(kMinimal, "method.use"), ElementsAre("[base] sweep.toml:9:7 reca"));
}

TEST_F(Explain, EachRunHasItsOwnChain) {
  const std::string spec =
      kMinimal + kMethods + "[[arm]]\nwhen = { method = \"reca\" }\nset = { \"train.lr\" = 1 }\n";
  const auto runs = explained(spec, "train.lr");
  ASSERT_EQ(runs.size(), 2u);
  EXPECT_EQ(runs[0].name, "sft");
  EXPECT_EQ(runs[0].identity.size(), 64u);
  EXPECT_THAT(lines(runs[0].keys.at(0)), ElementsAre("[base] sweep.toml:15:6 4e-04"));
  EXPECT_THAT(lines(runs[1].keys.at(0)),
              ElementsAre("[base] sweep.toml:15:6 4e-04", "[[arm]] sweep.toml:25:22 1"));
  EXPECT_EQ(explained(spec, "train.lr", {.only = {"method=reca"}}).size(), 1u);
}

TEST_F(Explain, AKeyThatARunDoesNotRead) {
  const auto runs =
      explained(kMinimal + kMethods, "method.lambda_recon", {.sets = {"method.lambda_recon=2"}});
  EXPECT_THAT(lines(runs.at(0).keys.at(0)), ElementsAre("--set --set:1:21 2", "not read"));
  EXPECT_THAT(lines(runs.at(1).keys.at(0)), ElementsAre("default reca 1", "--set --set:1:21 2"));
  const auto reference = explained(kMinimal + "[[reference]]\nname = \"base\"\n", "train.lr");
  EXPECT_THAT(reference.at(0).keys, IsEmpty());
}

TEST_F(Explain, StagesAreToldApart) {
  const std::string spec = kMinimal + "[[stage]]\nname = \"one\"\ntrain.lr = 1\n[[stage]]\nname = \"two\"\n";
  const auto keys = explained(spec, "train.lr").at(0).keys;
  ASSERT_EQ(keys.size(), 2u);
  EXPECT_EQ(keys[0].stage, "one");
  EXPECT_THAT(lines(keys[0]), ElementsAre("[base] sweep.toml:15:6 4e-04", "[[stage]] sweep.toml:18:12 1"));
  const auto second = explained(spec, "stage.two.train.lr").at(0).keys;
  ASSERT_EQ(second.size(), 1u);
  EXPECT_EQ(second[0].stage, "two");
  EXPECT_THAT(message(spec, "stage.twoo.train.lr"),
              HasSubstr("no run has a stage \"twoo\"; did you mean `two`?"));
}

TEST_F(Explain, KeysOfTheSweep) {
  EXPECT_THAT(lines(kMinimal, "sweep.name"), ElementsAre("default sweep", "[sweep] sweep.toml:3:8 test"));
}

TEST_F(Explain, WeightsOfAllEvaluationsAndWhatAProtocolFixes) {
  const std::string spec = kMinimal + "ema_decay = 0.9\n" + kEvaluation;
  EXPECT_THAT(lines(spec, "eval.geneval.weights"), ElementsAre("default last"));
  EXPECT_THAT(lines(spec + "[eval]\nweights = \"ema\"\n", "eval.geneval.weights"),
              ElementsAre("default `weights` of [eval] ema"));
  folder_.write("protocols/one.toml",
                "schema = 1\n[protocol]\nevaluator = { use = \"geneval\" }\nprompts = \"world\"\n"
                "detector = \"oracle\"\nimages_per_prompt = 2\n");
  EXPECT_THAT(lines(kMinimal + "[eval.geneval]\nprotocol = \"one\"\n", "eval.geneval.images_per_prompt"),
              ElementsAre("default 4", "protocol protocols/one.toml:6:21 2"));
}

TEST_F(Explain, TablesOfTheWholeSweep) {
  EXPECT_THAT(lines(kMinimal + "[budget]\ngpu_hours = 3\n", "budget.gpu_hours"),
              ElementsAre("default 0", "[budget] sweep.toml:17:13 3"));
  EXPECT_THAT(lines(kMinimal, "report.correct"), ElementsAre("default holm"));
  EXPECT_THAT(lines(kMinimal, "resources.gpu_model"), ElementsAre("default any"));
}

TEST_F(Explain, UnknownKeys) {
  EXPECT_THAT(message(kMinimal, "train.lrr"), HasSubstr("has the key `train.lrr`: did you mean `train.lr`?"));
  EXPECT_THAT(message(kMinimal, "base.train.warmup"), HasSubstr("did you mean `train.warmup`?"));
  EXPECT_THAT(message(kMinimal, "learning_rate"), HasSubstr("learning_rate"));
  EXPECT_THAT(message(kMinimal, "train.learning_rate"), HasSubstr("did you mean `lr`?"));
  EXPECT_THAT(message(kMinimal, "train"), HasSubstr("it is a table; its keys: updates, lr,"));
  EXPECT_THAT(message(kMinimal, ""),
              HasSubstr("it is a table; its keys: sweep, budget, launch, report, resources, seed"));
}

}  // namespace
}  // namespace umm
