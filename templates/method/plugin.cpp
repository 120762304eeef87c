// MyMethod: a picture from its caption, and the same picture from the model's own view of it.
//   L = L_gen(caption -> I) + lambda_recon L_gen(h(I), instruction -> I)
// I picture, h the model's image encoder, L_gen the architecture's own objective (capabilities.h).
#include "umm/umm.h"

namespace {

using namespace umm;

class MyMethod final : public Method {
 public:
  explicit MyMethod(const Options& options)
      : lambda_recon_(options.number("lambda_recon")),
        caption_dropout_(options.number("caption_dropout")),
        instruction_(options.text("instruction")) {}

  std::vector<Flow> flows() const override { return {{"pictures", "pictures and their captions"}}; }

  // Each term draws from its own stream: switching one off leaves the other's draws as they are.
  std::vector<LossTerm> loss(Architecture& model, const std::map<std::string, Batch>& batches,
                             Rng& rng) override {
    const auto found = batches.find("pictures");
    UMM_CHECK(found != batches.end(), "my_method was handed no batch of its flow pictures");
    const Batch& batch = found->second;
    UMM_CHECK(batch.images.defined(), "flow pictures of my_method needs pictures; its dataset gives none");

    auto& generator = require<GenerationObjective>(model);
    std::vector<LossTerm> terms;
    Rng draws = rng.fork("caption");
    const Condition caption{{text_segment(batch.captions, caption_dropout_)}};
    terms.push_back({"caption", 1, generator.generation_loss(caption, batch.images, draws)});
    if (lambda_recon_ > 0) {
      draws = rng.fork("recon");
      // The gradient stops at the embeddings: the encoder is not to change into one that is easy to copy.
      const Segment seen = encoded_image_segment(batch.images, /*encoder=*/"", /*gradient_scale=*/0);
      const std::vector<std::string> words(batch.captions.size(), instruction_);
      const Condition picture{{seen, text_segment(words)}};
      terms.push_back({"recon", lambda_recon_, generator.generation_loss(picture, batch.images, draws)});
    }
    return terms;
  }

 private:
  double lambda_recon_;
  double caption_dropout_;
  std::string instruction_;
};

OptionSchema options() {
  return OptionSchema()
      .number("lambda_recon", 1, {0, 1000}, "weight of the picture from the model's own view of it; 0: none")
      .number("caption_dropout", 0.1, {0, 1}, "probability that a caption is left out, for guidance")
      .text("instruction", "describe the image", "words after the picture that is to be rebuilt");
}

// What loss() requires of an architecture under these options: checked before anything is queued.
std::vector<std::string> needs(const Options& options) {
  std::vector<std::string> names{GenerationObjective::kName};
  if (options.number("lambda_recon") > 0) names.push_back(ImageEncoder::kName);
  return names;
}

void register_plugins(Registry& registry) {
  registry.add({.kind = PluginKind::method,
                .id = "my_method",
                .doc = "Pictures from their captions and from the model's own view of them.",
                .options = options(),
                .needs = needs,
                .make_method = [](const Options& values) { return std::make_unique<MyMethod>(values); }});
}

}  // namespace

UMM_PLUGIN(register_plugins)
