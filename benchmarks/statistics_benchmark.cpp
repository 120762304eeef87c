// Statistics at the size of a published table: 48 runs, 553 prompts in six tags, four pictures each.
#include <benchmark/benchmark.h>

#include <random>

#include "results/statistics.h"

namespace umm::results {
namespace {

ScoreGrid grid_of(size_t runs, uint64_t seed) {
  std::mt19937_64 engine(seed);
  ScoreGrid grid{6, {}, std::vector<std::vector<std::vector<double>>>(runs)};
  for (int64_t prompt = 0; prompt < 553; ++prompt) {
    grid.tag_of_prompt.push_back(prompt % 6);
    for (auto& run : grid.values) {
      auto& pictures = run.emplace_back();
      for (int picture = 0; picture < 4; ++picture) pictures.push_back(static_cast<double>(engine() % 2));
    }
  }
  return grid;
}

// Two rows of 24 seeds.
void two_rows_test(benchmark::State& state) {
  const ScoreGrid a = grid_of(24, 1), b = grid_of(24, 2);
  for (auto _ : state) benchmark::DoNotOptimize(sign_flip_test(a, b, 3, 10'000));
}
BENCHMARK(two_rows_test)->Unit(benchmark::kMillisecond);

// 48 rows of one seed, each with each.
void all_pairs_test(benchmark::State& state) {
  std::vector<ScoreGrid> rows;
  for (uint64_t row = 0; row < 48; ++row) rows.push_back(grid_of(1, row));
  for (auto _ : state) {
    std::vector<double> p;
    for (size_t a = 0; a < rows.size(); ++a) {
      for (size_t b = 0; b < a; ++b) p.push_back(sign_flip_test(rows[a], rows[b], 3, 10'000));
    }
    benchmark::DoNotOptimize(holm_correction(p));
  }
}
BENCHMARK(all_pairs_test)->Unit(benchmark::kMillisecond);

// All intervals of a table of 48 rows and of their differences.
void all_intervals(benchmark::State& state) {
  std::vector<ScoreGrid> rows;
  for (uint64_t row = 0; row < 48; ++row) rows.push_back(grid_of(1, row));
  for (auto _ : state) {
    std::vector<std::vector<double>> resampled;
    for (const ScoreGrid& row : rows) {
      resampled.push_back(resampled_overall(row, 3, resampled.size()));
      for (const auto& other : resampled)
        benchmark::DoNotOptimize(interval_of_difference(resampled.back(), other));
    }
  }
}
BENCHMARK(all_intervals)->Unit(benchmark::kMillisecond);

void interval_of_48_runs(benchmark::State& state) {
  const ScoreGrid grid = grid_of(48, 1);
  for (auto _ : state) benchmark::DoNotOptimize(bootstrap_overall(grid, 3));
}
BENCHMARK(interval_of_48_runs)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace umm::results
