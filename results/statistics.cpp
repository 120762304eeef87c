#include "results/statistics.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numeric>
#include <random>
#include <utility>

namespace umm::results {
namespace {

constexpr size_t kMostExactPrompts = 14;

// std::uniform_int_distribution differs between standard libraries; this does not.
class Draw {
 public:
  explicit Draw(uint64_t seed) : engine_(seed) {}
  size_t below(size_t bound) { return static_cast<size_t>((engine_() >> 32) * bound >> 32); }
  uint64_t bits() { return engine_(); }

  // For bounds of some dozens: four draws from the bits of one.
  size_t below_few(size_t bound) {
    if (bound > kFew) return below(bound);
    if (num_kept_ == 0) kept_ = engine_(), num_kept_ = 4;
    size_t drawn = static_cast<size_t>((kept_ & 0xFFFF) * bound >> 16);
    kept_ >>= 16;
    --num_kept_;
    return drawn;
  }

 private:
  static constexpr size_t kFew = 64;
  std::mt19937_64 engine_;
  uint64_t kept_ = 0;
  int num_kept_ = 0;
};

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
    for (size_t i = 0; i < pictures.size(); ++i) of_run += pictures[draw.below_few(pictures.size())];
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

// The signed sum of up to eight terms for each pattern of their signs; a set bit stands for plus.
using SignedSums = std::array<double, 256>;

std::vector<SignedSums> signed_sums(const std::vector<double>& terms) {
  std::vector<SignedSums> blocks((terms.size() + 7) / 8);
  for (size_t block = 0; block < blocks.size(); ++block) {
    size_t first = 8 * block, count = std::min<size_t>(8, terms.size() - first);
    for (size_t signs = 0; signs < 256; ++signs) {
      double sum = 0;
      for (size_t i = 0; i < count; ++i) sum += (signs >> i & 1) != 0 ? terms[first + i] : -terms[first + i];
      blocks[block][signs] = sum;
    }
  }
  return blocks;
}

double random_p(const std::vector<double>& terms, double extreme, uint64_t seed, int64_t flips) {
  Draw draw(seed);
  const std::vector<SignedSums> blocks = signed_sums(terms);
  int64_t as_extreme = 0;
  for (int64_t flip = 0; flip < flips; ++flip) {
    double sums[2] = {0, 0};  // two chains of additions run side by side
    for (size_t block = 0; block < blocks.size();) {
      uint64_t bits = draw.bits();
      for (size_t last = std::min(block + 8, blocks.size()); block < last; ++block, bits >>= 8) {
        sums[block % 2] += blocks[block][bits & 255];
      }
    }
    if (std::abs(sums[0] + sums[1]) >= extreme) ++as_extreme;
  }
  return static_cast<double>(1 + as_extreme) / static_cast<double>(1 + flips);
}

}  // namespace

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

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

uint64_t draws_of(const ScoreGrid& grid) {
  uint64_t hash = 0xCBF29CE484222325;  // FNV-1a, 64 bits, over the bytes
  for (const auto& run : grid.values)
    for (const auto& pictures : run)
      for (const double score : pictures)
        for (const auto byte : std::bit_cast<std::array<unsigned char, sizeof score>>(score))
          hash = (hash ^ byte) * 0x100000001B3;
  return hash;
}

std::vector<double> resampled_overall(const ScoreGrid& grid, uint64_t seed, uint64_t row, int64_t resamples) {
  Draw of_prompts(seed), of_row(seed ^ (row + 1) * 0x9E3779B97F4A7C15);
  std::vector<std::vector<size_t>> prompts_of_tag = prompts_of_tags(grid);
  std::vector<double> results(static_cast<size_t>(resamples));
  for (double& result : results) {
    std::vector<size_t> runs = draw_runs(grid, of_row);
    result = 0;
    for (const std::vector<size_t>& prompts : prompts_of_tag) {
      double tag_sum = 0;
      for (size_t i = 0; i < prompts.size(); ++i) {
        tag_sum += draw_prompt_mean(grid, runs, prompts[of_prompts.below(prompts.size())], of_row);
      }
      result += tag_sum / static_cast<double>(prompts.size());
    }
    result /= static_cast<double>(grid.num_tags);
  }
  return results;
}

Interval interval_of(std::vector<double> resampled) {
  std::sort(resampled.begin(), resampled.end());
  return {quantile(resampled, 0.025), quantile(resampled, 0.975)};
}

Interval interval_of_difference(std::vector<double> resampled_a, const std::vector<double>& resampled_b) {
  for (size_t i = 0; i < resampled_a.size(); ++i) resampled_a[i] -= resampled_b[i];
  return interval_of(std::move(resampled_a));
}

Interval bootstrap_overall(const ScoreGrid& grid, uint64_t seed, int64_t resamples) {
  return interval_of(resampled_overall(grid, seed, 0, resamples));
}

Interval bootstrap_difference(const ScoreGrid& a, const ScoreGrid& b, uint64_t seed, int64_t resamples) {
  return interval_of_difference(resampled_overall(a, seed, 0, resamples),
                                resampled_overall(b, seed, 1, resamples));
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
