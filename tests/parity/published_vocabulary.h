// Tokenizers of published sizes: the small test tokenizers and words that no text holds.
#pragma once

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

namespace umm::testing {

// `rule`: gpt2 (Phi-1.5's 50,295 words) or qwen (Qwen2.5's 151,665).
inline void write_published_vocabulary(const std::filesystem::path& folder, const std::string& rule) {
  const int num_words = rule == "gpt2" ? 50295 : 151665;
  std::ifstream small(UMM_SOURCE_DIR "/tests/data/tokenizer/" + rule + "/tokenizer.json");
  auto json = nlohmann::json::parse(small);
  auto& added = json.at("added_tokens");
  for (int id = added.back().at("id").get<int>() + 1; id < num_words; ++id) {
    auto token = added.back();
    token["id"] = id;
    token["content"] = "<|filler" + std::to_string(id) + "|>";
    added.push_back(token);
  }
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "tokenizer.json") << json;
}

}  // namespace umm::testing
