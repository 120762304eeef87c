// tokenizer.json of the `tokenizers` library, and GPT-2's vocab.json and merges.txt. Both write bytes as
// printable characters: 33-126, 161-172 and 174-255 as themselves, the other 68 as U+0100 and on, in order.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "text/bpe_tokenizer.h"
#include "text/unicode.h"
#include "umm/error.h"

namespace umm::text {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

// The patterns as the published files write them.
constexpr const char* kGpt2Pattern =
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";
constexpr const char* kQwenPattern =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|)"
    R"(\s+(?!\S)|\s+)";

const std::unordered_map<char32_t, char>& bytes_of_characters() {
  static const auto table = [] {
    std::unordered_map<char32_t, char> bytes;
    char32_t next = 0x100;
    for (int byte = 0; byte < 256; ++byte) {
      const bool printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
      bytes[printable ? static_cast<char32_t>(byte) : next++] = static_cast<char>(byte);
    }
    return bytes;
  }();
  return table;
}

// What the printable form stands for. Throws InputError on a character that stands for no byte.
std::string bytes_of(const std::string& printable) {
  std::string bytes;
  for (size_t i = 0; i < printable.size();) {
    const auto found = bytes_of_characters().find(next_code_point(printable, i));
    UMM_CHECK_INPUT(found != bytes_of_characters().end(), "token `", printable,
                    "` has a character that stands for no byte");
    bytes += found->second;
  }
  return bytes;
}

Json read_json(const fs::path& path) {
  std::ifstream file(path);
  UMM_CHECK_INPUT(file, path.string(), ": cannot be read");
  Json json = Json::parse(file, nullptr, /*allow_exceptions=*/false);
  UMM_CHECK_INPUT(json.is_object(), path.string(), ": expected a JSON object");
  return json;
}

void read_tokens(const Json& json, BpeVocabulary& vocabulary) {
  UMM_CHECK_INPUT(json.is_object() && !json.empty(), "expected a vocabulary: token -> id");
  for (const auto& [token, value] : json.items()) {
    UMM_CHECK_INPUT(value.is_number_unsigned() && value.get<uint64_t>() < (1U << 24), "token `", token,
                    "`: expected an id below 2^24, found ", value.dump());
    const auto id = value.get<size_t>();
    if (id >= vocabulary.tokens.size()) vocabulary.tokens.resize(id + 1);
    UMM_CHECK_INPUT(vocabulary.tokens[id].empty(), "two tokens have the id ", id);
    // Marks such as <|endoftext|> stand in GPT-2's file too; they read the same either way.
    vocabulary.tokens[id] = bytes_of(token);
  }
}

std::pair<std::string, std::string> merge_of(const std::string& line) {
  const size_t space = line.find(' ');
  UMM_CHECK_INPUT(space != std::string::npos && line.find(' ', space + 1) == std::string::npos, "merge `",
                  line, "`: expected two tokens with a space between");
  return {bytes_of(line.substr(0, space)), bytes_of(line.substr(space + 1))};
}

void read_merges(const Json& json, BpeVocabulary& vocabulary) {
  UMM_CHECK_INPUT(json.is_array(), "model.merges: expected a list");
  for (const auto& merge : json) {
    if (merge.is_string()) {
      vocabulary.merges.push_back(merge_of(merge.get<std::string>()));
    } else {
      UMM_CHECK_INPUT(merge.is_array() && merge.size() == 2 && merge[0].is_string() && merge[1].is_string(),
                      "model.merges: expected two tokens, found ", merge.dump());
      vocabulary.merges.emplace_back(bytes_of(merge[0].get<std::string>()),
                                     bytes_of(merge[1].get<std::string>()));
    }
  }
}

void read_added(const Json& json, BpeVocabulary& vocabulary) {
  for (const auto& token : json) {
    vocabulary.added.push_back({.content = token.at("content").get<std::string>(),
                                .id = token.at("id").get<int64_t>(),
                                .special = token.value("special", false),
                                .strip_left = token.value("lstrip", false),
                                .strip_right = token.value("rstrip", false)});
    UMM_CHECK_INPUT(!token.value("single_word", false), "added token `", vocabulary.added.back().content,
                    "`: single_word is not known here");
  }
}

bool is_byte_level(const Json& step, bool use_regex) {
  return step.is_object() && step.value("type", "") == "ByteLevel" && !step.value("add_prefix_space", true) &&
         step.value("use_regex", true) == use_regex;
}

PreTokenizer pre_tokenizer_of(const Json& json) {
  if (is_byte_level(json, /*use_regex=*/true)) return PreTokenizer::gpt2;
  if (json.is_object() && json.value("type", "") == "Sequence") {
    const auto& steps = json.at("pretokenizers");
    const auto& split = steps.at(0);
    const bool known = steps.size() == 2 && split.value("type", "") == "Split" &&
                       split.value("behavior", "") == "Isolated" && !split.value("invert", false) &&
                       is_byte_level(steps.at(1), /*use_regex=*/false);
    const std::string pattern = known ? split.at("pattern").value("Regex", "") : "";
    if (pattern == kGpt2Pattern) return PreTokenizer::gpt2;
    if (pattern == kQwenPattern) return PreTokenizer::qwen;
  }
  throw InputError("pre_tokenizer: only the rules of GPT-2 and of Qwen2 are known here, found " +
                   json.dump());
}

void read_tokenizer_json(const Json& json, BpeVocabulary& vocabulary) {
  const auto& model = json.at("model");
  UMM_CHECK_INPUT(model.value("type", "BPE") == "BPE", "model.type: expected BPE, found ",
                  model["type"].dump());
  for (const char* option : {"byte_fallback", "ignore_merges"})
    UMM_CHECK_INPUT(!model.value(option, false), "model.", option, " is not known here");
  read_tokens(model.at("vocab"), vocabulary);
  read_merges(model.at("merges"), vocabulary);
  if (json.contains("added_tokens")) read_added(json["added_tokens"], vocabulary);
  vocabulary.pre_tokenizer = pre_tokenizer_of(json.value("pre_tokenizer", Json()));
  const Json normalizer = json.value("normalizer", Json());
  if (normalizer.is_null()) return;
  UMM_CHECK_INPUT(normalizer.value("type", "") == "NFC", "normalizer: only NFC is known here, found ",
                  normalizer.dump());
  vocabulary.normalize = true;
}

void read_gpt2_files(const fs::path& folder, BpeVocabulary& vocabulary) {
  read_tokens(read_json(folder / "vocab.json"), vocabulary);
  std::ifstream file(folder / "merges.txt");
  UMM_CHECK_INPUT(file, (folder / "merges.txt").string(), ": cannot be read");
  for (std::string line; std::getline(file, line);) {
    if (line.ends_with('\r')) line.pop_back();
    if (!line.empty() && !line.starts_with("#version")) vocabulary.merges.push_back(merge_of(line));
  }
  vocabulary.added.push_back({.content = vocabulary.end_token, .id = 0, .special = true});
  const auto end = std::find(vocabulary.tokens.begin(), vocabulary.tokens.end(), vocabulary.end_token);
  UMM_CHECK_INPUT(end != vocabulary.tokens.end(), "vocab.json lacks ", vocabulary.end_token);
  vocabulary.added.back().id = end - vocabulary.tokens.begin();
}

}  // namespace

BpeVocabulary read_bpe_vocabulary(const std::string& path) {
  const bool is_folder = fs::is_directory(path);
  const fs::path file = is_folder ? fs::path(path) / "tokenizer.json" : fs::path(path);
  BpeVocabulary vocabulary;
  try {
    if (is_folder && !fs::exists(file))
      read_gpt2_files(path, vocabulary);
    else
      read_tokenizer_json(read_json(file), vocabulary);
  } catch (const InputError& error) {
    const std::string text = error.what();
    throw InputError(text.starts_with(path) ? text : path + ": " + text);
  } catch (const Json::exception& error) {
    throw InputError(file.string() + ": not a tokenizer file that is known here: " + error.what());
  }
  return vocabulary;
}

}  // namespace umm::text
