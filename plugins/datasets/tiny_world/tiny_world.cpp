// The tiny world: pictures of coloured shapes, the words for them, benchmark prompts about them, and the
// oracle that reads any picture back. One library: dataset, prompt sets, and the oracle as a detector, as one
// who answers questions and as a judge.
//
// Rationale: a two-core machine has to train and score a whole pipeline, so the world is as small as one can
// be that still asks for objects, counts, colours, positions and binding, the six tags of GenEval.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "captions.h"
#include "dense_prompts.h"
#include "detector.h"
#include "grammar.h"
#include "prompts.h"
#include "renderer.h"
#include "scene.h"
#include "umm/umm.h"
#include "wise_prompts.h"
#include "witnesses.h"

namespace {

using namespace umm::tiny_world;

constexpr double kLargestInteger = 9e15;  // below 2^53: exact as a double

class TinyWorld : public umm::Dataset {
 public:
  explicit TinyWorld(const umm::Options& options)
      : seed_(static_cast<uint64_t>(options.integer("seed"))),
        split_(options.text("split") == "heldout" ? Split::heldout : Split::train),
        size_(options.integer("size")),
        image_size_(options.integer("image_size")),
        limits_{.min_objects = static_cast<int>(options.integer("min_objects")),
                .max_objects = static_cast<int>(options.integer("max_objects"))},
        rates_{.color = options.number("caption_color"),
               .keep = options.number("caption_keep"),
               .empty = options.number("caption_empty")} {
    UMM_CHECK_INPUT(image_size_ == 32 || image_size_ == 64,
                    "dataset tiny_world: image_size must be 32 or 64 pixels, found ", image_size_);
    UMM_CHECK_INPUT(limits_.min_objects <= limits_.max_objects, "dataset tiny_world: min_objects is ",
                    limits_.min_objects, ", more than max_objects, ", limits_.max_objects);
  }

  std::optional<int64_t> size() const override {
    return size_ == 0 ? std::nullopt : std::optional<int64_t>(size_);
  }

  umm::Sample sample(int64_t index) const override {
    UMM_CHECK(index >= 0 && (size_ == 0 || index < size_), "sample ", index, " of a tiny world of ", size_,
              " samples (0: no end)");
    const Scene scene = scene_at(seed_, index, limits_, split_);
    umm::Rng words = umm::Rng(seed_).fork("words", static_cast<uint64_t>(index));
    umm::Sample sample;
    sample.image = umm::tensor_from_image(render(scene, image_size_));  // [3, image_size, image_size]
    sample.caption = sparse_caption(scene, rates_, words);
    sample.question = questions()[words.integer(static_cast<int64_t>(questions().size()))];
    sample.answer = dense_caption(scene);
    return sample;
  }

 private:
  uint64_t seed_;
  Split split_;
  int64_t size_;  // 0: infinite
  int64_t image_size_;
  SceneLimits limits_;
  SparseRates rates_;
};

class TinyWorldPrompts : public umm::PromptSet {
 public:
  explicit TinyWorldPrompts(std::vector<std::string> records) : records_(std::move(records)) {}

  std::vector<std::string> records() const override { return records_; }

 private:
  std::vector<std::string> records_;
};

std::vector<std::string> dense_records(uint64_t seed, int64_t prompts) {
  std::vector<std::string> records;
  for (DensePrompt& prompt : make_dense_prompts(seed, prompts)) records.push_back(std::move(prompt.record));
  return records;
}

umm::OptionSchema dataset_options() {
  return umm::OptionSchema()
      .integer("seed", 0, {0, kLargestInteger}, "which stream of scenes")
      .choice("split", "train", {"train", "heldout"},
              "scenes to draw from: nine in ten, or the tenth never trained on")
      .integer("size", 0, {0, kLargestInteger}, "number of samples; 0: no end")
      .integer("image_size", 32, {32, 64}, "side of the pictures in pixels, 32 or 64")
      .integer("min_objects", 1, {1, kNumCells}, "fewest objects in a picture")
      .integer("max_objects", kNumCells, {1, kNumCells}, "most objects in a picture")
      .number("caption_color", 0.2, {0, 1}, "probability that a caption says a colour")
      .number("caption_keep", 0.2, {0, 1}, "probability that a caption says a number, relation or place")
      .number("caption_empty", 0.15, {0, 1}, "probability that a caption is empty");
}

umm::PluginEntry entry(umm::PluginKind kind, std::string doc, umm::OptionSchema options) {
  umm::PluginEntry entry;
  entry.kind = kind;
  entry.id = "tiny_world";
  entry.doc = std::move(doc);
  entry.options = std::move(options);
  return entry;
}

// Prompts of one form: `make(seed, how many)`, with the second option's name, default, most and meaning.
//
// Rationale: an entry for each form, as every option of a prompt set, defaults included, is part of the
// protocols that name it: one more would part new scores from old ones.
void add_prompt_set(umm::Registry& registry, const std::string& id, std::string doc,
                    const std::string& number, int64_t usual, int64_t most, std::string meaning,
                    std::vector<std::string> (*make)(uint64_t, int64_t)) {
  auto prompts = entry(umm::PluginKind::prompt_set, std::move(doc),
                       umm::OptionSchema()
                           .integer("seed", 0, {0, kLargestInteger}, "which prompts")
                           .integer(number, usual, {1, static_cast<double>(most)}, std::move(meaning)));
  prompts.id = id;
  prompts.make_prompt_set = [number, make](const umm::Options& options) {
    return std::make_unique<TinyWorldPrompts>(
        make(static_cast<uint64_t>(options.integer("seed")), options.integer(number)));
  };
  registry.add(std::move(prompts));
}

void add_prompt_sets(umm::Registry& registry) {
  add_prompt_set(registry, "tiny_world", "GenEval's six tags asked about the tiny world", "prompts_per_tag",
                 30, 1000, "number of prompts of each of the six tags", make_prompts);
  add_prompt_set(registry, "tiny_world_dpg",
                 "dense prompts of the tiny world with DPG-Bench's questions about their parts", "prompts",
                 40, 10000, "number of prompts", dense_records);
  add_prompt_set(registry, "tiny_world_wise",
                 "prompts in WISE's categories that take a step of knowledge into the tiny world",
                 "prompts_per_category", 5, kMostPerCategory,
                 "number of prompts of each of the six categories", make_wise_prompts);
}

void add_oracle(umm::Registry& registry) {
  auto detector =
      entry(umm::PluginKind::detector, "oracle that reads a picture of the tiny world back into objects", {});
  detector.make_detector = [](const umm::Options&) { return std::make_unique<Oracle>(); };
  registry.add(std::move(detector));

  auto answerer = entry(umm::PluginKind::answerer,
                        "oracle that answers the tiny world's questions about a picture with yes or no", {});
  answerer.make_answerer = [](const umm::Options&) { return std::make_unique<OracleAnswerer>(); };
  registry.add(std::move(answerer));

  auto judge = entry(umm::PluginKind::judge,
                     "oracle that judges how far a picture shows what WISE's explanation says", {});
  judge.make_judge = [](const umm::Options&, const umm::JudgeConnection&) {
    return std::make_unique<OracleJudge>();
  };
  registry.add(std::move(judge));
}

void register_plugins(umm::Registry& registry) {
  auto dataset = entry(umm::PluginKind::dataset,
                       "coloured shapes in 2 x 2 cells with sparse captions, questions and dense answers",
                       dataset_options());
  dataset.make_dataset = [](const umm::Options& options) { return std::make_unique<TinyWorld>(options); };
  registry.add(std::move(dataset));
  add_prompt_sets(registry);
  add_oracle(registry);
}

}  // namespace

UMM_PLUGIN(register_plugins)
