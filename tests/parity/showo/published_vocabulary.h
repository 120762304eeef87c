// A tokenizer of the published size: the small test tokenizer and words that no text holds.
#pragma once

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

namespace umm::testing {

inline void write_published_vocabulary(const std::filesystem::path& folder) {
  constexpr int kNumWords = 50295;
  std::ifstream small(UMM_SOURCE_DIR "/tests/data/tokenizer/gpt2/tokenizer.json");
  auto json = nlohmann::json::parse(small);
  auto& added = json.at("added_tokens");
  for (int id = added.back().at("id").get<int>() + 1; id < kNumWords; ++id) {
    auto token = added.back();
    token["id"] = id;
    token["content"] = "<|filler" + std::to_string(id) + "|>";
    added.push_back(token);
  }
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "tokenizer.json") << json;
}

}  // namespace umm::testing
