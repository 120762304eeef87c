// What a person waits for when asking: 48 runs x 553 prompts x 4 pictures, 106,176 rows of evidence. And how
// large the file is. With UMM_BENCHMARK_MILLION one sweep is copied out of ten of that size.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "benchmarks/temporary_folder.h"
#include "results/query.h"
#include "results/run_folder.h"
#include "results/store.h"
#include "results/subset.h"

namespace {

using namespace umm::results;

constexpr int kPrompts = 553, kPictures = 4;

std::string identity(const std::string& name) {
  return fmt::format("{0:016x}{0:016x}{0:016x}{0:016x}", std::hash<std::string>()(name));
}

// Reasons of a sweep are its own, some hundreds.
void put_run(Store& store, const std::string& sweep, const std::string& architecture,
             const std::string& method, int seed) {
  RunRow run;
  const std::string name = fmt::format("{}, {}, {}, {}", sweep, architecture, method, seed);
  run.identity = identity("run " + name);
  run.sweep = sweep;
  run.label = architecture + ", " + method;
  run.architecture = architecture;
  run.method = method;
  run.seed = seed;
  run.axes = {{"architecture", architecture}, {"method", method}, {"seed", std::to_string(seed)}};
  run.replicate_axes = {"seed"};
  store.put_run(run, {});
  EvaluationRow row{identity("evaluation " + name),
                    "geneval",
                    identity("protocol"),
                    "",
                    architecture,
                    "1",
                    "1",
                    "last",
                    "checkpoint",
                    identity("checkpoint " + name)};
  std::vector<ItemRow> items;
  std::vector<EvidenceRow> evidence;
  for (int prompt = 0; prompt < kPrompts; ++prompt) {
    items.push_back(
        {fmt::format("{:05}", prompt), "counting", fmt::format("a photo of {} cups", prompt), "{}"});
    for (int picture = 0; picture < kPictures; ++picture) {
      const std::string image = identity(fmt::format("{} {} {}", name, prompt, picture));
      const size_t drawn = std::hash<std::string>()(image);
      const bool right = drawn % 3 != 0;
      evidence.push_back(
          {items.back().item_id, picture, usual_image_path(row.identity, items.back().item_id, picture),
           image, R"({"objects":[{"class":"cup","score":0.91,"box":[10,20,200,240]}]})", right ? 1.0 : 0.0,
           right ? "" : fmt::format("{}: expected {} cups", sweep, drawn % 600)});
    }
  }
  store.put_evaluation(run.identity, row, items, evidence, {{"overall", 0.5}}, {});
}

void put_sweep(Store& store, const std::string& name) {
  store.put_sweep({name, "", "", ""});
  for (const char* architecture : {"showo", "harmon", "openuni", "bagel"})
    for (const char* method : {"sft", "reca", "srum", "unigame"})
      for (int seed = 0; seed < 3; ++seed) put_run(store, name, architecture, method, seed);
}

const std::string& database() {
  static const umm::TemporaryFolder folder;
  static const std::string file = [] {
    const std::string path = (folder.path() / "results.sqlite").string();
    Store store = Store::open(path);
    put_sweep(store, "sweep");
    return path;
  }();
  return file;
}

void ask(benchmark::State& state, const char* sql) {
  const Store store = Store::open_read_only(database());
  state.counters["database_MB"] = static_cast<double>(std::filesystem::file_size(database())) / 1e6;
  for (auto _ : state)
    benchmark::DoNotOptimize(print_query(store.handle(), sql, QueryFormat::kCsv, [](std::string_view) {}));
}

// Two methods, prompt by prompt, over all architectures and seeds: 26,544 pairs.
BENCHMARK_CAPTURE(ask, paired_items,
                  "SELECT pair.seed, item_id, avg(difference) FROM paired_items AS pair "
                  "JOIN run AS a ON a.id = run_a JOIN run AS b ON b.id = run_b "
                  "WHERE a.method = 'reca' AND b.method = 'sft' GROUP BY a.architecture, 1, 2")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ask, run_pairs, "SELECT count(*) FROM run_pairs")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ask, pareto, "SELECT * FROM pareto")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ask, scores_by_seed, "SELECT * FROM scores_by_seed")->Unit(benchmark::kMillisecond);

// What a bundle of one sweep begins with.
void copy_one_sweep(benchmark::State& state) {
  const umm::TemporaryFolder folder;
  Store store = Store::open((folder.path() / "results.sqlite").string());
  const int sweeps = std::getenv("UMM_BENCHMARK_MILLION") != nullptr ? 10 : 1;
  for (int sweep = 0; sweep < sweeps; ++sweep) put_sweep(store, fmt::format("sweep {}", sweep));
  const auto copy = folder.path() / "copy.sqlite";
  for (auto _ : state) {
    copy_sweep(store.handle(), "sweep 0", copy);
    std::filesystem::remove(copy);
  }
}
BENCHMARK(copy_one_sweep)->Unit(benchmark::kMillisecond);

}  // namespace
