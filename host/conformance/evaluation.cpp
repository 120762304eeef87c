// What prompt sets, detectors and evaluators promise.
#include <set>

#include "conformance/checks.h"
#include "conformance/expect.h"

namespace umm::conformance {
namespace {

constexpr int64_t kSide = 32;  // pixels

Image picture(const Subject& subject) {
  return image_from_tensor(subject.batch(kSide).images[0]);
}

void writes_the_same_records(const Subject& subject) {
  const auto records = subject.entry().make_prompt_set(subject.options())->records();
  UMM_CHECK(!records.empty(), "records() is empty");
  UMM_CHECK(records == subject.entry().make_prompt_set(subject.options())->records(),
            "two instances write other records");
}

void sees_the_same_again(const Subject& subject) {
  const std::vector<std::string> colors = {"red", "green", "blue"};
  const auto detector = subject.entry().make_detector(subject.options());
  UMM_CHECK(!detector->version().empty(), "version() is empty");
  const Image image = picture(subject);
  const auto objects = detector->detect(image);
  UMM_CHECK(objects.size() == detector->detect(image).size(), "it finds other objects when it looks again");
  for (const Detection& object : objects) {
    const std::string what = "the object `" + object.label + "`";
    UMM_CHECK(!object.label.empty(), "it finds an object without a label");
    UMM_CHECK(object.score >= 0 && object.score <= 1, what, " has score ", object.score, ", not in [0, 1]");
    UMM_CHECK(0 <= object.x1 && object.x1 < object.x2 && object.x2 <= static_cast<float>(image.width) &&
                  0 <= object.y1 && object.y1 < object.y2 && object.y2 <= static_cast<float>(image.height),
              what, " has a box that is empty or leaves the picture");
    UMM_CHECK(object.mask.empty() || object.mask.size() == image.rgb.size() / 3, what, " has a mask of ",
              object.mask.size(), " pixels; the picture has ", image.rgb.size() / 3);
    const auto scores = detector->color_scores(image, object, colors);
    UMM_CHECK(scores.size() == colors.size(), "color_scores() gives ", scores.size(), " scores for ",
              colors.size(), " colours");
    UMM_CHECK(scores == detector->color_scores(image, object, colors),
              "color_scores() gives other scores when asked again");
  }
}

void refuses_what_it_cannot_read(const Subject& subject) {
  try {
    subject.entry().make_evaluator(subject.options(), {.records = {"{"}, .source = "broken.jsonl"});
  } catch (const InputError&) {
    return;
  }
  throw Error("a record that is no JSON must be refused with umm::InputError; it was taken");
}

void scores_the_same_again(const Subject& subject) {
  const auto evaluator = subject.fed_evaluator();
  const auto lenders = subject.lenders(PluginKind::detector);
  if (lenders.empty()) throw NotApplicable("no detector here");
  const auto detector = lenders[0]->make_detector(subject.options_of(*lenders[0]));
  const Image image = picture(subject);
  UMM_CHECK(!evaluator->version().empty(), "version() is empty");

  const auto items = evaluator->items();
  UMM_CHECK(!items.empty(), "items() is empty");
  std::set<std::string> ids;
  std::vector<ScoredImage> scored;
  for (const EvaluationItem& item : items) {
    const std::string what = "item `" + item.id + "`";
    UMM_CHECK(ids.insert(item.id).second, what, " is there twice");
    UMM_CHECK(!item.prompt.empty(), what, " has no prompt");
    const std::string evidence = evaluator->collect(item, image, *detector);
    UMM_CHECK(evidence == evaluator->collect(item, image, *detector), "evidence of ", what,
              " differs between two times");
    const ItemScore score = evaluator->score(item, evidence), again = evaluator->score(item, evidence);
    UMM_CHECK(score.value == again.value && score.reason == again.reason, "score of ", what,
              " differs between two times");
    scored.push_back({&item, 0, score.value});
  }
  const auto aggregates = evaluator->aggregate(scored);
  UMM_CHECK(!aggregates.empty() && aggregates.back().name == "overall",
            "the last of aggregate()'s scores must be `overall`");
}

}  // namespace

std::vector<Check> evaluation_checks(PluginKind kind) {
  if (kind == PluginKind::prompt_set)
    return {{"records", "two instances write the same records", writes_the_same_records}};
  if (kind == PluginKind::detector)
    return {{"detections", "it sees the same again, within the picture", sees_the_same_again}};
  return {
      {"records", "it refuses records that it cannot read", refuses_what_it_cannot_read},
      {"scores", "the same picture has the same evidence, and that the same score", scores_the_same_again}};
}

}  // namespace umm::conformance
