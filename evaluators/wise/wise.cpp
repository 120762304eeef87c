// WISE: does a picture show what a sentence means, where knowing the world is needed? One question to a judge
// for each picture. Niu et al., "WISE: A World Knowledge-Informed Semantic Evaluation for Text-to-Image
// Generation", 2025, arXiv 2503.07265. References: README.md.
#include "aggregate.h"
#include "judge_pictures.h"
#include "prompt_texts.h"
#include "prompts.h"
#include "record.h"
#include "rules.h"
#include "umm/umm.h"

namespace umm::wise {
namespace {

std::vector<Record> read_items(const EvaluatorInput& input, Generation generation, bool published) {
  std::vector<Record> records;
  if (!input.text.empty()) records = parse_records(input.text, generation, input.source);
  for (const std::string& text : input.records)
    records.push_back(parse_record(text, generation, detail::concat(input.source, ":", records.size() + 1)));
  if (published && !records.empty()) expect_published(records, generation, input.source);
  return records;
}

class Wise : public Evaluator {
 public:
  Wise(const Options& options, const EvaluatorInput& input)
      : source_(input.source),
        generation_(options.text("generation") == "legacy" ? Generation::legacy : Generation::verified),
        dialect_(options.text("dialect") == "reca" ? Dialect::reca : Dialect::upstream),
        overall_(options.text("overall") == "plain6" ? Overall::plain_six
                 : generation_ == Generation::legacy ? Overall::legacy_weighted
                                                     : Overall::verified_weighted),
        prompts_(options.text("judge_prompts"), options.boolean("published"), own_prompts(generation_),
                 [&](const std::string& json, const std::string& where) {
                   return options.boolean("published") ? read_published_prompts(json, generation_, where)
                                                       : read_prompts(json, where);
                 }),
        rounds_(options.integer("rounds")) {
    for (Record& record : read_items(input, generation_, options.boolean("published")))
      items_.push_back({.id = std::to_string(record.prompt_id),
                        .tag = kCategories[static_cast<size_t>(record.category)],
                        .prompt = std::move(record.prompt),
                        .metadata = std::move(record.text)});
  }

  std::string version() const override { return "2"; }

  std::vector<EvaluationItem> items() const override {
    UMM_CHECK_INPUT(!items_.empty(), source_,
                    ": expected WISE's items, a JSON array, or one JSON object per line, found none");
    return items_;
  }

  std::string collect(const EvaluationItem& item, const PictureFile& picture,
                      const EvidenceProviders& providers) const override {
    const Record record = parse_record(item.metadata, generation_, "item " + item.id);
    const JudgePrompts& prompts = prompts_.get();
    return evidence_text(
        evaluators::ask(*providers.judge,
                        {{evaluators::kSingleRole,
                          {.system = prompts.system,
                           .parts = {{.text = user_prompt(prompts, record)}, evaluators::as_file(picture)}}}},
                        rounds_, [this](const auto& evidence) {
                          return wise::score(evidence, generation_, dialect_).status == ScoreStatus::scored;
                        }));
  }

  ItemScore score(const EvaluationItem&, const std::string& evidence) const override {
    return wise::score(evaluators::parse_judge_evidence(evidence, {evaluators::kSingleRole}), generation_,
                       dialect_);
  }

  std::vector<NamedScore> aggregate(const std::vector<ScoredImage>& images) const override {
    return wise::aggregate(images, overall_);
  }

 private:
  std::string source_;
  Generation generation_;
  Dialect dialect_;
  Overall overall_;
  evaluators::ChosenPrompts<JudgePrompts> prompts_;
  int64_t rounds_;
  std::vector<EvaluationItem> items_;
};

OptionSchema options() {
  return OptionSchema()
      .choice("generation", "legacy", {"legacy", "verified"}, "of the benchmark; their scores do not compare")
      .choice("dialect", "upstream", {"upstream", "reca"}, "whose parser reads replies about the legacy set")
      .choice("overall", "weighted", {"weighted", "plain6"},
              "the generation's weights, or the plain mean of six that BAGEL's and RecA's scripts print")
      .path("judge_prompts", "",
            "file {\"system\": text, \"user\": text}; without it our own wording is used")
      .boolean("published", false, "demand that items and judge's prompts are upstream's, by their SHA-256")
      .integer("rounds", 3, {1, 100}, "how often the question is asked while the reply is no use");
}

void register_plugins(Registry& registry) {
  registry.add({.kind = PluginKind::evaluator,
                .id = "wise",
                .doc = "WISE: does a picture show what a sentence means that takes knowledge to understand?",
                .options = options(),
                .asks = {PluginKind::judge},
                .make_evaluator = [](const Options& values, const EvaluatorInput& input) {
                  return std::make_unique<Wise>(values, input);
                }});
}

}  // namespace
}  // namespace umm::wise

UMM_PLUGIN(umm::wise::register_plugins)
