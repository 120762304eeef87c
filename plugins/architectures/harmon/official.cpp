#include "official.h"

#include <algorithm>
#include <filesystem>

#include "checkpoint/tensor_file.h"
#include "umm/error.h"

namespace umm::harmon {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTokenizerPrefix = "vae.";

// Fixed names first: a folder may hold an index beside its shards.
std::string weights_in(const std::string& folder, const std::string& component) {
  const std::string named = checkpoint::first_existing(
      folder, {"model.safetensors.index.json", "model.safetensors", "pytorch_model.bin"});
  if (!named.empty()) return named;
  // The repository of the reference holds both components' files side by side.
  const std::string extension = component == "model" ? ".pth" : ".ckpt";
  std::vector<std::string> found;
  if (fs::is_directory(folder))
    for (const auto& entry : fs::directory_iterator(folder))
      if (entry.path().extension() == extension) found.push_back(entry.path().string());
  UMM_CHECK_INPUT(found.size() < 2, folder, ": expected one file *", extension,
                  " of official weights, found ", found.size(), "; leave the one to load");
  return found.empty() ? "" : found.front();
}

// The official keys are the names of the weights here, but for what is listed.
std::string model_key(const std::string& component, std::string key) {
  if (component == "model") {
    // The head reads the word embeddings backwards; files may hold it all the same, and the tokenizer too.
    return key == "llm.lm_head.weight" || key.starts_with(kTokenizerPrefix) ? "" : key;
  }
  // Alone the tokenizer lies under "model", with the losses of its training; with the rest under "vae".
  constexpr std::string_view kWrapper = "model.";
  if (key.starts_with(kTokenizerPrefix))
    key.erase(0, kTokenizerPrefix.size());
  else if (key.starts_with("llm.") || key.starts_with("mar.") || key.starts_with("proj_"))
    return "";
  else if (key.starts_with(kWrapper))
    key.erase(0, kWrapper.size());
  return key.starts_with("loss.") ? "" : key;
}

}  // namespace

void add_official_files(const std::string& component, const std::string& folder,
                        const std::vector<NamedTensor>& targets, WeightLoader& loader) {
  const std::string path = weights_in(folder, component);
  if (path.empty())
    return loader.add_problem(folder + ": expected the official weights, model.safetensors (or its index)" +
                              (component == "model" ? " or one *.pth" : " or kl16.ckpt") + "; found none");
  loader.add(path, checkpoint::open_tensor_file(path), targets,
             [&](const std::string& key) { return model_key(component, key); });
}

void write_official_model(const std::string& folder, const std::vector<NamedTensor>& model,
                          const std::vector<NamedTensor>& image_tokenizer) {
  std::vector<NamedTensor> all = model;
  for (const auto& [name, value] : image_tokenizer)
    all.push_back({std::string(kTokenizerPrefix) + name, value});
  fs::create_directories(folder);
  write_safetensors((fs::path(folder) / "model.safetensors").string(), all, {{"format", "pt"}});
}

}  // namespace umm::harmon
