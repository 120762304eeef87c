// DPG-Bench: does the picture show what each part of a long prompt says?
// Hu et al., "ELLA: Equip Diffusion Models with LLM for Enhanced Semantic Alignment", arXiv 2403.05135;
// reference github.com/TencentQQGYLab/ELLA, dpg_bench, at revision 3c228f1.
#include <algorithm>

#include "evidence.h"
#include "images/encode.h"
#include "images/picture_file.h"
#include "judge_pictures.h"
#include "prompts.h"
#include "rules.h"
#include "summary.h"
#include "umm/umm.h"

namespace umm::dpg {
namespace {

// As RecA and BAGEL keep pictures. One that is a JPEG file already is not encoded twice.
Image as_jpeg(const PictureFile& picture) {
  if (!picture.bytes.empty() && evaluators::media_type(picture.bytes, picture.path) == "image/jpeg")
    return picture.image;
  return images::decode_picture(images::encode_jpeg(picture.image, 75), picture.path);
}

// Part of the benchmark that a prompt is from: "partiprompts" of "partiprompts97".
std::string family_of(const std::string& id) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const std::string letters(id.begin(), std::find_if_not(id.begin(), id.end(), is_letter));
  return letters.empty() ? "numbered" : letters;
}

class Dpg : public Evaluator {
 public:
  Dpg(const Options& options, const EvaluatorInput& input)
      : source_(input.source),
        variant_(options.text("variant") == "reference" ? Variant::reference : Variant::fixed),
        layout_(options.text("layout") == "single" ? Layout::single : Layout::grid),
        as_jpeg_(options.boolean("jpeg")) {
    const QuestionSource questions{.variant = variant_,
                                   .draw_only = options.boolean("draw_only"),
                                   .file = options.text("questions"),
                                   .published = options.boolean("published")};
    for (const Item& item : read_items(input, questions))
      items_.push_back({.id = item.id,
                        .tag = family_of(item.id),
                        .prompt = item.prompt,
                        .metadata = json_line(item),
                        .draw_only = item.questions.empty()});
  }

  std::string version() const override { return "3"; }

  std::vector<EvaluationItem> items() const override {
    UMM_CHECK_INPUT(!items_.empty(), source_, ": expected DPG-Bench's prompts with questions, found none");
    return items_;
  }

  std::string collect(const EvaluationItem& item, const PictureFile& picture,
                      const EvidenceProviders& providers) const override {
    UMM_CHECK_INPUT(!item.draw_only, source_,
                    ": has prompts without questions, which draw_only = true lets pass: name a file of "
                    "questions with the option `questions`");
    const Item asked = parsed(item);
    std::vector<std::string> questions;
    for (const Question& question : asked.questions) questions.push_back(question.text);
    return evidence_text(asked,
                         providers.answerer->answer(as_jpeg_ ? as_jpeg(picture) : picture.image, questions));
  }

  ItemScore score(const EvaluationItem& item, const std::string& evidence) const override {
    const Item asked = parsed(item);
    const YesAnswers yes = yes_answers(asked, evidence);
    const auto counts = counted_answers(asked, yes, variant_);
    if (!counts)
      return {.reason = "as published: a question depends on the one that is lost",
              .status = ScoreStatus::unparsable};  // for good: nobody is to be asked again
    ItemScore result{.value = picture_score(asked, yes, variant_).value()};
    for (size_t index = first_question(asked, variant_); index < yes.size(); ++index) {
      if (!yes[index]) result.reason += (result.reason.empty() ? "no: " : "; ") + asked.questions[index].text;
    }
    return result;
  }

  OfficialPicture official_picture(const EvaluationItem& item, int64_t image_index,
                                   int64_t images_per_prompt) const override {
    if (layout_ == Layout::single) return {.stem = item.id + "_" + std::to_string(image_index)};
    constexpr int64_t kCells = 4;
    UMM_CHECK_INPUT(images_per_prompt == 1 || images_per_prompt == kCells, "DPG-Bench's layout `grid` holds ",
                    kCells, " pictures of each prompt, or 1 without a grid; images_per_prompt is ",
                    images_per_prompt, ": the layout `single` takes any number");
    if (images_per_prompt == 1) return {.stem = item.id};
    return {.stem = item.id, .grid = 2, .cell = image_index};
  }

  std::vector<NamedScore> aggregate(const std::vector<ScoredImage>& images) const override {
    UMM_CHECK(!images.empty(), "expected scored pictures to aggregate, found none");
    std::map<const EvaluationItem*, Item> items;
    for (const ScoredImage& image : images)
      if (!items.contains(image.item)) items.emplace(image.item, parsed(*image.item));
    return summarize(images, items, variant_, layout_);
  }

 private:
  Item parsed(const EvaluationItem& item) const {
    return read_json_lines(item.metadata, "item " + item.id, variant_).at(0);
  }

  std::string source_;
  Variant variant_;
  Layout layout_;
  bool as_jpeg_;
  std::vector<EvaluationItem> items_;
};

OptionSchema options() {
  return OptionSchema()
      .choice("variant", "fixed", {"fixed", "reference"},
              "rules without the published code's defects, or as published")
      .choice("layout", "grid", {"grid", "single"},
              "picture files: <id>.png with 2 x 2 pictures, or <id>_<n>.png with one each; or .jpg, .webp")
      .boolean("jpeg", false, "encode pictures as JPEG, quality 75, before they are asked about")
      .boolean("draw_only", false, "take prompts without questions: pictures can be drawn, not scored")
      .path("questions", "", "table of questions, .csv or JSON lines, where the prompts come without")
      .boolean("published", false,
               "whether only the published table of questions will do, and the published prompts");
}

void register_plugins(Registry& registry) {
  registry.add({.kind = PluginKind::evaluator,
                .id = "dpg",
                .doc = "DPG-Bench: does the picture show what each part of a long prompt says?",
                .options = options(),
                .asks = {PluginKind::answerer},
                .make_evaluator = [](const Options& values, const EvaluatorInput& input) {
                  return std::make_unique<Dpg>(values, input);
                }});
}

}  // namespace
}  // namespace umm::dpg

UMM_PLUGIN(umm::dpg::register_plugins)
