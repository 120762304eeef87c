// Rules over stored evidence at the size of a whole benchmark, from the stored text to the aggregates.
#include <benchmark/benchmark.h>

#include <random>

#include "dpg/evidence.h"
#include "geneval/record.h"
#include "imgedit/items.h"
#include "imgedit/rules.h"
#include "umm/error.h"

namespace umm {
namespace {

using Engine = std::mt19937_64;

float share(Engine& engine) {
  return static_cast<float>(engine() >> 40) / static_cast<float>(1 << 24);
}

// 553 prompts x 12 pictures (RecA, BAGEL), each with state.range(0) detections; colours on every tenth.
void geneval_rules(benchmark::State& state) {
  Engine engine(1);
  const std::string prompt =
      R"({"tag": "color_attr", "prompt": "a photo of a red dog and a blue cat", "include":
          [{"class": "dog", "count": 1, "color": "red"}, {"class": "cat", "count": 1, "color": "blue"}]})";
  std::vector<std::string> stored;
  int64_t bytes = 0;
  for (int picture = 0; picture < 6636; ++picture) {
    std::vector<geneval::Evidence> evidence;
    for (int64_t i = 0; i < state.range(0); ++i) {
      geneval::Evidence& seen = evidence.emplace_back();
      seen.label = i % 10 == 0 ? "dog" : i % 10 == 1 ? "cat" : "potted plant";
      seen.score = share(engine);
      for (float* side : {&seen.box.x1, &seen.box.y1, &seen.box.x2, &seen.box.y2})
        *side = 1024 * share(engine);
      if (i % 10 < 2) {
        for (int color = 0; color < 10; ++color) seen.color_scores.push_back(share(engine));
      }
    }
    stored.push_back(geneval::evidence_text(evidence));
    bytes += static_cast<int64_t>(stored.back().size());
  }
  for (auto _ : state) {
    int64_t correct = 0;
    for (const std::string& text : stored) {
      const geneval::Record record = geneval::parse_record(prompt, "prompts.jsonl:1");
      correct += geneval::judge(record, geneval::parse_evidence(text), {}).correct ? 1 : 0;
    }
    benchmark::DoNotOptimize(correct);
  }
  state.SetItemsProcessed(state.iterations() * 6636);
  state.SetBytesProcessed(state.iterations() * bytes);
}
BENCHMARK(geneval_rules)->Arg(10)->Arg(100)->Unit(benchmark::kMillisecond);

// 1065 prompts with 13.5 questions each, four pictures.
void dpg_rules(benchmark::State& state) {
  Engine engine(1);
  std::vector<dpg::Item> items(1065);
  std::vector<std::string> stored;
  for (size_t i = 0; i < items.size(); ++i) {
    items[i].id = std::to_string(i);
    for (int64_t id = 1; id <= (i < 528 ? 14 : 13); ++id) {
      dpg::Question& question = items[i].questions.emplace_back();
      question.id = id;
      if (id > 1) question.parents.push_back(static_cast<size_t>(engine() % static_cast<uint64_t>(id - 1)));
      question.category = "attribute - color";
      question.broad_category = "attribute";
    }
    for (int picture = 0; picture < 4; ++picture) {
      std::vector<Answer> answers;
      for (size_t question = 0; question < items[i].questions.size(); ++question) {
        answers.push_back({.text = engine() % 5 == 0 ? "no" : "yes",
                           .log_probability = -share(engine),
                           .yes_probability = share(engine)});
      }
      stored.push_back(dpg::evidence_text(items[i], answers));
    }
  }
  for (auto _ : state) {
    double sum = 0;
    for (size_t i = 0; i < stored.size(); ++i) {
      const dpg::Item& item = items[i / 4];
      sum += dpg::picture_score(item, dpg::yes_answers(item, stored[i]), dpg::Variant::fixed).value();
    }
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(stored.size()));
}
BENCHMARK(dpg_rules)->Unit(benchmark::kMillisecond);

// 10 000 replies; range(0): the parser.
void imgedit_rules(benchmark::State& state) {
  Engine engine(1);
  const imgedit::Rule rule{.parser = static_cast<imgedit::Parser>(state.range(0))};
  std::vector<std::string> stored;
  for (int i = 0; i < 10'000; ++i) {
    const JudgeReply reply{
        .text = detail::concat(
            "Brief reasoning: The object was replaced well, with small seams at the left edge.\n",
            "Prompt Compliance: ", 1 + engine() % 5, "\nVisual Naturalness: ", 1 + engine() % 5,
            "\nPhysical & Detail Integrity: ", 1 + engine() % 5),
        .model = "gpt-4.1-2025-04-14",
        .finish_reason = "stop",
        .tokens_in = 2100};
    stored.push_back(evaluators::evidence_text({{evaluators::kSingleRole, {{.reply = reply}}}}));
  }
  std::vector<EvaluationItem> items;
  for (const char* type : imgedit::kTypes) items.push_back({.tag = type});
  for (auto _ : state) {
    std::vector<ScoredImage> edits;
    for (size_t i = 0; i < stored.size(); ++i) {
      const EvaluationItem& item = items[i % items.size()];
      const auto evidence = evaluators::parse_judge_evidence(stored[i], {evaluators::kSingleRole});
      edits.push_back({&item, 0, imgedit::score(evidence, rule, item.tag), &stored[i]});
    }
    benchmark::DoNotOptimize(imgedit::aggregate(edits, imgedit::Overall::macro9).back().value);
  }
  state.SetItemsProcessed(state.iterations() * 10'000);
}
BENCHMARK(imgedit_rules)->Arg(0)->Arg(1)->ArgName("strict")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace umm
