// Replies of a judge: an item is one reply read.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "gedit/reply_parser.h"
#include "wise/reply_parser.h"

namespace umm {
namespace {

constexpr int kReplies = 10'000;

// As judges write them, about 400 bytes each; every eighth in a way that takes a fallback.
std::vector<std::string> gedit_replies() {
  std::string reasoning;
  for (int sentence = 0; sentence < 6; ++sentence)
    reasoning += "The hat was added, yet the light on the wall differs from the source. ";
  std::vector<std::string> replies;
  for (int i = 0; i < kReplies; ++i) {
    const std::string a = std::to_string(i % 11), b = std::to_string(i % 7);
    if (i % 8 == 0)
      replies.push_back("{score: " + a + ", reasoning: " + reasoning + "}");
    else
      replies.push_back("```json\n{\n\"score\" : [" + a + ", " + b + "],\n\"reasoning\" : \"" + reasoning +
                        "\"\n}\n```");
  }
  return replies;
}

void gedit_ten_thousand(benchmark::State& state) {
  const auto replies = gedit_replies();
  for (auto _ : state) {
    for (const std::string& reply : replies) benchmark::DoNotOptimize(gedit::parse_reply(reply));
  }
  state.SetItemsProcessed(state.iterations() * kReplies);
}
BENCHMARK(gedit_ten_thousand)->Unit(benchmark::kMillisecond);

void wise_ten_thousand(benchmark::State& state) {
  std::vector<std::string> replies;
  for (int i = 0; i < kReplies; ++i) {
    const std::string a = std::to_string(i % 3), b = std::to_string(i % 2);
    replies.push_back(i % 8 == 0 ? a + "\n" + b + "\n" + a + "\n"
                                 : "Consistency: " + a + "\n**Realism**: " + b + "\nAesthetic Quality: " + a);
  }
  for (auto _ : state) {
    for (const std::string& reply : replies)
      benchmark::DoNotOptimize(wise::parse_three_scores(reply, wise::Dialect::upstream));
  }
  state.SetItemsProcessed(state.iterations() * kReplies);
}
BENCHMARK(wise_ten_thousand)->Unit(benchmark::kMillisecond);

void gedit_megabyte(benchmark::State& state, const std::string& part) {
  std::string text = "{";
  while (text.size() < 1'000'000) text += part;
  text += "}";
  for (auto _ : state) benchmark::DoNotOptimize(gedit::parse_reply(text));
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(text.size()));
}
BENCHMARK_CAPTURE(gedit_megabyte, braces, "{}")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(gedit_megabyte, nested, "\"a\":{")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(gedit_megabyte, quotes, "\"")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace umm
