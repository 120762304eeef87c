// What the quickstart spends its time on, at its own sizes: one micro-iteration of each method with its
// gradients, one sampling batch, the tower, the image tokenizer, and the rules over one picture;
// items_per_second: pictures. And loading a checkpoint of 256 MiB.
#include <benchmark/benchmark.h>

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>
#include <unistd.h>

#include <filesystem>

#include "loader/catalogue.h"
#include "umm/umm.h"

namespace umm {
namespace {

const Catalogue& plugins() {
  static const Catalogue catalogue = Catalogue::load({UMM_BINARY_DIR "/plugins"});
  return catalogue;
}

const PluginEntry& entry(PluginKind kind, const std::string& id) {
  return plugins().at(kind, id).entry;
}

std::unique_ptr<Architecture> make_showo() {
  const PluginEntry& showo = entry(PluginKind::architecture, "showo");
  auto model = showo.make_architecture(Options(
      showo.options, {{"vocabulary", std::string(UMM_SOURCE_DIR "/experiments/tiny/vocabulary.txt")}}));
  model->initialize(0);
  return model;
}

void train_default_groups(Architecture& model) {
  std::map<std::string, bool> trained;
  for (const auto& group : model.parameter_groups()) trained[group.name] = group.trained_by_default;
  for (auto& parameter : model.parameters()) {
    if (!parameter.group.empty()) parameter.value.set_requires_grad(trained[parameter.group]);
  }
}

Batch tiny_world_batch(int64_t size) {
  const PluginEntry& world = entry(PluginKind::dataset, "tiny_world");
  const auto dataset = world.make_dataset(Options(world.options, {}));
  std::vector<Sample> samples;
  for (int64_t index = 0; index < size; ++index) samples.push_back(dataset->sample(index));
  return collate(samples);
}

void training_step(benchmark::State& state, const std::string& id) {
  const auto model = make_showo();
  train_default_groups(*model);
  const PluginEntry& declared = entry(PluginKind::method, id);
  const auto method = declared.make_method(Options(declared.options, {}));
  std::map<std::string, Batch> batches;
  for (const auto& flow : method->flows()) batches[flow.name] = tiny_world_batch(32);
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
  state.SetItemsProcessed(state.iterations() * 32 * static_cast<int64_t>(batches.size()));
}
BENCHMARK_CAPTURE(training_step, sft, "sft")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(training_step, reca, "reca")->Unit(benchmark::kMillisecond);

void sampling_batch(benchmark::State& state) {
  const c10::AutoGradMode no_gradient(false);
  const auto model = make_showo();
  const PluginEntry& showo = entry(PluginKind::architecture, "showo");
  const Options sampling(showo.sampling, {{"steps", int64_t{12}}, {"guidance_scale", state.range(1) / 10.0}});
  const auto count = state.range(0);
  const Condition condition{{text_segment(std::vector<std::string>(count, "a photo of a red circle"))}};
  for (auto _ : state) {
    std::vector<Rng> rngs;
    for (int64_t image = 0; image < count; ++image) rngs.push_back(Rng(image));
    benchmark::DoNotOptimize(require<ImageGenerator>(*model).generate(condition, sampling, rngs));
  }
  state.SetItemsProcessed(state.iterations() * count);
}
BENCHMARK(sampling_batch)
    ->ArgNames({"images", "guidance_x10"})
    ->Args({64, 0})
    ->Args({64, 10})
    ->Unit(benchmark::kMillisecond);

void tower(benchmark::State& state) {
  const c10::AutoGradMode no_gradient(false);
  const auto model = make_showo();
  const Tensor images = tiny_world_batch(32).images;
  for (auto _ : state) benchmark::DoNotOptimize(require<ImageEncoder>(*model).encode_image("", images));
  state.SetItemsProcessed(state.iterations() * 32);
}
BENCHMARK(tower)->Unit(benchmark::kMillisecond);

void image_tokenizer(benchmark::State& state) {
  const c10::AutoGradMode no_gradient(false);
  const auto model = make_showo();
  const Tensor images = tiny_world_batch(32).images;
  for (auto _ : state) benchmark::DoNotOptimize(require<ImageCodec>(*model).round_trip(images));
  state.SetItemsProcessed(state.iterations() * 32);
}
BENCHMARK(image_tokenizer)->Unit(benchmark::kMillisecond);

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
  const auto evaluator = geneval.make_evaluator(Options(geneval.options, {}), {records, "tiny_world"});
  const auto detector = oracle.make_detector(Options(oracle.options, {}));
  const auto items = evaluator->items();
  const std::string evidence =
      evaluator->collect(items.back(), image_from_tensor(tiny_world_batch(1).images[0]), *detector);
  for (auto _ : state) benchmark::DoNotOptimize(evaluator->score(items.back(), evidence));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(geneval_rules)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace umm
