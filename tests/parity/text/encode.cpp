// parity_encode VOCABULARY < lines of JSON strings: the ids of each on a line, and on standard error the
// seconds that encoding took.
#include <chrono>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "text/bpe_tokenizer.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: parity_encode VOCABULARY < strings.jsonl\n";
    return 2;
  }
  const umm::text::BpeTokenizer tokenizer(umm::text::read_bpe_vocabulary(argv[1]));
  std::vector<std::string> texts;
  for (std::string line; std::getline(std::cin, line);)
    texts.push_back(nlohmann::json::parse(line).get<std::string>());
  std::vector<std::vector<int64_t>> ids;
  ids.reserve(texts.size());
  const auto begin = std::chrono::steady_clock::now();
  for (const auto& text : texts) ids.push_back(tokenizer.encode(text));
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  for (const auto& row : ids) {
    for (const int64_t id : row) std::cout << id << ' ';
    std::cout << '\n';
  }
  std::cerr << seconds.count() << '\n';
}
