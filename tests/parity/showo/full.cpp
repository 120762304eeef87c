// parity_full BASE VOCABULARY OUT OFFICIAL: Show-o at its published size from official files, as full.py
// wrote them. Writes what it drew and computed to OUT, for full.py to compute again with reference code, and
// the model to the folder OFFICIAL, for the official class to load.
#include <ATen/ATen.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <memory>

#include "umm/testing/linked_plugin.h"
#include "checkpoint/tensor_file.h"
#include "diffusion/masked_tokens.h"
#include "language_model.h"
#include "nn/attention.h"
#include "umm/umm.h"

namespace umm {
namespace {

class Watch {
 public:
  void report(const char* what) {
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin_;
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    std::printf("%-28s %6.1f s, peak memory so far %.2f GiB\n", what, seconds.count(),
                static_cast<double>(usage.ru_maxrss) / (1 << 20));
    std::fflush(stdout);
    begin_ = std::chrono::steady_clock::now();
  }

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

// The decoder alone: scores of random tokens.
NamedTensor random_ids() {
  Rng rng(11);
  return {"ids", (rng.uniform({2, 24}) * 58498).to(at::kLong)};
}

Tensor logits_of_decoder(const std::string& folder) {
  const at::NoGradGuard no_gradient;
  showo::LanguageModel decoder(
      {.width = 2048, .num_layers = 24, .num_heads = 32, .mlp_width = 8192, .rotary_width = 32}, 58498,
      /*tied_embeddings=*/false);
  std::vector<NamedTensor> targets;
  for (const auto& parameter : decoder.named_parameters())
    targets.push_back({parameter.key(), parameter.value()});
  WeightLoader loader;
  loader.add(
      "model", checkpoint::open_tensor_file(folder + "/model/pytorch_model.bin"), targets,
      [](const std::string& key) { return key.starts_with("showo.") ? key.substr(6) : std::string(); });
  for (const auto& problem : loader.problems()) std::puts(problem.c_str());
  loader.copy();
  const Tensor visible = at::ones({2, 24, 24}, at::kBool).tril();
  const Tensor ids = random_ids().value;
  return decoder.logits(decoder.forward(decoder.embed(ids), nn::additive_mask(visible, at::kFloat)), 0,
                        58498);
}

int run(const std::string& base, const std::string& vocabulary, const std::string& out,
        const std::string& official) {
  Watch watch;
  std::vector<NamedTensor> results = {random_ids(), {"logits", logits_of_decoder(base)}};
  watch.report("decoder: load, forward");

  const PluginEntry& plugin = testing::linked_plugin();
  const auto model = plugin.make_architecture(
      Options(plugin.options,
              {{"preset", "256_clip"}, {"vocabulary", vocabulary}, {"reference_recon_pixels", true}}));
  watch.report("model: make");
  WeightLoader loader;
  for (const char* component : {"model", "image_tokenizer", "image_encoder"})
    require<OfficialWeights>(*model).load_official(component, base + "/" + component, loader);
  for (const auto& problem : loader.problems()) std::puts(problem.c_str());
  loader.copy();
  watch.report("model: load three files");

  const at::NoGradGuard no_gradient;
  const Tensor images = Rng(12).uniform({1, 3, 256, 256}) * 2 - 1;
  results.push_back({"images", images});
  Rng mask_draws(13);
  results.push_back({"masked", diffusion::draw_token_mask(1, 256, mask_draws)});
  const auto loss_of = [&](const Condition& condition) {
    Rng draws(13);
    return require<GenerationObjective>(*model).generation_loss(condition, images, draws).mean();
  };
  results.push_back({"recon", loss_of({{encoded_image_segment(images, "clip", 0),
                                        text_segment({"describe the picture"})}})});
  watch.report("RecA loss, forward");
  results.push_back({"t2i", loss_of({{text_segment({"a red circle"})}})});
  watch.report("text-to-image loss, forward");
  write_safetensors(out, results);
  require<OfficialWeights>(*model).save_official(official);
  watch.report("write official files");
  return loader.problems().empty() ? 0 : 1;
}

}  // namespace
}  // namespace umm

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fputs("usage: parity_full BASE VOCABULARY OUT OFFICIAL\n", stderr);
    return 2;
  }
  return umm::run(argv[1], argv[2], argv[3], argv[4]);
}
