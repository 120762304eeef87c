// What every plugin promises; methods, datasets, prompt sets, detectors and evaluators in full.
// Architectures: architecture_contract_test.cpp.
#include <gmock/gmock.h>

#include <set>
#include <thread>

#include "contract.h"

namespace umm::contract {
namespace {

using ::testing::IsSubsetOf;
using ::testing::MatchesRegex;

const std::vector<std::string> kCapabilities = {
    ImageEncoder::kName,  GenerationObjective::kName, TextObjective::kName,  ImageGenerator::kName,
    TextGenerator::kName, ImageCodec::kName,          OfficialWeights::kName};

std::string name_of(const PluginEntry& entry) {
  return std::string(to_text(entry.kind)) + " " + entry.id;
}

bool has_factory(const PluginEntry& entry, PluginKind kind) {
  switch (kind) {
    case PluginKind::architecture:
      return static_cast<bool>(entry.make_architecture);
    case PluginKind::method:
      return static_cast<bool>(entry.make_method);
    case PluginKind::dataset:
      return static_cast<bool>(entry.make_dataset);
    case PluginKind::prompt_set:
      return static_cast<bool>(entry.make_prompt_set);
    case PluginKind::detector:
      return static_cast<bool>(entry.make_detector);
    case PluginKind::evaluator:
      return static_cast<bool>(entry.make_evaluator);
  }
  return false;
}

TEST(EveryPlugin, IsAccepted) {
  for (const Refusal& refusal : plugins().rejected()) ADD_FAILURE() << to_text(refusal);
  EXPECT_FALSE(plugins().entries().empty());
}

TEST(EveryPlugin, SaysWhatItIs) {
  std::set<std::pair<PluginKind, std::string>> seen;
  for (const LoadedPlugin& plugin : plugins().entries()) {
    const PluginEntry& entry = plugin.entry;
    EXPECT_THAT(entry.id, MatchesRegex("[a-z][a-z0-9_]*"));
    EXPECT_FALSE(entry.doc.empty()) << name_of(entry);
    EXPECT_TRUE(seen.emplace(entry.kind, entry.id).second) << name_of(entry) << " is there twice";
    for (int kind = 0; kind <= static_cast<int>(PluginKind::evaluator); ++kind) {
      const auto candidate = static_cast<PluginKind>(kind);
      EXPECT_EQ(has_factory(entry, candidate), candidate == entry.kind)
          << name_of(entry) << to_text(candidate);
    }
    EXPECT_THAT(entry.provides, IsSubsetOf(kCapabilities)) << name_of(entry);
    EXPECT_EQ(static_cast<bool>(entry.needs), entry.kind == PluginKind::method) << name_of(entry);
    if (entry.needs) {
      EXPECT_THAT(entry.needs(Options(entry.options, {})), IsSubsetOf(kCapabilities)) << name_of(entry);
    }
  }
}

TEST(EveryPlugin, DeclaresOptionsThatFitTheirOwnSchema) {
  for (const LoadedPlugin& plugin : plugins().entries()) {
    for (const OptionSchema* schema : {&plugin.entry.options, &plugin.entry.sampling}) {
      std::set<std::string> names;
      for (const OptionSpec& spec : schema->specs()) {
        const std::string where = name_of(plugin.entry) + ", option " + spec.name;
        EXPECT_THAT(spec.name, MatchesRegex("[a-z][a-z0-9_]*")) << where;
        EXPECT_TRUE(names.insert(spec.name).second) << where << " is declared twice";
        EXPECT_FALSE(spec.doc.empty()) << where;
        EXPECT_EQ(schema->problem(spec, spec.default_value), "") << where;
      }
      EXPECT_NO_THROW(Options(*schema, {})) << name_of(plugin.entry);
    }
  }
}

class MethodContract : public ::testing::TestWithParam<std::string> {};

TEST_P(MethodContract, WorksWithItsDefaults) {
  const PluginEntry& entry = plugins().at(PluginKind::method, GetParam()).entry;
  const auto flows = entry.make_method(Options(entry.options, {}))->flows();
  EXPECT_FALSE(flows.empty());
  std::set<std::string> names;
  for (const Flow& flow : flows) {
    EXPECT_TRUE(names.insert(flow.name).second) << flow.name << " twice";
    EXPECT_FALSE(flow.doc.empty()) << flow.name;
  }
}

INSTANTIATE_TEST_SUITE_P(Every, MethodContract, ::testing::ValuesIn(ids(PluginKind::method)), case_name);

class DatasetContract : public ::testing::TestWithParam<std::string> {};

void expect_equal(const Tensor& a, const Tensor& b) {
  ASSERT_EQ(a.defined(), b.defined());
  if (!a.defined()) return;
  EXPECT_TRUE(a.equal(b));
}

void expect_equal(const Sample& a, const Sample& b) {
  expect_equal(a.image, b.image);
  expect_equal(a.source_image, b.source_image);
  EXPECT_EQ(a.caption, b.caption);
  EXPECT_EQ(a.question, b.question);
  EXPECT_EQ(a.answer, b.answer);
  EXPECT_EQ(a.instruction, b.instruction);
}

TEST_P(DatasetContract, SamplesDependOnTheIndexAlone) {
  const PluginEntry& entry = plugins().at(PluginKind::dataset, GetParam()).entry;
  const auto dataset = entry.make_dataset(tiny_options(entry));
  const auto again = entry.make_dataset(tiny_options(entry));
  const int64_t count = std::min<int64_t>(5, dataset->size().value_or(5));
  for (int64_t index = 0; index < count; ++index) {
    const Sample sample = dataset->sample(index);
    expect_equal(sample, dataset->sample(index));
    expect_equal(sample, again->sample(index));
    Sample elsewhere;
    std::thread([&] { elsewhere = dataset->sample(index); }).join();
    expect_equal(sample, elsewhere);
    if (!sample.image.defined()) continue;
    ASSERT_EQ(sample.image.dim(), 3);
    EXPECT_EQ(sample.image.size(0), 3);
    EXPECT_EQ(sample.image.scalar_type(), at::kFloat);
    EXPECT_GE(sample.image.min().item<float>(), -1);
    EXPECT_LE(sample.image.max().item<float>(), 1);
  }
}

TEST_P(DatasetContract, KeepsToItsSize) {
  const PluginEntry& entry = plugins().at(PluginKind::dataset, GetParam()).entry;
  const auto dataset = entry.make_dataset(tiny_options(entry));
  EXPECT_THROW(dataset->sample(-1), Error);
  if (!dataset->size()) {
    EXPECT_NO_THROW(dataset->sample(int64_t{1} << 40)) << "infinite";
    return;
  }
  EXPECT_GT(*dataset->size(), 0);
  EXPECT_NO_THROW(dataset->sample(*dataset->size() - 1));
  EXPECT_THROW(dataset->sample(*dataset->size()), Error);
}

INSTANTIATE_TEST_SUITE_P(Every, DatasetContract, ::testing::ValuesIn(ids(PluginKind::dataset)), case_name);

class PromptSetContract : public ::testing::TestWithParam<std::string> {};

TEST_P(PromptSetContract, WritesTheSameRecordsAgain) {
  const PluginEntry& entry = plugins().at(PluginKind::prompt_set, GetParam()).entry;
  const auto records = entry.make_prompt_set(tiny_options(entry))->records();
  EXPECT_FALSE(records.empty());
  EXPECT_EQ(records, entry.make_prompt_set(tiny_options(entry))->records());
}

INSTANTIATE_TEST_SUITE_P(Every, PromptSetContract, ::testing::ValuesIn(ids(PluginKind::prompt_set)),
                         case_name);

class DetectorContract : public ::testing::TestWithParam<std::string> {};

TEST_P(DetectorContract, SeesTheSameAgain) {
  const PluginEntry& entry = plugins().at(PluginKind::detector, GetParam()).entry;
  const auto detector = entry.make_detector(tiny_options(entry));
  EXPECT_FALSE(detector->version().empty());
  if (!complete_dataset()) GTEST_SKIP() << "no dataset with pictures in this build";
  const Image image = image_from_tensor(complete_dataset()->sample(0).image);
  const auto objects = detector->detect(image);
  ASSERT_EQ(objects.size(), detector->detect(image).size());
  for (const Detection& object : objects) {
    EXPECT_FALSE(object.label.empty());
    EXPECT_TRUE(object.score >= 0 && object.score <= 1) << object.score;
    EXPECT_TRUE(0 <= object.x1 && object.x1 < object.x2 && object.x2 <= static_cast<float>(image.width));
    EXPECT_TRUE(0 <= object.y1 && object.y1 < object.y2 && object.y2 <= static_cast<float>(image.height));
    EXPECT_TRUE(object.mask.empty() || object.mask.size() == image.rgb.size() / 3);
    const auto scores = detector->color_scores(image, object, {"red", "green", "blue"});
    EXPECT_EQ(scores.size(), 3U);
    EXPECT_EQ(scores, detector->color_scores(image, object, {"red", "green", "blue"}));
  }
}

INSTANTIATE_TEST_SUITE_P(Every, DetectorContract, ::testing::ValuesIn(ids(PluginKind::detector)), case_name);

class EvaluatorContract : public ::testing::TestWithParam<std::string> {};

// Made from the first prompt set whose records this evaluator reads; null if there is none.
std::unique_ptr<Evaluator> fed_evaluator(const PluginEntry& entry) {
  for (const std::string& id : ids(PluginKind::prompt_set)) {
    const PluginEntry& prompts = plugins().at(PluginKind::prompt_set, id).entry;
    const EvaluatorInput input{.records = prompts.make_prompt_set(tiny_options(prompts))->records(),
                               .source = id};
    try {
      return entry.make_evaluator(tiny_options(entry), input);
    } catch (const InputError&) {
      continue;  // another benchmark's format
    }
  }
  return nullptr;
}

TEST_P(EvaluatorContract, RefusesRecordsThatItCannotRead) {
  const PluginEntry& entry = plugins().at(PluginKind::evaluator, GetParam()).entry;
  EXPECT_THROW(entry.make_evaluator(tiny_options(entry), {.records = {"{"}, .source = "broken"}), InputError);
}

TEST_P(EvaluatorContract, ScoresTheSameAgainFromStoredEvidence) {
  const PluginEntry& entry = plugins().at(PluginKind::evaluator, GetParam()).entry;
  const auto evaluator = fed_evaluator(entry);
  const auto detectors = ids(PluginKind::detector);
  if (!evaluator || detectors.empty() || !complete_dataset())
    GTEST_SKIP() << "no prompts, detector or pictures";
  const PluginEntry& seeing = plugins().at(PluginKind::detector, detectors[0]).entry;
  const auto detector = seeing.make_detector(tiny_options(seeing));
  const Image image = image_from_tensor(complete_dataset()->sample(0).image);
  EXPECT_FALSE(evaluator->version().empty());

  const auto items = evaluator->items();
  std::set<std::string> item_ids;
  std::vector<ScoredImage> scored;
  for (const EvaluationItem& item : items) {
    EXPECT_TRUE(item_ids.insert(item.id).second) << item.id << " twice";
    const std::string evidence = evaluator->collect(item, image, *detector);
    EXPECT_EQ(evidence, evaluator->collect(item, image, *detector));
    const ItemScore score = evaluator->score(item, evidence);
    EXPECT_EQ(score.value, evaluator->score(item, evidence).value);
    EXPECT_EQ(score.reason, evaluator->score(item, evidence).reason);
    scored.push_back({&item, 0, score.value});
  }
  const auto aggregates = evaluator->aggregate(scored);
  ASSERT_FALSE(aggregates.empty());
  EXPECT_EQ(aggregates.back().name, "overall");
}

INSTANTIATE_TEST_SUITE_P(Every, EvaluatorContract, ::testing::ValuesIn(ids(PluginKind::evaluator)),
                         case_name);

}  // namespace
}  // namespace umm::contract
