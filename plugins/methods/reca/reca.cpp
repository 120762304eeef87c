// RecA: rebuild a picture from the model's own understanding of it; no captions are needed.
// Xie et al., "Reconstruction Alignment Improves Unified Multimodal Models", arXiv 2509.07295, section 3.
//   L = lambda_recon L_gen(h_v(I), template -> I) + lambda_i2t L_text(I, question -> answer)
//     + lambda_t2i L_gen(caption -> I) + lambda_unconditional L_gen({} -> I)
// I picture, h_v the model's understanding encoder. Only the last term is not the paper's.
#include <ATen/ops/upsample_bilinear2d.h>

#include "templates.h"
#include "umm/umm.h"

namespace umm::reca {
namespace {

Tensor resized(const Tensor& images, int64_t height, int64_t width) {
  return at::upsample_bilinear2d(images, {height, width}, /*align_corners=*/false);  // [B, 3, height, width]
}

class Reca final : public Method {
 public:
  explicit Reca(const Options& options) : options_(options) {
    UMM_CHECK_INPUT(!flows().empty(), "reca has nothing to train on: every lambda of it is 0");
  }

  std::vector<Flow> flows() const override {
    std::vector<Flow> flows = {{"recon", "pictures to rebuild; captions are not read"},
                               {"i2t", "pictures with questions and answers: keeps the understanding"},
                               {"t2i", "captions and the pictures they describe"}};
    std::erase_if(flows, [this](const Flow& flow) { return !asks(flow.name); });
    return flows;
  }

  // Each term draws from its own stream: switching one off leaves the others' draws as they are.
  std::vector<LossTerm> loss(Architecture& model, const std::map<std::string, Batch>& batches,
                             Rng& rng) override {
    std::vector<LossTerm> terms;
    for (const auto& [flow, batch] : batches) {
      UMM_CHECK(batch.images.defined(), "flow ", flow, " of reca needs pictures; its dataset gives none");
      Rng draws = rng.fork(flow);
      if (flow == "recon") rebuild(model, batch.images, draws, terms);
      if (flow == "i2t") terms.push_back({flow, weight(flow), answer_loss(model, batch, draws)});
      if (flow == "t2i") terms.push_back({flow, weight(flow), caption_loss(model, batch, draws)});
    }
    UMM_CHECK(!terms.empty(), "reca was handed no batch of recon, i2t or t2i");
    return terms;
  }

 private:
  bool asks(const std::string& flow) const {
    return weight(flow) > 0 || (flow == "recon" && weight("unconditional") > 0);
  }
  double weight(const std::string& term) const { return options_.number("lambda_" + term); }

  void rebuild(Architecture& model, const Tensor& images, Rng& rng, std::vector<LossTerm>& terms) const {
    auto& generator = require<GenerationObjective>(model);
    if (weight("recon") > 0) {
      Rng templates = rng.fork("template");
      Segment instruction = words(draw_templates(images.size(0), templates), "text_dropout");
      const Tensor shown = degraded(images);
      const Condition condition{{picture(shown, "condition_gradient_scale"), std::move(instruction)}};
      terms.push_back({"recon", weight("recon"), generator.generation_loss(condition, images, rng)});
    }
    if (weight("unconditional") > 0) {
      Rng draws = rng.fork("unconditional");
      const Tensor some = images.slice(0, 0, images.size(0), options_.integer("unconditional_every"));
      terms.push_back({"unconditional", weight("unconditional"), generator.generation_loss({}, some, draws)});
    }
  }

  // As embeddings or as generation tokens, which have no gradient to scale.
  Segment picture(const Tensor& images, const char* gradient_option) const {
    if (!encoded()) return generation_image_segment(images);
    return encoded_image_segment(images, options_.text("encoder"), options_.number(gradient_option));
  }

  bool encoded() const { return options_.text("condition") == "encoder"; }

  // The information bottleneck: what the condition does not show, it cannot copy into the target.
  Tensor degraded(Tensor images) const {
    const int64_t height = images.size(2), width = images.size(3);
    if (const int64_t factor = options_.integer("blur_factor"); factor > 1) {
      images = resized(images, (height + factor - 1) / factor, (width + factor - 1) / factor);
      images = resized(images, height, width);
    }
    const int64_t side = options_.integer("condition_size");
    if (side == 0) return images;
    UMM_CHECK(side <= height && side <= width, "condition_size of reca is ", side,
              ", larger than the pictures (", height, " x ", width, " pixels); 0 leaves them as they are");
    images = resized(images, side, side);
    return encoded() ? resized(images, height, width) : images;  // an encoder resizes by itself
  }

  Segment words(std::vector<std::string> texts, const char* dropout_option) const {
    Segment segment = text_segment(std::move(texts), options_.number(dropout_option));
    segment.dropout_text = options_.text("dropped_text");
    return segment;
  }

  TokenLoss answer_loss(Architecture& model, const Batch& batch, Rng& rng) const {
    const Condition prompt{{picture(batch.images, "i2t_gradient_scale"), text_segment(batch.questions)}};
    return require<TextObjective>(model).text_loss(prompt, batch.answers, rng);
  }

  TokenLoss caption_loss(Architecture& model, const Batch& batch, Rng& rng) const {
    const Condition caption{{words(batch.captions, "caption_dropout")}};
    return require<GenerationObjective>(model).generation_loss(caption, batch.images, rng);
  }

  Options options_;
};

OptionSchema options() {
  return OptionSchema()
      .number("lambda_recon", 1, {0, 1000}, "weight of the reconstruction loss")
      .number("lambda_i2t", 1, {0, 1000}, "weight of the picture-to-answer loss; 0: understanding is frozen")
      .number("lambda_t2i", 0, {0, 1000}, "weight of the caption-to-picture loss; 0 in the paper")
      .number("lambda_unconditional", 0, {0, 1000}, "weight of pictures without a condition, for guidance")
      .integer("unconditional_every", 1, {1, 4096}, "one in so many recon pictures goes there")
      .choice("condition", "encoder", {"encoder", "tokens"},
              "how pictures are shown: embeddings or generation tokens")
      .text("encoder", "", "image encoder for the condition and for i2t; empty for the model's first")
      .integer("condition_size", 0, {0, 8192}, "pixels that the shown picture is scaled down to; 0: not")
      .integer("blur_factor", 1, {1, 1024}, "the shown picture is scaled down by this and up again; 1: not")
      .number("condition_gradient_scale", 0, {0, 1}, "share of gradient into the shown embeddings")
      .number("i2t_gradient_scale", 1, {0, 1}, "the same in the i2t flow")
      .number("text_dropout", 0, {0, 1}, "probability that dropped_text replaces the instruction")
      .number("caption_dropout", 0.1, {0, 1}, "probability that dropped_text replaces a caption")
      .text("dropped_text", "", "what replaces a dropped instruction or caption");
}

std::vector<std::string> needs(const Options& options) {
  std::vector<std::string> names{GenerationObjective::kName};
  if (options.text("condition") == "encoder") names.push_back(ImageEncoder::kName);
  if (options.number("lambda_i2t") > 0) names.push_back(TextObjective::kName);
  return names;
}

void register_plugins(Registry& registry) {
  registry.add({.kind = PluginKind::method,
                .id = "reca",
                .doc = "Reconstruction alignment: rebuild a picture from the model's own embeddings of it.",
                .options = options(),
                .needs = needs,
                .make_method = [](const Options& values) { return std::make_unique<Reca>(values); }});
}

}  // namespace
}  // namespace umm::reca

UMM_PLUGIN(umm::reca::register_plugins)
