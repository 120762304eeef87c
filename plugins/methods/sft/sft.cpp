// Supervised fine-tuning: the losses a model was trained with, on more pairs of pictures and words.
// The baseline of RecA (arXiv 2509.07295, tables 5 and 6).
//   L = lambda_t2i L_gen(caption -> picture) + lambda_i2t L_text(picture, question -> answer)
//     + lambda_text L_text(answer's words, question -> answer)
//     + lambda_instruct L_gen(caption's words in a picture's place, instruction -> picture)
#include "umm/umm.h"

namespace umm::sft {
namespace {

class Sft : public Method {
 public:
  explicit Sft(const Options& options)
      : lambda_t2i_(options.number("lambda_t2i")),
        lambda_i2t_(options.number("lambda_i2t")),
        lambda_text_(options.number("lambda_text")),
        lambda_instruct_(options.number("lambda_instruct")),
        text_dropout_(options.number("text_dropout")),
        dropped_text_(options.text("dropped_text")),
        encoder_(options.text("encoder")),
        tokens_(options.text("condition") == "tokens") {
    UMM_CHECK_INPUT(lambda_t2i_ > 0 || lambda_i2t_ > 0 || lambda_text_ > 0 || lambda_instruct_ > 0,
                    "sft has nothing to train on: lambda_t2i, lambda_i2t, lambda_text and lambda_instruct "
                    "are all 0");
  }

  std::vector<Flow> flows() const override {
    std::vector<Flow> flows;
    if (lambda_t2i_ > 0) flows.push_back({"t2i", "captions and the pictures they describe"});
    if (lambda_i2t_ > 0) flows.push_back({"i2t", "pictures with questions and answers"});
    if (lambda_text_ > 0) flows.push_back({"text", "questions and answers, without pictures"});
    if (lambda_instruct_ > 0) flows.push_back({"instruct", "captions, instructions and pictures"});
    return flows;
  }

  // Each term draws from its own stream: switching one off leaves the others' draws as they are.
  std::vector<LossTerm> loss(Architecture& model, const std::map<std::string, Batch>& batches,
                             Rng& rng) override {
    std::vector<LossTerm> terms;
    for (const auto& [flow, batch] : batches) {
      UMM_CHECK(flow == "text" || batch.images.defined(), "flow ", flow,
                " of sft needs pictures; its dataset gives none");
      Rng draws = rng.fork(flow);
      if (flow == "t2i") {
        terms.push_back({"t2i", lambda_t2i_, caption_to_picture(model, batch, draws)});
      } else if (flow == "i2t") {
        Segment picture =
            tokens_ ? generation_image_segment(batch.images) : encoded_image_segment(batch.images, encoder_);
        terms.push_back({"i2t", lambda_i2t_, answer_loss(model, std::move(picture), batch, draws)});
      } else if (flow == "text") {
        terms.push_back(
            {"text", lambda_text_, answer_loss(model, text_segment(batch.answers), batch, draws)});
      } else if (flow == "instruct") {
        const Condition shown{{text_segment(batch.captions), text_segment(batch.questions)}};
        terms.push_back({"instruct", lambda_instruct_,
                         require<GenerationObjective>(model).generation_loss(shown, batch.images, draws)});
      }
    }
    UMM_CHECK(!terms.empty(), "sft was handed no batch of t2i, i2t, text or instruct");
    return terms;
  }

 private:
  TokenLoss caption_to_picture(Architecture& model, const Batch& batch, Rng& rng) const {
    Segment caption = text_segment(batch.captions, text_dropout_);
    caption.dropout_text = dropped_text_;
    return require<GenerationObjective>(model).generation_loss({{std::move(caption)}}, batch.images, rng);
  }

  // `shown` is the picture, or words in its place.
  TokenLoss answer_loss(Architecture& model, Segment shown, const Batch& batch, Rng& rng) const {
    const Condition prompt{{std::move(shown), text_segment(batch.questions)}};
    return require<TextObjective>(model).text_loss(prompt, batch.answers, rng);
  }

  double lambda_t2i_;
  double lambda_i2t_;
  double lambda_text_;
  double lambda_instruct_;
  double text_dropout_;
  std::string dropped_text_;
  std::string encoder_;
  bool tokens_;
};

OptionSchema options() {
  return OptionSchema()
      .number("lambda_t2i", 1, {0, 1000}, "weight of the caption-to-picture loss; 0 asks for no flow t2i")
      .number("lambda_i2t", 1, {0, 1000}, "weight of the picture-to-answer loss; 0 asks for no flow i2t")
      .number("lambda_text", 0, {0, 1000}, "weight of the words-to-answer loss; 0 asks for no flow text")
      .number("lambda_instruct", 0, {0, 1000},
              "weight of the picture from words in a picture's place; 0 asks for no flow instruct")
      .number("text_dropout", 0.1, {0, 1}, "probability that a caption is replaced, for guidance at sampling")
      .text("dropped_text", "", "what replaces a dropped caption")
      .choice("condition", "encoder", {"encoder", "tokens"},
              "how i2t shows pictures: embeddings or generation tokens")
      .text("encoder", "", "image encoder that the i2t picture goes through; empty for the model's first");
}

std::vector<std::string> needs(const Options& options) {
  std::vector<std::string> names;
  const bool answers = options.number("lambda_i2t") > 0;
  if (options.number("lambda_t2i") > 0 || options.number("lambda_instruct") > 0)
    names.push_back(GenerationObjective::kName);
  if (answers && options.text("condition") == "encoder") names.push_back(ImageEncoder::kName);
  if (answers || options.number("lambda_text") > 0) names.push_back(TextObjective::kName);
  return names;
}

void register_plugins(Registry& registry) {
  registry.add({.kind = PluginKind::method,
                .id = "sft",
                .doc = "Supervised fine-tuning on captions, answers about pictures, and text.",
                .options = options(),
                .needs = needs,
                .make_method = [](const Options& values) { return std::make_unique<Sft>(values); }});
}

}  // namespace
}  // namespace umm::sft

UMM_PLUGIN(umm::sft::register_plugins)
