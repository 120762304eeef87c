// GEdit-Bench: was a picture edited as told, and does it look right? Two questions to a judge for each
// picture. Liu et al., "Step1X-Edit: A Practical Framework for General Image Editing", 2025, arXiv
// 2504.17761; the questions are VIEScore's, Ku et al., ACL 2024, arXiv 2312.14867. References: README.md.
#include <filesystem>

#include "images/picture_file.h"
#include "images/resize.h"
#include "judge_pictures.h"
#include "prompt_texts.h"
#include "prompts.h"
#include "published_judgements.h"
#include "record.h"
#include "rules.h"
#include "umm/umm.h"

namespace umm::gedit {
namespace {

class GEdit : public Evaluator {
 public:
  GEdit(const Options& options, const EvaluatorInput& input)
      : source_(input.source),
        pictures_(options.text("pictures")),
        prompts_(options.text("judge_prompts"), options.boolean("published"), own_prompts(),
                 options.boolean("published") ? read_published_prompts : read_prompts),
        encode_(options.text("picture_format") == "png" ? evaluators::as_png : evaluators::as_jpeg),
        rounds_(options.integer("rounds")) {
    UMM_CHECK_INPUT(input.text.empty(), source_,
                    ": expected GEdit-Bench's items in a file .jsonl, one JSON object per line");
    const bool intersection = options.text("subset") == "intersection";
    for (size_t line = 0; line < input.records.size(); ++line) {
      const std::string& text = input.records[line];
      const Record record = parse_record(text, detail::concat(source_, ":", line + 1));
      const bool asked = record.group == kPublishedGroup || (record.language == options.text("language") &&
                                                             (record.in_intersection || !intersection));
      if (!asked) continue;
      items_.push_back({.id = record.key,
                        .tag = record.group,
                        .prompt = record.instruction,
                        .metadata = text,
                        .source_picture = evaluators::path_in(pictures_, record.input_image)});
    }
  }

  std::string version() const override { return "2"; }

  std::vector<EvaluationItem> items() const override {
    UMM_CHECK_INPUT(!items_.empty(), source_,
                    ": expected GEdit-Bench's items of the chosen language and subset, one JSON object per "
                    "line, found none");
    return items_;
  }

  // As the reference sends them: the edited picture in the source's size, both encoded anew.
  std::string collect(const EvaluationItem& item, const PictureFile& picture,
                      const EvidenceProviders& providers) const override {
    const Image source = source_of(item, picture);
    const JudgePart edited =
        encode_(images::resized(picture.image, source.width, source.height, images::Filter::bicubic));
    return evidence_text(evaluators::ask(
        *providers.judge,
        {{kRoles[0], {.parts = {{.text = sc_prompt(prompts_.get(), item.prompt)}, encode_(source), edited}}},
         {kRoles[1], {.parts = {{.text = prompts_.get().perceptual_quality}, edited}}}},
        rounds_, [](const auto& evidence) { return gedit::score(evidence).status == ScoreStatus::scored; }));
  }

  ItemScore score(const EvaluationItem&, const std::string& evidence) const override {
    return gedit::score(evaluators::parse_judge_evidence(evidence, kRoles));
  }

  OfficialPicture official_picture(const EvaluationItem& item, int64_t image_index,
                                   int64_t images_per_prompt) const override {
    const Record record = parse_record(item.metadata, "item " + item.id);
    const std::string name = Evaluator::official_picture(item, image_index, images_per_prompt).stem;
    return {.stem = "fullset/" + record.group + "/" + record.language + "/" + name};
  }

  std::vector<EvidenceLog> read_log(const std::string& text, const std::string& where) const override {
    return read_judgements(text, where);
  }

  std::vector<HumanRating> read_ratings(const std::string& text, const std::string& where) const override {
    return read_rating_table(text, where);
  }

  std::vector<NamedScore> aggregate(const std::vector<ScoredImage>& images) const override {
    return gedit::aggregate(images);
  }

 private:
  // In the folder of all source pictures; without one beside the edited picture, where generators of the
  // published layout put it: under the item's name, else under that of the picture.
  Image source_of(const EvaluationItem& item, const PictureFile& picture) const {
    if (!pictures_.empty()) return decoded(evaluators::read_source(item, pictures_), item.source_picture);
    const std::filesystem::path edited(picture.path);
    const auto beside = [&](const std::string& name) {
      return (edited.parent_path() / (name + "_SRCIMG.png")).string();
    };
    for (const std::string& file : {beside(item.id), beside(edited.stem().string())})
      if (const auto bytes = evaluators::text_if_there(file)) return decoded(*bytes, file);
    throw InputError(
        beside(item.id) + ": expected the picture that item " + item.id +
        " edits, found no file that can be read; else name with the option `pictures` the folder "
        "that holds " +
        item.source_picture);
  }

  static Image decoded(const std::string& bytes, const std::string& file) {
    return images::decode_picture({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()}, file,
                                  {.upright = true});
  }

  std::string source_;
  std::string pictures_;
  evaluators::ChosenPrompts<JudgePrompts> prompts_;
  JudgePart (*encode_)(const Image&);
  int64_t rounds_;
  std::vector<EvaluationItem> items_;
};

OptionSchema options() {
  return OptionSchema()
      .choice("language", "en", {"en", "cn"}, "of the instructions")
      .choice("subset", "full", {"full", "intersection"},
              "all items, or those that all compared models answered")
      .path("pictures", "",
            "folder that holds the items' source pictures; without it they lie beside, <key>_SRCIMG.png")
      .path("judge_prompts", "", "file {\"SC\": text, \"PQ\": text}; without it our own wording is used")
      .boolean("published", false, "demand that the judge's prompts are VIEScore's, by their SHA-256")
      .choice("picture_format", "jpeg", {"jpeg", "png"},
              "that the judge is sent; published: jpeg, quality 75")
      .integer("rounds", 3, {1, 100}, "how often both questions are asked while a reply is no use");
}

void register_plugins(Registry& registry) {
  registry.add({.kind = PluginKind::evaluator,
                .id = "gedit",
                .doc = "GEdit-Bench: was a picture edited as told, and does the result look right?",
                .options = options(),
                .asks = {PluginKind::judge},
                .make_evaluator = [](const Options& values, const EvaluatorInput& input) {
                  return std::make_unique<GEdit>(values, input);
                }});
}

}  // namespace
}  // namespace umm::gedit

UMM_PLUGIN(umm::gedit::register_plugins)
