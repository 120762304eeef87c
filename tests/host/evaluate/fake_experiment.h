// A benchmark and an experiment around the fakes of the training tests.
#pragma once

#include <nlohmann/json.hpp>

#include "evaluate/benchmark.h"
#include "loader/catalogue.h"
#include "tests/host/train/fakes.h"
#include "umm/plugin.h"

namespace umm::testing {

// Evidence: the mean brightness of the picture. Rule: brighter than the threshold is worth 1.
class FakeEvaluator : public Evaluator {
 public:
  FakeEvaluator(const Options& options, const EvaluatorInput& input)
      : threshold_(options.number("threshold")) {
    for (const auto& record : input.records) {
      const auto json = nlohmann::json::parse(record);
      const auto number = std::to_string(items_.size());
      items_.push_back(
          {std::string(5 - number.size(), '0') + number, json.at("tag"), json.at("prompt"), record});
    }
  }

  std::string version() const override { return "1"; }
  std::vector<EvaluationItem> items() const override {
    auto items = items_;
    if (edits) items[1].source_picture = "dot.png";
    if (!odd_name.empty()) items[1].id = odd_name;
    return items;
  }

  std::string collect(const EvaluationItem&, const PictureFile& picture,
                      const EvidenceProviders& providers) const override {
    ++collected;
    if (unreachable > 0) {
      --unreachable;
      return R"({"failed": "nobody there"})";
    }
    double sum = 0;
    for (const auto value : picture.image.rgb) sum += value;
    return nlohmann::json{{"brightness", sum / static_cast<double>(picture.image.rgb.size())},
                          {"objects", providers.detector->detect(picture.image).size()}}
        .dump();
  }

  ItemScore score(const EvaluationItem&, const std::string& evidence) const override {
    const auto json = nlohmann::json::parse(evidence);
    if (json.contains("failed")) return {0, json["failed"], ScoreStatus::failed};
    const double brightness = json.at("brightness");
    if (brightness > threshold_) return {1, ""};
    return {0, "too dark"};
  }

  std::vector<NamedScore> aggregate(const std::vector<ScoredImage>& images) const override {
    ScoreMean overall;
    for (const auto& image : images) overall.add(image.score);
    return {overall.named("overall")};
  }

  inline static int collected = 0;
  inline static bool edits = false;      // one of its prompts is an instruction
  inline static std::string odd_name{};  // of one of its prompts; "": the usual
  inline static int unreachable = 0;     // so many pictures, as by a judge that is away

 private:
  double threshold_;
  std::vector<EvaluationItem> items_;
};

class FakeDetector : public ObjectDetector {
 public:
  std::string version() const override { return "blind 1"; }
  std::vector<Detection> detect(const Image&) override {
    if (stopped) request_stop(), throw Error("stopped");
    return {};
  }
  std::vector<double> color_scores(const Image&, const Detection&, const std::vector<std::string>&) override {
    return {};
  }

  inline static bool stopped = false;  // as one that waits when the signal comes
};

class FakePromptSet : public PromptSet {
 public:
  std::vector<std::string> records() const override {
    return {R"({"tag": "short", "prompt": "a dot"})", R"({"tag": "long", "prompt": "two dots side by side"})",
            R"({"tag": "short", "prompt": "a line"})"};
  }
};

inline LoadedPlugin plugin(PluginEntry entry) {
  entry.doc = "a fake";
  return {std::move(entry), "fake.umm.so", "1.0.0", std::string(64, 'f')};
}

// `accident` happens to every method that the catalogue makes.
inline Catalogue fake_catalogue(Accident accident = Accident::none, int64_t at = -1) {
  std::vector<LoadedPlugin> plugins;
  const auto add = [&](PluginKind kind, const char* id, auto set) {
    PluginEntry entry;
    entry.kind = kind;
    entry.id = id;
    set(entry);
    plugins.push_back(plugin(std::move(entry)));
  };
  add(PluginKind::architecture, "fake", [](PluginEntry& entry) {
    entry.make_architecture = [](const Options&) { return std::make_unique<FakeArchitecture>(); };
  });
  add(PluginKind::method, "fake_method", [&](PluginEntry& entry) {
    entry.make_method = [=](const Options&) { return std::make_unique<FakeMethod>(accident, at); };
  });
  add(PluginKind::dataset, "fake_finite", [](PluginEntry& entry) {
    entry.make_dataset = [](const Options&) { return std::make_unique<FakeDataset>(10); };
  });
  add(PluginKind::dataset, "fake_infinite", [](PluginEntry& entry) {
    entry.make_dataset = [](const Options&) { return std::make_unique<FakeDataset>(); };
  });
  add(PluginKind::prompt_set, "fake_prompts", [](PluginEntry& entry) {
    entry.make_prompt_set = [](const Options&) { return std::make_unique<FakePromptSet>(); };
  });
  add(PluginKind::detector, "blind", [](PluginEntry& entry) {
    entry.make_detector = [](const Options&) { return std::make_unique<FakeDetector>(); };
  });
  add(PluginKind::evaluator, "brightness", [](PluginEntry& entry) {
    entry.options.number("threshold", 127, {0, 255}, "mean brightness that is bright");
    entry.asks = {PluginKind::detector};
    entry.make_evaluator = [](const Options& options, const EvaluatorInput& input) {
      return std::make_unique<FakeEvaluator>(options, input);
    };
  });
  return Catalogue::of(std::move(plugins));
}

inline EvaluationConfig fake_evaluation(const Catalogue& catalogue) {
  EvaluationConfig config;
  config.name = "brightness";
  config.evaluator = {"brightness",
                      Options(catalogue.at(PluginKind::evaluator, "brightness").entry.options, {})};
  config.prompt_set.id = "fake_prompts";
  config.providers[PluginKind::detector].id = "blind";
  config.images_per_prompt = 3;
  config.batch_size = 4;
  config.seed = 11;
  config.weights = "last";
  config.protocol_hash = hash_of_protocol(protocol_text(config), catalogue).value();
  return config;
}

inline RunConfig fake_run(const Catalogue& catalogue, const std::string& label, char digit) {
  RunConfig run;
  run.identity = std::string(64, digit);
  run.label = label;
  run.name = label + ", seed 0";
  run.architecture.id = "fake";
  run.resources.device = "cpu";
  run.axes["seed"] = "0";
  run.replicate_axes = {"seed"};
  run.evaluations = {fake_evaluation(catalogue)};
  return run;
}

// An untrained run and one of a single stage, from fresh weights.
inline Experiment fake_experiment(const Catalogue& catalogue, const std::filesystem::path& output) {
  Experiment experiment;
  experiment.name = "fake";
  experiment.output = output.string();
  experiment.runs = {fake_run(catalogue, "base", '1'), fake_run(catalogue, "trained", '2')};
  experiment.runs[0].reference = true;
  auto stage = fake_stage();
  stage.train.checkpoint_every_updates = 4;
  stage.train.ema_decay = 0.9;
  experiment.runs[1].stages = {stage};
  return experiment;
}

}  // namespace umm::testing
