#include "launch/run_json.h"

#include <gmock/gmock.h>

#include "tests/host/evaluate/fake_experiment.h"
#include "umm/error.h"

namespace umm::testing {
namespace {

using ::testing::HasSubstr;

// One option of each type, and numbers that text makes hard.
Catalogue demanding_catalogue() {
  std::vector<LoadedPlugin> plugins;
  PluginEntry entry;
  entry.kind = PluginKind::architecture;
  entry.id = "demanding";
  entry.options.boolean("tied", true, "a truth")
      .integer("width", 3, {}, "a count")
      .number("third", 1.0 / 3, {}, "a number")
      .number("whole", 2, {}, "a number that looks like an integer")
      .text("name", "", "text")
      .path("vocabulary", "", "a file");
  entry.sampling.number("temperature", 0.1, {}, "a number");
  plugins.push_back(plugin(std::move(entry)));
  return Catalogue::of(std::move(plugins));
}

RunConfig demanding_run(const Catalogue& catalogue) {
  RunConfig run;
  const auto& entry = catalogue.at(PluginKind::architecture, "demanding").entry;
  run.identity = std::string(64, '7');
  run.label = run.name = "a \"name\" with\nall sorts, \xc3\xa9";
  run.seed = 0xFFFFFFFFFFFFFFFFu;
  run.axes = {{"lr", "4e-05"}};
  run.replicate_axes = {"seed"};
  run.inputs = {{"a/b", std::string(64, 'b')}};
  run.resources = {"cuda:1", 3,   1,
                   {"H200"}, 1.5, {"http://judge", "KEY", "", 4, 60, 1000, 2, 0.5, 1.5, true}};
  run.architecture = {
      "demanding",
      Options(entry.options, {{"tied", false}, {"third", 0.1 + 0.2}, {"name", std::string("x")}})};
  StageConfig stage;
  stage.name = "sft";
  stage.identity = std::string(64, 'a');
  stage.canonical = "a = 1\n";
  stage.train.learning_rate = 4e-5;
  stage.train.flow_cycle = {{"recon"}, {"t2i", "i2t"}};
  stage.flows["recon"] = {{}, 8, 2, 4};
  run.stages = {stage};
  EvaluationConfig evaluation;
  evaluation.name = "geneval";
  evaluation.sampling = Options(entry.sampling, {{"temperature", 1e-300}});
  evaluation.seed = 7;
  evaluation.weights = "ema";
  run.evaluations = {evaluation};
  return run;
}

TEST(RunJson, BringsBackEveryValueExactly) {
  const auto catalogue = demanding_catalogue();
  const auto run = demanding_run(catalogue);
  const auto text = run_to_json(run);
  const auto back = run_from_json(text, catalogue);
  EXPECT_EQ(run_to_json(back), text);
  EXPECT_EQ(back.name, run.name);
  EXPECT_EQ(back.seed, run.seed);
  EXPECT_EQ(back.architecture.options.values(), run.architecture.options.values());
  EXPECT_EQ(back.resources.gpu_models, run.resources.gpu_models);
  EXPECT_EQ(back.stages[0].train.learning_rate, 4e-5);
  EXPECT_EQ(back.stages[0].train.flow_cycle, run.stages[0].train.flow_cycle);
  EXPECT_EQ(back.evaluations[0].sampling.number("temperature"), 1e-300);
}

TEST(RunJson, OptionsThatDoNotFitAreNotPassedOver) {
  const auto catalogue = demanding_catalogue();
  auto json = nlohmann::json::parse(run_to_json(demanding_run(catalogue)));
  auto& options = json["architecture"]["options"];
  const auto problem = [&] {
    try {
      run_from_json(json.dump(), catalogue);
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string("none");
  };
  options["width"] = 1.9;
  EXPECT_THAT(problem(), HasSubstr("option `width`: expected an integer, found 1.9"));
  options["width"] = 2;
  options["depth"] = 4;
  EXPECT_THAT(problem(), HasSubstr("unknown option `depth` = 4; expected: tied, width"));
}

TEST(RunJson, DamageIsAnErrorThatSaysSo) {
  const auto catalogue = demanding_catalogue();
  const auto text = run_to_json(demanding_run(catalogue));
  for (const auto& damaged :
       {std::string("{"), text.substr(0, text.size() / 2), std::string("{\"format\": 2}")}) {
    try {
      run_from_json(damaged, catalogue);
      FAIL() << damaged;
    } catch (const InputError& error) {
      EXPECT_THAT(error.what(), ::testing::AnyOf(HasSubstr("not a resolved run"), HasSubstr("format")));
    }
  }
}

}  // namespace
}  // namespace umm::testing
