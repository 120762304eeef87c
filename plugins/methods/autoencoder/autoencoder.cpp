// Trains the codec between pixels and generation tokens or latents (VQ, KL-VAE), and nothing else.
//   L = L_codec(I): reconstruction plus whatever the codec's own paper adds
#include "umm/umm.h"

namespace umm::autoencoder {
namespace {

class Autoencoder : public Method {
 public:
  std::vector<Flow> flows() const override { return {{"images", "pictures to encode and decode"}}; }

  std::vector<std::string> trained_groups(Architecture& model) const override {
    return require<ImageCodec>(model).codec_groups();
  }

  std::vector<LossTerm> loss(Architecture& model, const std::map<std::string, Batch>& batches,
                             Rng& rng) override {
    const auto found = batches.find("images");
    UMM_CHECK(found != batches.end(), "autoencoder was handed no batch of its flow images");
    UMM_CHECK(found->second.images.defined(),
              "autoencoder needs pictures; the dataset of its flow images gives none");
    return {{"codec", 1.0, require<ImageCodec>(model).codec_loss(found->second.images, rng)}};
  }
};

void register_plugins(Registry& registry) {
  registry.add({.kind = PluginKind::method,
                .id = "autoencoder",
                .doc = "Trains the model's image codec on pictures alone.",
                .options = {},
                .needs = [](const Options&) { return std::vector<std::string>{ImageCodec::kName}; },
                .make_method = [](const Options&) { return std::make_unique<Autoencoder>(); }});
}

}  // namespace
}  // namespace umm::autoencoder

UMM_PLUGIN(umm::autoencoder::register_plugins)
