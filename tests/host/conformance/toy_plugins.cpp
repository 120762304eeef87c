#include "toy_plugins.h"

#include <ATen/ATen.h>

namespace umm::testing {

std::vector<LossTerm> ToyMethod::loss(Architecture& model, const std::map<std::string, Batch>& batches,
                                      Rng& rng) {
  const Batch& batch = batches.at("t2i");
  const Condition words{{text_segment(batch.captions)}};
  return {{"t2i", 1, require<GenerationObjective>(model).generation_loss(words, batch.images, rng)}};
}

Sample ToyDataset::sample(int64_t index) const {
  UMM_CHECK(index >= 0 && index < kSize, "sample ", index, " of ", kSize);
  Sample sample;
  sample.image = Rng(static_cast<uint64_t>(index)).uniform({3, 8, 8}) * 2 - 1;
  sample.caption = "picture " + std::to_string(index);
  sample.question = "which one is it?";
  sample.answer = std::to_string(index);
  return sample;
}

std::vector<Detection> ToyDetector::detect(const Image& image) {
  return {{.label = "corner",
           .score = 0.5,
           .x2 = static_cast<float>(image.width) / 2,
           .y2 = static_cast<float>(image.height) / 2}};
}

std::vector<double> ToyDetector::color_scores(const Image&, const Detection&,
                                              const std::vector<std::string>& colors) {
  std::vector<double> scores;
  for (const std::string& color : colors) scores.push_back(1.0 / static_cast<double>(color.size()));
  return scores;
}

std::vector<Answer> ToyAnswerer::answer(const Image&, const std::vector<std::string>& questions) {
  return std::vector<Answer>(questions.size(), Answer{.text = "no"});
}

JudgeReply ToyJudge::ask(const JudgeRequest&) {
  return {.text = "5"};
}

ToyEvaluator::ToyEvaluator(const EvaluatorInput& input) {
  for (const std::string& record : input.records) {
    UMM_CHECK_INPUT(record.starts_with("{") && record.ends_with("}"), input.source, ": `", record,
                    "` is no record");
    items_.push_back({std::to_string(items_.size()), "all", "a picture", record});
  }
}

std::string ToyEvaluator::collect(const EvaluationItem&, const PictureFile& picture,
                                  const EvidenceProviders& providers) const {
  return std::to_string(providers.detector->detect(picture.image).size());
}

ItemScore ToyEvaluator::score(const EvaluationItem&, const std::string& evidence) const {
  return {std::stod(evidence), ""};
}

std::vector<NamedScore> ToyEvaluator::aggregate(const std::vector<ScoredImage>& images) const {
  ScoreMean mean;
  for (const ScoredImage& image : images) mean.add(image.score);
  if (mean.empty()) return {};
  return {mean.named("all"), mean.named("overall")};
}

PluginEntry toy(PluginKind kind) {
  PluginEntry entry{.kind = kind, .id = detail::concat("toy_", to_text(kind)), .doc = "A toy."};
  switch (kind) {
    case PluginKind::architecture:
      makes<ToyArchitecture>(entry);
      entry.provides = capabilities(ToyArchitecture());
      break;
    case PluginKind::method:
      makes<ToyMethod>(entry);
      entry.needs = [](const Options&) { return std::vector<std::string>{GenerationObjective::kName}; };
      break;
    case PluginKind::dataset:
      makes<ToyDataset>(entry);
      break;
    case PluginKind::prompt_set:
      makes<ToyPromptSet>(entry);
      break;
    case PluginKind::detector:
      makes<ToyDetector>(entry);
      break;
    case PluginKind::answerer:
      makes<ToyAnswerer>(entry);
      break;
    case PluginKind::judge:
      makes<ToyJudge>(entry);
      break;
    case PluginKind::evaluator:
      makes<ToyEvaluator>(entry);
      entry.asks = {PluginKind::detector};
      break;
  }
  return entry;
}

}  // namespace umm::testing
