// Entries that say less, or other, than they must.
#include <stdexcept>

#include "faults.h"

namespace umm::testing {
namespace {

struct ShowsNothing : ToyArchitecture {
  int64_t image_size() const override { return 0; }
};

void gives_nothing_later(PluginEntry& entry) {
  entry.make_architecture = [left = 50](const Options&) mutable {
    return left-- > 0 ? std::make_unique<ToyArchitecture>() : nullptr;
  };
}

void throws_later(PluginEntry& entry) {
  entry.make_architecture = [left = 50](const Options&) mutable {
    if (left-- <= 0) throw std::runtime_error("out of handles");
    return std::make_unique<ToyArchitecture>();
  };
}

}  // namespace

std::vector<Fault> entry_faults() {
  return {
      {"entry", "upper_case_id", "must be lower case", [](PluginEntry& entry) { entry.id = "Toy"; }},
      {"entry", "no_doc", "no `doc`", [](PluginEntry& entry) { entry.doc = ""; }},
      {"entry", "no_factory", "no make_architecture", [](PluginEntry& e) { e.make_architecture = nullptr; }},
      {"entry", "two_factories", "has a make_dataset", makes<ToyDataset>},
      {"entry", "unknown_capability", "it provides `telepathy`",
       [](PluginEntry& entry) { entry.provides.push_back("telepathy"); }},
      {"entry", "needs_of_no_method", "`needs` belongs to methods",
       [](PluginEntry& entry) { entry.needs = toy(PluginKind::method).needs; }},
      {"options", "twice", "`depth` is declared twice",
       [](PluginEntry& entry) {
         entry.options.integer("depth", 2, {0, 4}, "layers").integer("depth", 2, {0, 4}, "layers");
       }},
      {"options", "default_out_of_range", "default of option `depth`",
       [](PluginEntry& entry) {
         entry.options.integer("depth", 5, {0, 4}, "layers");
       }},
      {"options", "upper_case", "named in lower case",
       [](PluginEntry& entry) { entry.options.boolean("Deep", true, "many layers"); }},
      {"options", "no_doc", "has no doc",
       [](PluginEntry& entry) { entry.options.boolean("deep", true, ""); }},
      {"options", "of_sampling", "default of option `steps`",
       [](PluginEntry& entry) {
         entry.sampling.integer("steps", 0, {1, 100}, "of denoising");
       }},
      {"instances", "nothing_later", "gave nothing when called for the 51. time", gives_nothing_later},
      {"instances", "throws_later", "out of handles", throws_later},
      {"capabilities", "more_than_it_has", "official_weights, text_generator",
       [](PluginEntry& entry) { entry.provides.emplace_back(OfficialWeights::kName); }},
      {"capabilities", "less_than_it_has", "`provides` says",
       [](PluginEntry& entry) { entry.provides.pop_back(); }},
      {"capabilities", "shows_nothing", "image_size() is 0", makes<ShowsNothing>}};
}

}  // namespace umm::testing
