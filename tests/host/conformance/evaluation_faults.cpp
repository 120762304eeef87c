// Detectors and evaluators that are not what they promise.
#include <cmath>
#include <stdexcept>

#include "faults.h"

namespace umm::testing {
namespace {

// --- detectors

struct HasNoVersion : ToyDetector {
  std::string version() const override { return ""; }
};

// Gives the honest object away to be changed.
struct OtherObject : ToyDetector {
  virtual void change(Detection& object) = 0;
  std::vector<Detection> detect(const Image& image) override {
    auto objects = ToyDetector::detect(image);
    change(objects[0]);
    return objects;
  }
};

struct LooksOutside : OtherObject {
  void change(Detection& object) override { object.x2 += 1000; }
};

struct SeesAnEmptyBox : OtherObject {
  void change(Detection& object) override { object.y1 = object.y2; }
};

struct SeesNoNumber : OtherObject {
  void change(Detection& object) override { object.x1 = std::nanf(""); }
};

struct IsTooSure : OtherObject {
  void change(Detection& object) override { object.score = 2; }
};

struct NamesNothing : OtherObject {
  void change(Detection& object) override { object.label = ""; }
};

struct MasksOnePixel : OtherObject {
  void change(Detection& object) override { object.mask = {1}; }
};

struct LosesSight : ToyDetector {
  std::vector<Detection> detect(const Image& image) override {
    return ++looks % 2 == 1 ? ToyDetector::detect(image) : std::vector<Detection>{};
  }
  int looks = 0;
};

struct SeesOneColour : ToyDetector {
  std::vector<double> color_scores(const Image&, const Detection&, const std::vector<std::string>&) override {
    return {1};
  }
};

struct SeesOtherColours : ToyDetector {
  std::vector<double> color_scores(const Image&, const Detection&,
                                   const std::vector<std::string>& colors) override {
    return std::vector<double>(colors.size(), 1.0 / ++looks);
  }
  int looks = 0;
};

// --- answerers and judges

struct AnswersOnce : ToyAnswerer {
  std::vector<Answer> answer(const Image&, const std::vector<std::string>&) override { return {{"no"}}; }
};

struct ChangesItsMind : ToyAnswerer {
  std::vector<Answer> answer(const Image&, const std::vector<std::string>& questions) override {
    return std::vector<Answer>(questions.size(), Answer{.text = std::to_string(++asked)});
  }
  int asked = 0;
};

struct AnswersUnasked : ToyAnswerer {
  std::vector<Answer> answer(const Image& image, const std::vector<std::string>& questions) override {
    return questions.empty() ? std::vector<Answer>{{"yes"}} : ToyAnswerer::answer(image, questions);
  }
};

struct IsNobody : ToyJudge {
  using ToyJudge::ToyJudge;
  std::string version() const override { return ""; }
};

struct IsAlwaysNew : ToyJudge {
  explicit IsAlwaysNew(const JudgeConnection& connection) : ToyJudge(connection), number(++judges) {}
  std::string version() const override { return std::to_string(number); }
  int number;
  static inline int judges = 0;
};

struct TakesNoRequest : ToyJudge {
  using ToyJudge::ToyJudge;
  int64_t max_parallel() const override { return 0; }
};

struct FailsWithoutReason : ToyJudge {
  using ToyJudge::ToyJudge;
  JudgeReply ask(const JudgeRequest&) override { return {.status = ReplyStatus::failed}; }
};

// --- evaluators

struct TakesAnything : ToyEvaluator {
  explicit TakesAnything(const EvaluatorInput& input)
      : ToyEvaluator({.records = {"{}"}, .source = input.source}) {}
};

struct HasNoRules : ToyEvaluator {
  using ToyEvaluator::ToyEvaluator;
  std::string version() const override { return ""; }
};

// Gives the honest items away to be changed.
struct OtherItems : ToyEvaluator {
  using ToyEvaluator::ToyEvaluator;
  virtual void change(std::vector<EvaluationItem>& items) const = 0;
  std::vector<EvaluationItem> items() const override {
    auto items = ToyEvaluator::items();
    change(items);
    return items;
  }
};

struct AsksNothing : OtherItems {
  using OtherItems::OtherItems;
  void change(std::vector<EvaluationItem>& items) const override { items.clear(); }
};

struct AsksTwice : OtherItems {
  using OtherItems::OtherItems;
  void change(std::vector<EvaluationItem>& items) const override { items.push_back(items[0]); }
};

struct HasNoPrompt : OtherItems {
  using OtherItems::OtherItems;
  void change(std::vector<EvaluationItem>& items) const override { items[0].prompt = ""; }
};

struct NamesAPath : OtherItems {
  using OtherItems::OtherItems;
  void change(std::vector<EvaluationItem>& items) const override { items[0].id = "a/b"; }
};

struct GroupsOtherwise : OtherItems {
  explicit GroupsOtherwise(const EvaluatorInput& input) : OtherItems(input), number(++evaluators) {}
  void change(std::vector<EvaluationItem>& items) const override { items[0].tag = std::to_string(number); }
  int number;
  static inline int evaluators = 0;
};

struct NeedsRecords : ToyEvaluator {
  explicit NeedsRecords(const EvaluatorInput& input) : ToyEvaluator(input) {
    UMM_CHECK_INPUT(input.records.empty() == items().empty() && !items().empty(), "no records, no rules");
  }
};

// Looks for every picture of an item in one place, or beside the grid.
template <int64_t grid, int64_t cell>
struct LooksInOnePlace : ToyEvaluator {
  using ToyEvaluator::ToyEvaluator;
  OfficialPicture official_picture(const EvaluationItem& item, int64_t, int64_t) const override {
    return {item.id, grid, cell};
  }
};

struct SeesMoreEachTime : ToyEvaluator {
  using ToyEvaluator::ToyEvaluator;
  std::string collect(const EvaluationItem&, const PictureFile&, const EvidenceProviders&) const override {
    return std::to_string(++looks);
  }
  mutable int looks = 0;
};

struct IsInAMood : ToyEvaluator {
  using ToyEvaluator::ToyEvaluator;
  ItemScore score(const EvaluationItem&, const std::string&) const override {
    return {static_cast<double>(++scores % 2), ""};
  }
  mutable int scores = 0;
};

struct GivesOtherReasons : ToyEvaluator {
  using ToyEvaluator::ToyEvaluator;
  ItemScore score(const EvaluationItem&, const std::string&) const override {
    return {0, "reason " + std::to_string(++scores)};
  }
  mutable int scores = 0;
};

struct HidesTheHeadline : ToyEvaluator {
  using ToyEvaluator::ToyEvaluator;
  std::vector<NamedScore> aggregate(const std::vector<ScoredImage>& images) const override {
    auto scores = ToyEvaluator::aggregate(images);
    return {scores.rbegin(), scores.rend()};
  }
};

struct CountsMissingAsNothing : ToyEvaluator {
  using ToyEvaluator::ToyEvaluator;
  std::vector<NamedScore> aggregate(const std::vector<ScoredImage>& images) const override {
    ScoreMean mean;
    for (const ScoredImage& image : images) mean.add(ItemScore{image.score.value});
    return {mean.named("overall")};
  }
};

struct DividesByNothing : ToyEvaluator {
  using ToyEvaluator::ToyEvaluator;
  std::vector<NamedScore> aggregate(const std::vector<ScoredImage>& images) const override {
    ScoreMean mean;
    for (const ScoredImage& image : images) mean.add(image.score);
    return {mean.named("overall")};
  }
};

struct HasNoHeadline : ToyEvaluator {
  using ToyEvaluator::ToyEvaluator;
  std::vector<NamedScore> aggregate(const std::vector<ScoredImage>&) const override { return {}; }
};

}  // namespace

std::vector<Fault> detector_faults() {
  return {{"detections", "has_no_version", "version() is empty", makes<HasNoVersion>},
          {"detections", "looks_outside", "leaves the picture", makes<LooksOutside>},
          {"detections", "sees_an_empty_box", "a box that is empty", makes<SeesAnEmptyBox>},
          {"detections", "sees_no_number", "has a box", makes<SeesNoNumber>},
          {"detections", "is_too_sure", "has score 2", makes<IsTooSure>},
          {"detections", "names_nothing", "without a label", makes<NamesNothing>},
          {"detections", "masks_one_pixel", "has a mask of 1 pixels", makes<MasksOnePixel>},
          {"detections", "loses_sight", "when it looks again", makes<LosesSight>},
          {"detections", "sees_one_colour", "1 scores for 3 colours", makes<SeesOneColour>},
          {"detections", "sees_other_colours", "other scores when asked again", makes<SeesOtherColours>}};
}

std::vector<Fault> answerer_faults() {
  return {{"answers", "answers_once", "1 answers to 3 questions", makes<AnswersOnce>},
          {"answers", "changes_its_mind", "otherwise when asked again", makes<ChangesItsMind>},
          {"answers", "answers_unasked", "where nothing is asked", makes<AnswersUnasked>}};
}

std::vector<Fault> judge_faults() {
  return {{"replies", "is_nobody", "version() is empty", makes<IsNobody>},
          {"replies", "is_always_new", "other versions", makes<IsAlwaysNew>},
          {"replies", "takes_no_request", "max_parallel() is 0", makes<TakesNoRequest>},
          {"replies", "fails_without_reason", "its error is \"\"", makes<FailsWithoutReason>}};
}

std::vector<Fault> evaluator_faults() {
  return {{"instances", "nothing_at_once", "gave nothing when called for the 1. time",
           [](PluginEntry& entry) {
             entry.make_evaluator = [](const Options&, const EvaluatorInput&) { return nullptr; };
           }},
          {"records", "takes_anything", "no JSON must be refused", makes<TakesAnything>},
          {"items", "names_a_path", "cannot be a folder's", makes<NamesAPath>},
          {"items", "groups_otherwise", "it has other items", makes<GroupsOtherwise>},
          {"items", "needs_records", "no records, no rules", makes<NeedsRecords>},
          {"items", "piles_up", "two pictures in one place", makes<LooksInOnePlace<1, 0>>},
          {"items", "looks_beside_the_grid", "cell 4 of a grid of 2", makes<LooksInOnePlace<2, 4>>},
          {"scores", "has_no_rules", "version() is empty", makes<HasNoRules>},
          {"scores", "asks_nothing", "items() is empty", makes<AsksNothing>},
          {"scores", "asks_twice", "item `0` is there twice", makes<AsksTwice>},
          {"scores", "has_no_prompt", "item `0` has no prompt", makes<HasNoPrompt>},
          {"scores", "sees_more_each_time", "evidence of item `0` differs", makes<SeesMoreEachTime>},
          {"scores", "is_in_a_mood", "score of item `0` differs", makes<IsInAMood>},
          {"scores", "gives_other_reasons", "score of item `0` differs", makes<GivesOtherReasons>},
          {"entry", "asks_nobody", "`asks` belongs to evaluators",
           [](PluginEntry& entry) { entry.asks.clear(); }},
          {"entry", "asks_a_method", "it asks a method",
           [](PluginEntry& entry) { entry.asks = {PluginKind::method}; }},
          {"scores", "counts_missing_as_nothing", "1 is missing, and `overall` says 0",
           makes<CountsMissingAsNothing>},
          {"scores", "divides_by_nothing", "where every picture is missing", makes<DividesByNothing>},
          {"scores", "hides_the_headline", "must be `overall`", makes<HidesTheHeadline>},
          {"scores", "has_no_headline", "must be `overall`", makes<HasNoHeadline>}};
}

}  // namespace umm::testing
