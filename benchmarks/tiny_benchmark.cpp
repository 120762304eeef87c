// What the quickstart spends its time on, at its own sizes, for each architecture: a micro-iteration of each
// method with its gradients, one sampling batch, an image encoder, the image tokenizer; items_per_second:
// pictures. And loading a checkpoint of 256 MiB, and the rules over one picture.
// Where UMM_BENCHMARK_QWEN names a vocabulary of Qwen2.5's size, Harmon's published size too.
#include <benchmark/benchmark.h>

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "loader/catalogue.h"
#include "train/host_memory.h"
#include "umm/umm.h"

namespace umm {
namespace {

using Values = std::map<std::string, OptionValue>;

// An architecture and its size.
struct Subject {
  std::string id;
  Values options;
};

const bool kKeepsMemory = (keep_freed_memory(), true);  // as the program does

const Catalogue& plugins() {
  static const Catalogue catalogue = Catalogue::load({UMM_BINARY_DIR "/plugins"});
  return catalogue;
}

const PluginEntry& entry(PluginKind kind, const std::string& id) {
  return plugins().at(kind, id).entry;
}

Subject tiny(const std::string& id) {
  return {id, {{"vocabulary", std::string(UMM_SOURCE_DIR "/experiments/tiny/vocabulary.txt")}}};
}

std::unique_ptr<Architecture> make(const Subject& subject) {
  const PluginEntry& declared = entry(PluginKind::architecture, subject.id);
  auto model = declared.make_architecture(Options(declared.options, subject.options));
  model->initialize(0);
  return model;
}

void train_default_groups(Architecture& model) {
  std::map<std::string, bool> trained;
  for (const auto& group : model.parameter_groups()) trained[group.name] = group.trained_by_default;
  for (auto& parameter : model.parameters()) {
    if (!parameter.group.empty()) parameter.value.set_requires_grad(trained[parameter.group]);
  }
  model.set_training(true);
}

Batch tiny_world_batch(int64_t size) {
  const PluginEntry& world = entry(PluginKind::dataset, "tiny_world");
  const auto dataset = world.make_dataset(Options(world.options, {}));
  std::vector<Sample> samples;
  for (int64_t index = 0; index < size; ++index) samples.push_back(dataset->sample(index));
  return collate(samples);
}

// The world's pictures, at the model's size.
Batch batch_for(const Architecture& model, int64_t size) {
  Batch batch = tiny_world_batch(size);
  const auto side = model.image_size();
  if (batch.images.size(2) != side) batch.images = at::upsample_nearest2d(batch.images, {side, side});
  return batch;
}

void training_step(benchmark::State& state, const Subject& subject, const std::string& id,
                   const Values& options, int64_t size) {
  const auto model = make(subject);
  train_default_groups(*model);
  const PluginEntry& declared = entry(PluginKind::method, id);
  const auto method = declared.make_method(Options(declared.options, options));
  std::map<std::string, Batch> batches;
  for (const auto& flow : method->flows()) batches[flow.name] = batch_for(*model, size);
  uint64_t step = 0;
  for (auto _ : state) {
    Rng rng = Rng(0).fork("step", step++);
    Tensor total;
    for (const auto& term : method->loss(*model, batches, rng)) {
      const Tensor weighted = term.loss.mean() * term.weight;
      total = total.defined() ? total + weighted : weighted;
    }
    total.backward();
  }
  state.SetItemsProcessed(state.iterations() * size * static_cast<int64_t>(batches.size()));
}

void sampling_batch(benchmark::State& state, const Subject& subject, const Values& options, int64_t count) {
  const c10::AutoGradMode no_gradient(false);
  const auto model = make(subject);
  const Options sampling(entry(PluginKind::architecture, subject.id).sampling, options);
  const Condition condition{{text_segment(std::vector<std::string>(count, "a photo of a red circle"))}};
  for (auto _ : state) {
    std::vector<Rng> rngs;
    for (int64_t image = 0; image < count; ++image) rngs.push_back(Rng(image));
    benchmark::DoNotOptimize(require<ImageGenerator>(*model).generate(condition, sampling, rngs));
  }
  state.SetItemsProcessed(state.iterations() * count);
}

void image_encoder(benchmark::State& state, const Subject& subject) {
  const c10::AutoGradMode no_gradient(false);
  const auto model = make(subject);
  const Tensor images = tiny_world_batch(32).images;
  for (auto _ : state) benchmark::DoNotOptimize(require<ImageEncoder>(*model).encode_image("", images));
  state.SetItemsProcessed(state.iterations() * 32);
}

void image_tokenizer(benchmark::State& state, const Subject& subject) {
  const c10::AutoGradMode no_gradient(false);
  const auto model = make(subject);
  const Tensor images = tiny_world_batch(32).images;
  for (auto _ : state) benchmark::DoNotOptimize(require<ImageCodec>(*model).round_trip(images));
  state.SetItemsProcessed(state.iterations() * 32);
}

template <typename Function, typename... Arguments>
void add(const std::string& name, Function* function, const Arguments&... arguments) {
  const auto run = [=](benchmark::State& state) { function(state, arguments...); };
  benchmark::RegisterBenchmark(name.c_str(), run)->Unit(benchmark::kMillisecond);
}

void add_subject(const Subject& subject, const Values& sft, const Values& reca, const Values& sampling,
                 double guidance) {
  const std::string& id = subject.id;
  Values guided = sampling;
  guided["guidance_scale"] = guidance;
  add(id + "/training_step/sft", training_step, subject, "sft", sft, 32);
  add(id + "/training_step/reca", training_step, subject, "reca", reca, 32);
  add(id + "/sampling_batch/plain", sampling_batch, subject, sampling, 64);
  add(id + "/sampling_batch/guided", sampling_batch, subject, guided, 64);
  add(id + "/image_encoder", image_encoder, subject);
  add(id + "/image_tokenizer", image_tokenizer, subject);
}

// How Harmon is trained by its authors: a tenth of the gradient flows into the shown picture.
const Values kHarmonReca{{"condition_gradient_scale", 0.1}, {"i2t_gradient_scale", 0.1}};

[[maybe_unused]] const bool kAdded = [] {
  add_subject(tiny("showo"), {}, {}, {{"steps", int64_t{12}}, {"guidance_scale", 0.0}}, 1);
  add_subject(tiny("harmon"), {{"lambda_i2t", 0.0}}, kHarmonReca,
              {{"steps", int64_t{16}}, {"denoising_steps", int64_t{10}}}, 3);
  const char* vocabulary = std::getenv("UMM_BENCHMARK_QWEN");
  if (vocabulary == nullptr) return true;
  const Subject published{
      "harmon", {{"preset", std::string("0.5b")}, {"vocabulary", std::string(vocabulary)}, {"dropout", 0.0}}};
  Values rebuild = kHarmonReca;
  rebuild["lambda_i2t"] = 0.0;
  add("harmon_0.5b/training_step/recon", training_step, published, "reca", rebuild, 1);
  add("harmon_0.5b/sampling_batch/guided", sampling_batch, published,
      Values{{"steps", int64_t{3}}, {"denoising_steps", int64_t{4}}, {"guidance_scale", 3.0}}, 1);
  return true;
}();

// 64 tensors of 4 MiB, from the page cache into a model's own.
void checkpoint_load(benchmark::State& state) {
  const auto file = std::filesystem::temp_directory_path() / ("umm_benchmark_" + std::to_string(getpid()));
  std::vector<NamedTensor> tensors;
  for (int i = 0; i < 64; ++i) tensors.push_back({std::to_string(i), at::zeros({1024, 1024})});
  write_safetensors(file.string(), tensors);
  for (auto _ : state) {
    WeightLoader loader;
    loader.add(file.string(), std::make_shared<SafetensorsFile>(file.string()), tensors);
    loader.copy();
  }
  std::filesystem::remove(file);
  state.SetBytesProcessed(state.iterations() * (int64_t{256} << 20));
}
BENCHMARK(checkpoint_load)->Unit(benchmark::kMillisecond);

void geneval_rules(benchmark::State& state) {
  const PluginEntry& geneval = entry(PluginKind::evaluator, "geneval");
  const PluginEntry& world = entry(PluginKind::prompt_set, "tiny_world");
  const PluginEntry& oracle = entry(PluginKind::detector, "tiny_world");
  const auto records = world.make_prompt_set(Options(world.options, {}))->records();
  const auto evaluator =
      geneval.make_evaluator(Options(geneval.options, {}), {.records = records, .source = "tiny_world"});
  const auto detector = oracle.make_detector(Options(oracle.options, {}));
  const auto items = evaluator->items();
  const PictureFile picture{.image = image_from_tensor(tiny_world_batch(1).images[0])};
  const std::string evidence = evaluator->collect(items.back(), picture, {.detector = detector.get()});
  for (auto _ : state) benchmark::DoNotOptimize(evaluator->score(items.back(), evidence));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(geneval_rules)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace umm
