#include "results/statistics.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <random>

namespace umm::results {
namespace {

constexpr size_t kMostExactPrompts = 14;

// std::uniform_int_distribution differs between standard libraries; this does not.
class Draw {
 public:
  explicit Draw(uint64_t seed) : engine_(seed) {}
  size_t below(size_t bound) { return static_cast<size_t>((engine_() >> 32) * bound >> 32); }
  uint64_t bits() { return engine_(); }

 private:
  std::mt19937_64 engine_;
};

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

std::vector<std::vector<size_t>> prompts_of_tags(const ScoreGrid& grid) {
  std::vector<std::vector<size_t>> prompts(static_cast<size_t>(grid.num_tags));
  for (size_t prompt = 0; prompt < grid.tag_of_prompt.size(); ++prompt) {
    prompts[static_cast<size_t>(grid.tag_of_prompt[prompt])].push_back(prompt);
  }
  return prompts;
}

// A prompt's mean over runs and pictures.
std::vector<double> prompt_means(const ScoreGrid& grid) {
  std::vector<double> means(grid.tag_of_prompt.size(), 0.0);
  for (const auto& run : grid.values) {
    for (size_t prompt = 0; prompt < means.size(); ++prompt) {
      means[prompt] += mean(run[prompt]) / static_cast<double>(grid.values.size());
    }
  }
  return means;
}

// Weight of a prompt in overall.
std::vector<double> prompt_weights(const ScoreGrid& grid) {
  std::vector<double> weights(grid.tag_of_prompt.size());
  for (const std::vector<size_t>& prompts : prompts_of_tags(grid)) {
    for (size_t prompt : prompts) {
      weights[prompt] = 1.0 / (static_cast<double>(grid.num_tags) * static_cast<double>(prompts.size()));
    }
  }
  return weights;
}

std::vector<size_t> draw_runs(const ScoreGrid& grid, Draw& draw) {
  std::vector<size_t> runs(grid.values.size());
  for (size_t& run : runs) run = draw.below(runs.size());
  return runs;
}

double draw_prompt_mean(const ScoreGrid& grid, const std::vector<size_t>& runs, size_t prompt, Draw& draw) {
  double sum = 0;
  for (size_t run : runs) {
    const std::vector<double>& pictures = grid.values[run][prompt];
    double of_run = 0;
    for (size_t i = 0; i < pictures.size(); ++i) of_run += pictures[draw.below(pictures.size())];
    sum += of_run / static_cast<double>(pictures.size());
  }
  return sum / static_cast<double>(runs.size());
}

// Linear between order statistics.
double quantile(const std::vector<double>& sorted, double q) {
  double position = q * static_cast<double>(sorted.size() - 1);
  size_t below = static_cast<size_t>(position);
  size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (position - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

// The interval of overall(a), or of overall(a) - overall(*b).
Interval bootstrap(const ScoreGrid& a, const ScoreGrid* b, uint64_t seed, int64_t resamples) {
  Draw draw(seed);
  std::vector<std::vector<size_t>> prompts_of_tag = prompts_of_tags(a);
  std::vector<double> results(static_cast<size_t>(resamples));
  for (double& result : results) {
    std::vector<size_t> runs_a = draw_runs(a, draw);
    std::vector<size_t> runs_b = b == nullptr ? std::vector<size_t>() : draw_runs(*b, draw);
    result = 0;
    for (const std::vector<size_t>& prompts : prompts_of_tag) {
      double tag_sum = 0;
      for (size_t i = 0; i < prompts.size(); ++i) {
        size_t prompt = prompts[draw.below(prompts.size())];
        tag_sum += draw_prompt_mean(a, runs_a, prompt, draw);
        if (b != nullptr) tag_sum -= draw_prompt_mean(*b, runs_b, prompt, draw);
      }
      result += tag_sum / static_cast<double>(prompts.size());
    }
    result /= static_cast<double>(a.num_tags);
  }
  std::sort(results.begin(), results.end());
  return {quantile(results, 0.025), quantile(results, 0.975)};
}

double exact_p(const std::vector<double>& terms, double extreme) {
  uint64_t count = uint64_t{1} << terms.size(), as_extreme = 0;
  double sum = std::accumulate(terms.begin(), terms.end(), 0.0);
  std::vector<double> signs(terms.size(), 1.0);
  for (uint64_t step = 1; step <= count; ++step) {
    if (std::abs(sum) >= extreme) ++as_extreme;
    if (step == count) break;
    size_t flipped = static_cast<size_t>(std::countr_zero(step));  // Gray code: one sign changes per step
    signs[flipped] = -signs[flipped];
    sum += 2 * signs[flipped] * terms[flipped];
  }
  return static_cast<double>(as_extreme) / static_cast<double>(count);
}

double random_p(const std::vector<double>& terms, double extreme, uint64_t seed, int64_t flips) {
  Draw draw(seed);
  int64_t as_extreme = 0;
  for (int64_t flip = 0; flip < flips; ++flip) {
    double sum = 0;
    uint64_t bits = 0;
    for (size_t i = 0; i < terms.size(); ++i) {
      if (i % 64 == 0) bits = draw.bits();
      sum += (bits & 1) != 0 ? terms[i] : -terms[i];
      bits >>= 1;
    }
    if (std::abs(sum) >= extreme) ++as_extreme;
  }
  return static_cast<double>(1 + as_extreme) / static_cast<double>(1 + flips);
}

}  // namespace

std::vector<double> tag_means(const ScoreGrid& grid) {
  std::vector<double> prompts = prompt_means(grid), means;
  for (const std::vector<size_t>& members : prompts_of_tags(grid)) {
    double sum = 0;
    for (size_t prompt : members) sum += prompts[prompt];
    means.push_back(sum / static_cast<double>(members.size()));
  }
  return means;
}

double overall(const ScoreGrid& grid) {
  return mean(tag_means(grid));
}

Interval bootstrap_overall(const ScoreGrid& grid, uint64_t seed, int64_t resamples) {
  return bootstrap(grid, nullptr, seed, resamples);
}

Interval bootstrap_difference(const ScoreGrid& a, const ScoreGrid& b, uint64_t seed, int64_t resamples) {
  return bootstrap(a, &b, seed, resamples);
}

double sign_flip_test(const ScoreGrid& a, const ScoreGrid& b, uint64_t seed, int64_t flips) {
  std::vector<double> of_a = prompt_means(a), of_b = prompt_means(b), weights = prompt_weights(a), terms;
  for (size_t prompt = 0; prompt < of_a.size(); ++prompt) {
    // Prompts on which both agree change nothing when flipped. The margin is rounding, far below one picture.
    double difference = of_a[prompt] - of_b[prompt];
    if (std::abs(difference) > 1e-12) terms.push_back(weights[prompt] * difference);
  }
  double extreme = std::abs(std::accumulate(terms.begin(), terms.end(), 0.0)) - 1e-12;
  if (terms.size() <= kMostExactPrompts) return exact_p(terms, extreme);
  return random_p(terms, extreme, seed, flips);
}

std::vector<double> holm_correction(const std::vector<double>& p) {
  std::vector<size_t> order(p.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t x, size_t y) { return p[x] < p[y]; });
  std::vector<double> adjusted(p.size());
  double largest = 0;
  for (size_t rank = 0; rank < order.size(); ++rank) {
    largest = std::max(largest, std::min(1.0, static_cast<double>(p.size() - rank) * p[order[rank]]));
    adjusted[order[rank]] = largest;
  }
  return adjusted;
}

}  // namespace umm::results
