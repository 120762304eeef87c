#include "evaluate/benchmark.h"

#include <gmock/gmock.h>

#include <fstream>

#include "spec/identity.h"
#include "tests/host/evaluate/fake_experiment.h"

namespace umm::testing {
namespace {

using ::testing::HasSubstr;

TEST(Benchmark, ReadsPromptsFromAFileOrAPromptSet) {
  TemporaryFolder folder;
  const auto catalogue = fake_catalogue();
  auto config = fake_evaluation(catalogue);
  EXPECT_EQ(make_benchmark(config, catalogue).items.size(), 3u);
  config.prompt_file = (folder.path() / "prompts.jsonl").string();
  EXPECT_THROW(make_benchmark(config, catalogue), InputError) << "no such file";
  std::ofstream(config.prompt_file)
      << "{\"tag\": \"a\", \"prompt\": \"one\"}\r\n\n{\"tag\": \"a\", \"prompt\": \"two\"}";
  const auto benchmark = make_benchmark(config, catalogue);
  ASSERT_EQ(benchmark.items.size(), 2u);
  EXPECT_EQ(benchmark.items[1].prompt, "two");
  std::ofstream(config.prompt_file) << "\n";
  EXPECT_THROW(make_benchmark(config, catalogue), InputError) << "no prompt in it";
}

TEST(Benchmark, ProtocolTextAndItemsMakeTheRulesAgain) {
  const auto catalogue = fake_catalogue();
  auto config = fake_evaluation(catalogue);
  const auto& schema = catalogue.at(PluginKind::evaluator, "brightness").entry.options;
  config.evaluator.options = Options(schema, {{"threshold", 3.5}});
  std::vector<results::ItemRow> items;
  for (const auto& item : make_benchmark(config, catalogue).items) {
    items.push_back({item.id, item.tag, item.prompt, item.metadata});
  }
  const auto again = benchmark_from_protocol(protocol_text(config), items, catalogue);
  ASSERT_EQ(again.items.size(), 3u);
  EXPECT_EQ(again.items[2].id, "00002");
  EXPECT_EQ(again.evaluator->score(again.items[0], R"({"brightness": 4})").value, 1);
  EXPECT_EQ(again.evaluator->score(again.items[0], R"({"brightness": 3})").reason, "too dark");
  EXPECT_THROW(benchmark_from_protocol("{}", items, catalogue), InputError);
  auto damaged = nlohmann::json::parse(protocol_text(config));
  damaged["evaluator_options"]["threshold"] = nullptr;
  try {
    benchmark_from_protocol(damaged.dump(), items, catalogue);
    FAIL() << "null passed for a number";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("`threshold`: expected a number, found null"));
  }
}

TEST(Benchmark, AnOptionThatThePluginHasNotHasNoHash) {
  const auto catalogue = fake_catalogue();
  const auto config = fake_evaluation(catalogue);
  auto protocol = nlohmann::json::parse(protocol_text(config));
  EXPECT_EQ(hash_of_protocol(protocol.dump(), catalogue), config.protocol_hash);
  protocol["evaluator_options"]["of a later version"] = 7;
  EXPECT_EQ(hash_of_protocol(protocol.dump(), catalogue), std::nullopt);
}

// The evaluator names prompts by their place; those of a log may have gaps, and records that nobody knows.
TEST(Benchmark, ItemsAreCalledAsTheyAreStored) {
  const auto catalogue = fake_catalogue();
  const std::string record = R"({"tag": "a", "prompt": "one"})";
  const auto again = benchmark_from_protocol(
      protocol_text(fake_evaluation(catalogue)),
      {{"00000", "", "", kNoRecord}, {"00005", "a", "one", record}, {"00007", "a", "one", record}},
      catalogue);
  ASSERT_EQ(again.items.size(), 3u);
  EXPECT_EQ(again.items[0].id, "00000");
  EXPECT_EQ(again.items[2].id, "00007");
  EXPECT_EQ(again.items[2].tag, "a");
  EXPECT_EQ(again.items[2].metadata, record);
}

TEST(Benchmark, CanonicalTextIsSorted) {
  const auto schema = OptionSchema().number("b", 0.5, {0, 1}, "b").integer("a", 3, {0, 9}, "a");
  EXPECT_EQ(canonical_text(Options(schema, {})), "a = 3\nb = 0.5\n");
}

}  // namespace
}  // namespace umm::testing
