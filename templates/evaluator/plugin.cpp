// MyBenchmark: the share of the objects asked for that a detector finds in the picture.
//   record    {"tag", "prompt", "include": [{"class", "count"}, ...]}; GenEval's further keys are not read
//   evidence  {"detections": [{"label", "score"}, ...]}, without a threshold, so that it can change later
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "umm/umm.h"

namespace {

using namespace umm;
using Json = nlohmann::json;
using Counts = std::map<std::string, int64_t>;  // objects of each class

struct Record {
  std::string tag, prompt;
  Counts asked;
};

Record record_of(const std::string& text, const std::string& where) {
  Record record;
  try {
    const Json json = Json::parse(text);
    record.tag = json.at("tag").get<std::string>();
    record.prompt = json.at("prompt").get<std::string>();
    for (const Json& clause : json.at("include")) {
      const auto count = clause.at("count").get<int64_t>();
      UMM_CHECK_INPUT(count > 0, where, ": expected \"count\" to be positive, found ", count);
      record.asked[clause.at("class").get<std::string>()] += count;
    }
  } catch (const Json::exception& error) {
    throw InputError(where + ": this is no record with tag, prompt and include: " + error.what());
  }
  UMM_CHECK_INPUT(!record.asked.empty(), where, ": expected \"include\" to ask for an object, found none");
  return record;
}

class MyBenchmark final : public Evaluator {
 public:
  MyBenchmark(const Options& options, const EvaluatorInput& input)
      : source_(input.source), threshold_(options.number("threshold")) {
    for (size_t i = 0; i < input.records.size(); ++i) {
      const Record record = record_of(input.records[i], source_ + ":" + std::to_string(i + 1));
      items_.push_back({std::to_string(i), record.tag, record.prompt, /*metadata=*/input.records[i]});
    }
  }

  std::string version() const override { return "1"; }

  // Stored evidence is scored without any record; whoever draws pictures needs some.
  std::vector<EvaluationItem> items() const override {
    UMM_CHECK_INPUT(!items_.empty(), source_, ": expected records, one JSON object each, found none");
    return items_;
  }

  std::string collect(const EvaluationItem&, const PictureFile& picture,
                      const EvidenceProviders& providers) const override {
    Json detections = Json::array();
    for (const Detection& object : providers.detector->detect(picture.image))
      detections.push_back({{"label", object.label}, {"score", object.score}});
    return Json{{"detections", detections}}.dump();
  }

  ItemScore score(const EvaluationItem& item, const std::string& evidence) const override {
    Counts seen = seen_in(evidence);
    int64_t asked = 0, found = 0;
    ItemScore result;
    for (const auto& [label, count] : record_of(item.metadata, "item " + item.id).asked) {
      asked += count;
      found += std::min(count, seen[label]);
      if (seen[label] >= count) continue;
      if (!result.reason.empty()) result.reason += "; ";
      result.reason +=
          "expected " + std::to_string(count) + " of " + label + ", found " + std::to_string(seen[label]);
    }
    result.value = static_cast<double>(found) / static_cast<double>(asked);
    return result;
  }

  // The mean of each tag, then of all pictures.
  std::vector<NamedScore> aggregate(const std::vector<ScoredImage>& images) const override {
    UMM_CHECK(!images.empty(), "expected scored pictures to aggregate, found none");
    std::map<std::string, ScoreMean> by_tag;
    ScoreMean overall;
    for (const ScoredImage& image : images) {
      by_tag[image.item->tag].add(image.score);
      overall.add(image.score);
    }
    std::vector<NamedScore> scores;
    for (const auto& [tag, mean] : by_tag)
      if (!mean.empty()) scores.push_back(mean.named(tag));
    if (!overall.empty()) scores.push_back(overall.named("overall"));
    return scores;
  }

 private:
  Counts seen_in(const std::string& evidence) const {
    Counts seen;
    try {
      const Json json = Json::parse(evidence);
      for (const Json& object : json.at("detections"))
        if (object.at("score").get<double>() > threshold_) ++seen[object.at("label").get<std::string>()];
    } catch (const Json::exception& error) {
      throw Error(std::string("this is no evidence of my_benchmark; collect it again: ") + error.what());
    }
    return seen;
  }

  std::string source_;
  double threshold_;
  std::vector<EvaluationItem> items_;
};

void register_plugins(Registry& registry) {
  registry.add({.kind = PluginKind::evaluator,
                .id = "my_benchmark",
                .doc = "The share of the objects asked for that are in the picture.",
                .options = OptionSchema().number("threshold", 0.3, {0, 1},
                                                 "score that a detection must exceed to count"),
                .asks = {PluginKind::detector},
                .make_evaluator = [](const Options& options, const EvaluatorInput& input) {
                  return std::make_unique<MyBenchmark>(options, input);
                }});
}

}  // namespace

UMM_PLUGIN(register_plugins)
