// GenEval: does the picture show the objects, numbers, colours and positions that its prompt names?
// Ghosh et al., "GenEval: An Object-Focused Framework for Evaluating Text-to-Image Alignment", NeurIPS 2023,
// arXiv 2310.11513; reference github.com/djghosh13/geneval at revision af4902f.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "published_results.h"
#include "record.h"
#include "rules.h"
#include "umm/umm.h"

namespace umm::geneval {
namespace {

// Order of the published tables; other tags follow in order of appearance.
constexpr std::array<const char*, 6> kTags = {"single_object", "two_object", "counting",
                                              "colors",        "position",   "color_attr"};

std::optional<Published> published_of(const Options& options) {
  if (options.text("published") == "plain") return Published::plain;
  if (options.text("published") == "rewritten") return Published::rewritten;
  return std::nullopt;
}

// A mean of one score, the best so far.
void keep_best(ScoreMean& best, const ItemScore& score) {
  best.add(score);
  if (best.weight == 2) best.sum = std::max(best.sum - score.value, score.value), best.weight = 1;
}

class GenEval : public Evaluator {
 public:
  GenEval(const Options& options, const EvaluatorInput& input)
      : source_(input.source), published_(published_of(options)) {
    thresholds_ = {.score = static_cast<float>(options.number("threshold")),
                   .counting_score = static_cast<float>(options.number("counting_threshold")),
                   .max_objects = static_cast<size_t>(options.integer("max_objects")),
                   .max_overlap = static_cast<float>(options.number("max_overlap")),
                   .position = static_cast<float>(options.number("position_threshold"))};
    for (size_t line = 0; line < input.records.size(); ++line) {
      const std::string& text = input.records[line];
      const Record record = parse_record(text, detail::concat(source_, ":", line + 1));
      items_.push_back(
          {.id = id_of_line(line), .tag = record.tag, .prompt = record.prompt, .metadata = text});
    }
    if (published_ && !input.records.empty()) expect_published(input.records, *published_, source_);
  }

  std::string version() const override { return "1"; }

  std::vector<EvaluationItem> items() const override {
    UMM_CHECK_INPUT(!items_.empty(), source_,
                    ": expected GenEval records, one JSON object per line, found none");
    return items_;
  }

  // Everything the detector saw, so that every threshold can change later.
  std::string collect(const EvaluationItem& item, const PictureFile& picture,
                      const EvidenceProviders& providers) const override {
    ObjectDetector& detector = *providers.detector;
    static const std::vector<std::string> colors(kColors.begin(), kColors.end());
    std::set<std::string> colored;
    for (const Clause& clause : parse_record(item.metadata, "item " + item.id).include) {
      if (clause.color) colored.insert(clause.label);
    }
    std::vector<Evidence> evidence;
    for (const Detection& object : detector.detect(picture.image)) {
      UMM_CHECK(std::isfinite(object.score), "the detector scores a ", object.label, " ", object.score);
      Evidence& seen = evidence.emplace_back();
      seen.label = object.label;
      seen.score = static_cast<float>(object.score);
      seen.box = {object.x1, object.y1, object.x2, object.y2};
      if (!colored.contains(object.label)) continue;
      seen.color_scores = detector.color_scores(picture.image, object, colors);
      UMM_CHECK(seen.color_scores.size() == colors.size(), "expected ", colors.size(),
                " colour scores from the detector, found ", seen.color_scores.size());
    }
    return evidence_text(evidence);
  }

  ItemScore score(const EvaluationItem& item, const std::string& evidence) const override {
    const Record record = parse_record(item.metadata, "item " + item.id);
    const std::vector<Evidence> seen = parse_evidence(evidence);
    const auto published = published_verdict(evidence);
    const Verdict verdict =
        published ? judge(record, seen, *published, thresholds_) : judge(record, seen, thresholds_);
    ItemScore result{.value = verdict.correct ? 1.0 : 0.0, .reason = ""};
    for (const std::string& reason : verdict.reasons) {
      result.reason += (result.reason.empty() ? "" : "; ") + reason;
    }
    return result;
  }

  OfficialPicture official_picture(const EvaluationItem& item, int64_t image_index, int64_t) const override {
    return {.stem = item.id + "/samples/" + id_of_line(static_cast<size_t>(image_index))};
  }

  std::vector<EvidenceLog> read_log(const std::string& text, const std::string& where) const override {
    return {read_results(text, where, thresholds_, published_)};
  }

  // Means per tag, then three readings of the whole. Tags weigh alike in "overall", whatever their sizes.
  std::vector<NamedScore> aggregate(const std::vector<ScoredImage>& images) const override {
    UMM_CHECK(!images.empty(), "expected scored pictures to aggregate, found none");
    std::vector<std::string> tags(kTags.begin(), kTags.end());
    std::map<std::string, ScoreMean> by_tag;
    std::map<std::string, ScoreMean> best_of_item;
    ScoreMean all;
    for (const ScoredImage& image : images) {
      const std::string& tag = image.item->tag;
      if (std::find(tags.begin(), tags.end(), tag) == tags.end()) tags.push_back(tag);
      by_tag[tag].add(image.score);
      keep_best(best_of_item[image.item->id], image.score);
      all.add(image.score);
    }
    std::vector<NamedScore> scores;
    ScoreMean overall;
    for (const std::string& tag : tags) {
      const ScoreMean& mean = by_tag[tag];
      if (!mean.empty()) scores.push_back(mean.named(tag));
      overall.add(mean);
    }
    if (overall.empty()) return {};
    ScoreMean any_correct;
    for (const auto& [id, best] : best_of_item) any_correct.add(best);
    scores.push_back(all.named("images_correct"));
    scores.push_back(any_correct.named("prompts_any_correct"));
    scores.push_back(overall.named("overall"));
    return scores;
  }

 private:
  std::string source_;
  std::optional<Published> published_;
  Thresholds thresholds_;
  std::vector<EvaluationItem> items_;
};

OptionSchema options() {
  return OptionSchema()
      .number("threshold", 0.3, {0, 1}, "score that a detection must exceed to count")
      .number("counting_threshold", 0.9, {0, 1}, "the same for prompts with the tag counting")
      .integer("max_objects", 16, {1, 1000}, "detections kept per class, best first")
      .number("max_overlap", 1.0, {0, 1}, "IoU from which the lesser of two boxes is dropped; 1 keeps all")
      .number("position_threshold", 0.1, {0, 1},
              "share of the two boxes' summed sizes that an offset must exceed to be a relation")
      .choice("published", "no", {"no", "plain", "rewritten"},
              "demand that the prompts are the authors', or those that RecA rewrote, by their SHA-256");
}

void register_plugins(Registry& registry) {
  registry.add({.kind = PluginKind::evaluator,
                .id = "geneval",
                .doc = "GenEval: are the objects, counts, colours and positions of a prompt in its picture?",
                .options = options(),
                .asks = {PluginKind::detector},
                .make_evaluator = [](const Options& values, const EvaluatorInput& input) {
                  return std::make_unique<GenEval>(values, input);
                }});
}

}  // namespace
}  // namespace umm::geneval

UMM_PLUGIN(umm::geneval::register_plugins)
