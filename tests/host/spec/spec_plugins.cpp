// Plugins that exist only in tests of specs.
#include "spec_plugins.h"

#include "umm/capabilities.h"
#include "umm/error.h"

namespace umm {
namespace {

class TestMethod : public Method {
 public:
  explicit TestMethod(std::vector<std::string> flows) : flows_(std::move(flows)) {}

  std::vector<Flow> flows() const override {
    std::vector<Flow> flows;
    for (const std::string& name : flows_) flows.push_back({name, ""});
    return flows;
  }

  std::vector<LossTerm> loss(Architecture&, const std::map<std::string, Batch>&, Rng&) override { return {}; }

 private:
  std::vector<std::string> flows_;
};

std::unique_ptr<Method> make_reca(const Options& options) {
  UMM_CHECK_INPUT(options.number("lambda_recon") > 0, "lambda_recon must be positive");
  std::vector<std::string> flows = {"recon"};
  if (options.number("lambda_i2t") > 0) flows.push_back("i2t");
  return std::make_unique<TestMethod>(flows);
}

PluginEntry entry(PluginKind kind, const std::string& id, OptionSchema options) {
  PluginEntry entry;
  entry.kind = kind;
  entry.id = id;
  entry.options = std::move(options);
  return entry;
}

PluginEntry toy() {
  PluginEntry toy = entry(PluginKind::architecture, "toy",
                          OptionSchema()
                              .choice("preset", "tiny", {"tiny", "large"}, "published size")
                              .integer("width", 64, {1, 1024}, "channels")
                              .boolean("tied", true, "one table of embeddings")
                              .path("vocabulary", "", "word list"));
  toy.sampling = OptionSchema()
                     .integer("steps", 12, {1, 1000}, "sampling steps")
                     .number("guidance_scale", 0, {0, 20}, "of classifier-free guidance");
  toy.provides = {ImageEncoder::kName, GenerationObjective::kName, ImageGenerator::kName};
  return toy;
}

}  // namespace

std::vector<LoadedPlugin> test_plugins(const std::string& library) {
  PluginEntry blind = entry(PluginKind::architecture, "blind", OptionSchema());
  blind.provides = {GenerationObjective::kName};
  PluginEntry sft =
      entry(PluginKind::method, "sft", OptionSchema().number("lambda_t2i", 1, {0, 10}, "weight"));
  sft.make_method = [](const Options&) {
    return std::make_unique<TestMethod>(std::vector<std::string>{"t2i"});
  };
  PluginEntry reca = entry(PluginKind::method, "reca",
                           OptionSchema()
                               .number("lambda_recon", 1, {0, 10}, "weight of the reconstruction")
                               .number("lambda_i2t", 0, {0, 10}, "weight of captioning"));
  reca.needs = [](const Options& options) {
    std::vector<std::string> needs = {ImageEncoder::kName};
    if (options.number("lambda_i2t") > 0) needs.push_back(TextObjective::kName);
    return needs;
  };
  reca.make_method = make_reca;
  const OptionSchema world = OptionSchema()
                                 .integer("seed", 0, {0, 1e9}, "of the scenes")
                                 .choice("captions", "sparse", {"sparse", "dense"}, "what they tell");
  PluginEntry geneval =
      entry(PluginKind::evaluator, "geneval", OptionSchema().boolean("strict", true, "official rules"));
  geneval.asks = {PluginKind::detector};
  PluginEntry gedit = entry(PluginKind::evaluator, "gedit", OptionSchema());
  gedit.asks = {PluginKind::judge};
  std::vector<LoadedPlugin> plugins;
  for (PluginEntry& plugin : std::vector<PluginEntry>{
           toy(), blind, sft, reca, entry(PluginKind::dataset, "world", world),
           entry(PluginKind::prompt_set, "world", world),
           entry(PluginKind::detector, "oracle",
                 OptionSchema().number("threshold", 0.5, {0, 1}, "smallest score")),
           entry(PluginKind::judge, "gpt", OptionSchema().text("model", "small", "which")), geneval, gedit}) {
    plugins.push_back({plugin, plugin.id + ".umm.so", "1.0.0", library + " " + plugin.id});
  }
  return plugins;
}

}  // namespace umm
