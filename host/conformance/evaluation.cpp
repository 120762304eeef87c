// What prompt sets, providers of evidence and evaluators promise.
#include <algorithm>
#include <cmath>
#include <deque>
#include <set>
#include <tuple>

#include "conformance/checks.h"
#include "conformance/expect.h"
#include "images/encode.h"

namespace umm::conformance {
namespace {

constexpr int64_t kSide = 32;  // pixels

const JudgeConnection kNoNetwork{.replay_only = true};

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

void answers_the_same_again(const Subject& subject) {
  const std::vector<std::string> questions = {"Is there a red circle?", "is it night", ""};
  const auto answerer = subject.entry().make_answerer(subject.options());
  UMM_CHECK(!answerer->version().empty(), "version() is empty");
  const Image image = picture(subject);
  const auto texts = [&] {
    std::vector<std::string> found;
    for (const Answer& answer : answerer->answer(image, questions)) found.push_back(answer.text);
    return found;
  };
  const auto first = texts();
  UMM_CHECK(first.size() == questions.size(), "answer() gives ", first.size(), " answers to ",
            questions.size(), " questions");
  UMM_CHECK(first == texts(), "it answers otherwise when asked again");
  UMM_CHECK(answerer->answer(image, {}).empty(), "it answers where nothing is asked");
}

// Without network and stored replies; one that needs them may refuse to reply, as a whole.
void says_who_judges(const Subject& subject) {
  const auto judge = subject.entry().make_judge(subject.options(), kNoNetwork);
  UMM_CHECK(!judge->version().empty(), "version() is empty");
  UMM_CHECK(judge->version() == subject.entry().make_judge(subject.options(), kNoNetwork)->version(),
            "two instances have other versions");
  UMM_CHECK(judge->max_parallel() >= 1, "max_parallel() is ", judge->max_parallel());
  try {
    const JudgeRequest request{.parts = {{.text = "How good is it, from 0 to 10?"}}};
    const JudgeReply reply = judge->ask(request);
    UMM_CHECK((reply.status == ReplyStatus::answered) == reply.error.empty(), "its reply is ",
              to_text(reply.status), ", and its error is \"", reply.error, "\"");
  } catch (const InputError&) {
    return;
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

bool replies(Judge& judge) {
  try {
    judge.ask({.parts = {{.text = "Are you there?"}}});
    return true;
  } catch (const InputError&) {
    return false;
  }
}

// Those whom the evaluator asks, lent by the first plugins of their kinds; of judges, by the first that
// replies without network.
class LentProviders {
 public:
  explicit LentProviders(const Subject& subject) {
    for (const PluginKind kind : subject.entry().asks) {
      const auto lenders = subject.lenders(kind);
      const bool found = std::any_of(lenders.begin(), lenders.end(), [&](const PluginEntry* lender) {
        const Options options = subject.options_of(*lender);
        if (lender->make_detector) detector_ = lender->make_detector(options);
        if (lender->make_answerer) answerer_ = lender->make_answerer(options);
        if (lender->make_judge) judge_ = lender->make_judge(options, kNoNetwork);
        return kind != PluginKind::judge || replies(*judge_);
      });
      if (!found) throw NotApplicable(std::string("no ") + to_text(kind) + " here that can be asked");
    }
  }

  EvidenceProviders providers() const { return {detector_.get(), answerer_.get(), judge_.get()}; }

 private:
  std::unique_ptr<ObjectDetector> detector_;
  std::unique_ptr<QuestionAnswerer> answerer_;
  std::unique_ptr<Judge> judge_;
};

// A missing picture is no picture of value 0: whoever makes means says how many they lack.
void expect_unscored_are_counted(const Evaluator& evaluator, std::vector<ScoredImage> scored) {
  const auto missing = [](ScoredImage& image) {
    image.score = {.reason = "no picture", .status = ScoreStatus::missing};
    image.evidence = nullptr;
  };
  missing(scored.front());
  const auto some = evaluator.aggregate(scored);
  if (!some.empty())
    UMM_CHECK(some.back().num_unscored == 1, "of ", scored.size(),
              " pictures 1 is missing, and `overall` says ", some.back().num_unscored);
  for (ScoredImage& image : scored) missing(image);
  for (const NamedScore& score : evaluator.aggregate(scored))
    UMM_CHECK(std::isfinite(score.value), "where every picture is missing, `", score.name, "` is ",
              score.value);
}

// Pictures of an item lie in a folder with its name, and where the benchmark's own scorer looks for them.
void expect_has_places(const Evaluator& evaluator, const EvaluationItem& item) {
  constexpr int64_t kImages = 4;
  const std::string what = "item `" + item.id + "`";
  UMM_CHECK(!item.id.empty() && item.id.find_first_of("/\\.") == std::string::npos, what,
            " has a name that cannot be a folder's");
  std::set<std::tuple<std::string, int64_t>> places;
  for (int64_t i = 0; i < kImages; ++i) {
    const OfficialPicture place = evaluator.official_picture(item, i, kImages);
    UMM_CHECK(
        !place.stem.empty() && place.grid >= 1 && place.cell >= 0 && place.cell < place.grid * place.grid,
        "official_picture() of ", what, " is cell ", place.cell, " of a grid of ", place.grid, " in \"",
        place.stem, "\"");
    UMM_CHECK(places.emplace(place.stem, place.cell).second, "official_picture() of ", what,
              " has two pictures in one place");
  }
}

// Stored evidence is scored again by an evaluator that is made from the stored items, or from none.
void is_made_again_from_its_items(const Subject& subject) {
  const auto evaluator = subject.fed_evaluator();
  EvaluatorInput stored{.source = "stored items"};
  const auto items = evaluator->items();
  for (const EvaluationItem& item : items) {
    expect_has_places(*evaluator, item);
    stored.records.push_back(item.metadata);
  }
  const auto again = subject.entry().make_evaluator(subject.options(), stored)->items();
  const auto same = [](const EvaluationItem& a, const EvaluationItem& b) {
    return a.id == b.id && a.tag == b.tag && a.prompt == b.prompt && a.metadata == b.metadata;
  };
  UMM_CHECK(std::equal(items.begin(), items.end(), again.begin(), again.end(), same),
            "made again from the metadata of its items it has other items");
  subject.entry().make_evaluator(subject.options(), {.source = "no items"});
}

void scores_the_same_again(const Subject& subject) {
  const auto evaluator = subject.fed_evaluator();
  const LentProviders lent(subject);
  PictureFile image{.path = "picture.png", .image = picture(subject)};
  const auto bytes = images::encode_png(image.image);
  image.bytes.assign(bytes.begin(), bytes.end());
  UMM_CHECK(!evaluator->version().empty(), "version() is empty");

  const auto items = evaluator->items();
  UMM_CHECK(!items.empty(), "items() is empty");
  std::set<std::string> ids;
  std::vector<ScoredImage> scored;
  std::deque<std::string> evidence_of;  // whose strings stay where they are
  for (const EvaluationItem& item : items) {
    const std::string what = "item `" + item.id + "`";
    UMM_CHECK(ids.insert(item.id).second, what, " is there twice");
    UMM_CHECK(!item.prompt.empty(), what, " has no prompt");
    const std::string evidence = evaluator->collect(item, image, lent.providers());
    UMM_CHECK(evidence == evaluator->collect(item, image, lent.providers()), "evidence of ", what,
              " differs between two times");
    const ItemScore score = evaluator->score(item, evidence), again = evaluator->score(item, evidence);
    UMM_CHECK(score.value == again.value && score.reason == again.reason && score.status == again.status,
              "score of ", what, " differs between two times");
    scored.push_back({&item, 0, score, &evidence_of.emplace_back(evidence)});
  }
  const auto aggregates = evaluator->aggregate(scored);
  UMM_CHECK(!aggregates.empty() && aggregates.back().name == "overall",
            "the last of aggregate()'s scores must be `overall`");
  expect_unscored_are_counted(*evaluator, std::move(scored));
}

}  // namespace

std::vector<Check> evaluation_checks(PluginKind kind) {
  if (kind == PluginKind::prompt_set)
    return {{"records", "two instances write the same records", writes_the_same_records}};
  if (kind == PluginKind::detector)
    return {{"detections", "it sees the same again, within the picture", sees_the_same_again}};
  if (kind == PluginKind::answerer)
    return {{"answers", "it answers the same again, each question once", answers_the_same_again}};
  if (kind == PluginKind::judge)
    return {{"replies", "it says who it is, and what its reply is", says_who_judges}};
  return {
      {"records", "it refuses records that it cannot read", refuses_what_it_cannot_read},
      {"items", "an evaluator that is made again from its items has the same", is_made_again_from_its_items},
      {"scores", "the same picture has the same evidence, and that the same score", scores_the_same_again}};
}

}  // namespace umm::conformance
