// ImgEdit-Bench: is an edit done as asked, naturally and without harm? One question to a judge for each edit.
// Ye et al., "ImgEdit: A Unified Image Editing Dataset and Benchmark", 2025, arXiv 2505.20275. References:
// README.md.
#include "items.h"
#include "judge_pictures.h"
#include "prompt_texts.h"
#include "prompts.h"
#include "rules.h"
#include "umm/umm.h"

namespace umm::imgedit {
namespace {

Rule rule_of(const Options& options) {
  Rule rule{.parser = options.text("parser") == "strict3" ? Parser::strict3 : Parser::reference,
            .combine = options.text("combine") == "min" ? Combine::min : Combine::mean,
            .enforces_cap = options.boolean("cap")};
  expect_possible(rule);
  UMM_CHECK_INPUT(
      rule.parser == Parser::reference || options.text("suite") == "basic",
      "suite = uge: expected the parser reference, found strict3, which wants three numbers; an edit of UGE "
      "has one");
  return rule;
}

std::vector<Item> read_input(const EvaluatorInput& input, Suite suite, bool published) {
  if (!input.text.empty()) {
    if (published) expect_published_items(input.text, suite, input.source);
    return read_items(input.text, suite, input.source);
  }
  std::vector<Item> items;
  for (const std::string& text : input.records)
    items.push_back(read_record(text, suite, detail::concat(input.source, ":", items.size() + 1)));
  if (published && !items.empty()) expect_published_items(items, suite, input.source);
  return items;
}

class ImgEdit : public Evaluator {
 public:
  ImgEdit(const Options& options, const EvaluatorInput& input)
      : source_(input.source),
        suite_(options.text("suite") == "uge" ? Suite::uge : Suite::basic),
        rule_(rule_of(options)),
        overall_(options.text("overall") == "micro" ? Overall::micro : Overall::macro9),
        pictures_(options.text("pictures")),
        declares_png_(options.text("declare") == "upstream"),
        prompts_(options.text("judge_prompts"), options.boolean("published"), own_prompts(suite_),
                 [&](const std::string& json, const std::string& where) {
                   return options.boolean("published") ? read_published_prompts(json, suite_, where)
                                                       : read_prompts(json, suite_, where);
                 }),
        rounds_(options.integer("rounds")) {
    for (const Item& item : read_input(input, suite_, options.boolean("published")))
      items_.push_back({.id = item.key,
                        .tag = item.type,
                        .prompt = item.instruction,
                        .metadata = record_of(item),
                        .source_picture = evaluators::path_in(pictures_, item.source)});
  }

  std::string version() const override { return "2"; }

  std::vector<EvaluationItem> items() const override {
    UMM_CHECK_INPUT(
        !items_.empty(), source_,
        ": expected ImgEdit-Bench's edits, the published JSON object, or one JSON object per line, "
        "found none");
    return items_;
  }

  // Both pictures as their files have them, in whatever sizes.
  std::string collect(const EvaluationItem& item, const PictureFile& picture,
                      const EvidenceProviders& providers) const override {
    const PictureFile source{.path = item.source_picture, .bytes = evaluators::read_source(item, pictures_)};
    return evidence_text(
        evaluators::ask(*providers.judge,
                        {{evaluators::kSingleRole,
                          {.parts = {{.text = filled(prompt_for(prompts_.get(), item.tag), item.prompt)},
                                     sent(source),
                                     sent(picture)}}}},
                        rounds_, [&](const auto& evidence) {
                          return imgedit::score(evidence, rule_, item.tag).status == ScoreStatus::scored;
                        }));
  }

  ItemScore score(const EvaluationItem& item, const std::string& evidence) const override {
    return imgedit::score(evaluators::parse_judge_evidence(evidence, {evaluators::kSingleRole}), rule_,
                          item.tag);
  }

  std::vector<NamedScore> aggregate(const std::vector<ScoredImage>& images) const override {
    return imgedit::aggregate(images, overall_);
  }

 private:
  JudgePart sent(const PictureFile& picture) const {
    JudgePart part = evaluators::as_file(picture);
    if (declares_png_) part.media_type = "image/png";
    return part;
  }

  std::string source_;
  Suite suite_;
  Rule rule_;
  Overall overall_;
  std::string pictures_;
  bool declares_png_;
  evaluators::ChosenPrompts<Prompts> prompts_;
  int64_t rounds_;
  std::vector<EvaluationItem> items_;
};

OptionSchema options() {
  return OptionSchema()
      .choice("suite", "basic", {"basic", "uge"}, "737 edits of nine types, or the 47 hard ones")
      .choice("parser", "reference", {"reference", "strict3"},
              "of replies: any numbers, or exactly three from 1 to 5")
      .choice("combine", "mean", {"mean", "min"}, "of a reply's numbers; published: mean")
      .boolean("cap", false, "lower the second and third number to the first; with strict3")
      .choice("overall", "macro9", {"macro9", "micro"},
              "mean of the means of types, or of all edits as BAGEL's and RecA's code; UGE is micro")
      .path("pictures", "", "folder that holds the edits' source pictures")
      .path("judge_prompts", "", "file {type: text}; without it our own wording is used")
      .boolean("published", false, "demand that edits and judge's prompts are upstream's, by their SHA-256")
      .choice("declare", "upstream", {"upstream", "true"},
              "media type of pictures: image/png whatever they are, or what they are")
      .integer("rounds", 1, {1, 100},
               "how often the question is asked while the reply is no use; published: 1");
}

void register_plugins(Registry& registry) {
  registry.add({.kind = PluginKind::evaluator,
                .id = "imgedit",
                .doc = "ImgEdit-Bench: is an edit done as asked, naturally and without harm?",
                .options = options(),
                .asks = {PluginKind::judge},
                .make_evaluator = [](const Options& values, const EvaluatorInput& input) {
                  return std::make_unique<ImgEdit>(values, input);
                }});
}

}  // namespace
}  // namespace umm::imgedit

UMM_PLUGIN(umm::imgedit::register_plugins)
