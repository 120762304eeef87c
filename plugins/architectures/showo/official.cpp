#include "official.h"

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string_view>

#include "checkpoint/tensor_file.h"
#include "umm/error.h"

namespace umm::showo {
namespace {

constexpr const char* kModelFile = "pytorch_model.safetensors";

const std::vector<std::string> kFileNames = {kModelFile,          "pytorch_model.safetensors.index.json",
                                             "model.safetensors", "model.safetensors.index.json",
                                             "pytorch_model.bin", "pytorch_model.bin.index.json"};

bool starts_with_any(std::string_view key, std::initializer_list<const char*> prefixes) {
  for (const char* prefix : prefixes)
    if (key.starts_with(prefix)) return true;
  return false;
}

// The official keys are the names of the weights here, but for what is listed.
std::string model_key(const std::string& component, std::string key) {
  if (component == "image_encoder") {
    // The file holds all of CLIP. Its tower is read before its last block and norm.
    const bool is_read =
        key.starts_with("vision_model.") &&
        !starts_with_any(key, {"vision_model.encoder.layers.23.", "vision_model.post_layernorm.",
                               "vision_model.embeddings.position_ids"});
    return is_read ? key : "";
  }
  // The trainer also takes files that hold the state dict under "model".
  constexpr std::string_view kWrapper = "model.";
  const bool is_wrapped = component == "model"
                              ? starts_with_any(key, {"model.showo.", "model.mm_projector."})
                              : starts_with_any(key, {"model.encoder.", "model.decoder.", "model.quantize."});
  if (is_wrapped) key.erase(0, kWrapper.size());
  // Follow from the number of bits.
  if (component == "image_tokenizer" && key.starts_with("quantize.")) return "";
  return key;
}

}  // namespace

void add_official_files(const std::string& component, const std::string& folder,
                        const std::vector<NamedTensor>& targets, WeightLoader& loader) {
  const std::string path = checkpoint::first_existing(folder, kFileNames);
  if (path.empty()) {
    std::string names;
    for (const auto& name : kFileNames) names += (names.empty() ? "" : ", ") + name;
    return loader.add_problem(folder + ": expected the official weights, one of " + names + "; found none");
  }
  loader.add(path, checkpoint::open_tensor_file(path), targets,
             [&](const std::string& key) { return model_key(component, key); });
}

void write_official_model(const std::string& folder, const std::vector<NamedTensor>& tensors,
                          const ShowoConfig& config, const Vocabulary& vocabulary) {
  const std::filesystem::path root(folder);
  std::filesystem::create_directories(root);
  write_safetensors((root / kModelFile).string(), tensors, {{"format", "pt"}});
  const nlohmann::ordered_json json = {{"_class_name", "Showo"},
                                       {"w_clip_vit", config.has_tower},
                                       {"vocab_size", vocabulary.size()},
                                       {"llm_vocab_size", vocabulary.num_words},
                                       {"llm_model_path", "microsoft/phi-1_5"},
                                       {"codebook_size", vocabulary.num_codes},
                                       {"num_vq_tokens", config.num_image_tokens()},
                                       {"load_from_showo", true},
                                       {"mask_token_id", vocabulary.mask()}};
  std::ofstream file(root / "config.json");
  file << json.dump(2) << "\n";
  file.close();
  UMM_CHECK(file, (root / "config.json").string(),
            ": cannot be written; free space or choose another folder");
}

}  // namespace umm::showo
