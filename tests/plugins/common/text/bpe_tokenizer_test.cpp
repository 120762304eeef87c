// Against the `tokenizers` library: files and golden ids by tests/parity/text/make_golden.py.
#include "text/bpe_tokenizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "text/unicode.h"
#include "umm/error.h"

namespace umm::text {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using testing::HasSubstr;

const std::string kFolder = std::string(UMM_SOURCE_DIR) + "/tests/data/tokenizer/";

const Json& golden() {
  static const Json json = Json::parse(std::ifstream(kFolder + "golden.json"));
  return json;
}

class BpeTokenizerOf : public testing::TestWithParam<const char*> {};

TEST_P(BpeTokenizerOf, EncodesAndDecodesAsTheReference) {
  const std::string rule = GetParam();
  const BpeTokenizer tokenizer(read_bpe_vocabulary(kFolder + rule));
  ASSERT_GE(golden().size(), 200U);
  for (const auto& entry : golden()) {
    const auto text = entry.at("text").get<std::string>();
    const auto ids = entry.at(rule).get<std::vector<int64_t>>();
    ASSERT_EQ(tokenizer.encode(text), ids) << entry.at("text").dump();
    EXPECT_EQ(tokenizer.decode(ids), entry.at("decoded_" + rule).get<std::string>())
        << entry.at("text").dump();
  }
}

INSTANTIATE_TEST_SUITE_P(Rules, BpeTokenizerOf, testing::Values("gpt2", "qwen"));

TEST(BpeTokenizer, VocabAndMergesFilesGiveTheSameIdsWhereNoTokenWasAdded) {
  const BpeTokenizer whole(read_bpe_vocabulary(kFolder + "gpt2")),
      files(read_bpe_vocabulary(kFolder + "gpt2_files"));
  for (const char* text : {"It's a red circle above 3 squares.", "naïve 你好 <|endoftext|>x", ""})
    EXPECT_EQ(whole.encode(text), files.encode(text)) << text;
  EXPECT_EQ(files.end_id(), 0);
  EXPECT_EQ(files.vocabulary_size(), 900);
}

TEST(BpeTokenizer, LongPiecesAreMergedAsShortOnes) {
  const auto vocabulary = read_bpe_vocabulary(kFolder + "gpt2");
  const BytePairs pairs(vocabulary.tokens, vocabulary.merges);
  const std::string letters = "abcdefghabcabcredcirclesquarescandontaboveabcddcbabcabdhgfedcbaaaabbbaaaaaaa";
  for (size_t length = 1; length < letters.size(); ++length) {
    // A text of one piece, and the same bytes merged greedily by rank.
    const std::string piece = letters.substr(0, length);
    std::vector<int64_t> ids;
    pairs.encode(piece, ids);
    std::vector<std::string> parts;
    for (const char c : piece) parts.emplace_back(1, c);
    for (;;) {
      size_t best = vocabulary.merges.size(), place = 0;
      for (size_t i = 0; i + 1 < parts.size(); ++i) {
        const auto found =
            std::find(vocabulary.merges.begin(), vocabulary.merges.end(), std::pair(parts[i], parts[i + 1]));
        const auto rank = static_cast<size_t>(found - vocabulary.merges.begin());
        if (rank < best) best = rank, place = i;
      }
      if (best == vocabulary.merges.size()) break;
      parts[place] += parts[place + 1];
      parts.erase(parts.begin() + static_cast<ptrdiff_t>(place) + 1);
    }
    std::vector<std::string> merged;
    for (const int64_t id : ids) merged.push_back(vocabulary.tokens[static_cast<size_t>(id)]);
    ASSERT_EQ(merged, parts) << length;
  }
}

TEST(BpeTokenizer, IllFormedTextBecomesReplacementCharacters) {
  EXPECT_EQ(well_formed("a\xFFz"), "a\uFFFDz");
  EXPECT_EQ(well_formed("\xE4\xBD"), "\uFFFD");                  // one truncated character
  EXPECT_EQ(well_formed("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");  // a surrogate
  EXPECT_EQ(well_formed("\xF0\x9F\x98\x80"), "\U0001F600");
  const BpeTokenizer tokenizer(read_bpe_vocabulary(kFolder + "gpt2"));
  EXPECT_EQ(tokenizer.encode("a\xFFz"), tokenizer.encode("a\uFFFDz"));
}

TEST(BpeTokenizer, IdsOutsideTheVocabularyAreRefused) {
  const BpeTokenizer tokenizer(read_bpe_vocabulary(kFolder + "gpt2"));
  EXPECT_THROW(tokenizer.decode({-1}), Error);
  EXPECT_THROW(tokenizer.decode({tokenizer.vocabulary_size()}), Error);
}

TEST(BpeVocabulary, WhatIsNotKnownIsRefusedByName) {
  const fs::path path = fs::temp_directory_path() / ("umm_tokenizer_" + std::to_string(getpid()) + ".json");
  const Json good = Json::parse(std::ifstream(kFolder + "gpt2/tokenizer.json"));
  const auto error_of = [&](const std::function<void(Json&)>& change) -> std::string {
    Json json = good;
    change(json);
    std::ofstream(path) << json.dump();
    try {
      BpeTokenizer(read_bpe_vocabulary(path.string()));
    } catch (const InputError& error) {
      return error.what();
    }
    return "(no error)";
  };
  EXPECT_EQ(error_of([](Json&) {}), "(no error)");
  EXPECT_THAT(error_of([](Json& json) { json["model"]["type"] = "WordPiece"; }), HasSubstr("expected BPE"));
  EXPECT_THAT(error_of([](Json& json) { json["model"]["byte_fallback"] = true; }),
              HasSubstr("byte_fallback"));
  EXPECT_THAT(error_of([](Json& json) {
                json["normalizer"] = {{"type", "Lowercase"}};
              }),
              HasSubstr("Lowercase"));
  EXPECT_THAT(error_of([](Json& json) { json["pre_tokenizer"]["add_prefix_space"] = true; }),
              HasSubstr("only the rules of GPT-2 and of Qwen2"));
  EXPECT_THAT(error_of([](Json& json) { json["model"]["merges"].push_back("zzz qqq"); }),
              HasSubstr("merge "));
  EXPECT_THAT(error_of([](Json& json) { json["model"]["vocab"]["two words"] = 5000; }),
              HasSubstr("stands for no byte"));
  EXPECT_THAT(error_of([](Json& json) { json["model"]["vocab"].erase("a"); }), HasSubstr("lacks"));
  EXPECT_THAT(error_of([](Json& json) { json["added_tokens"][0]["single_word"] = true; }),
              HasSubstr("single_word"));
  EXPECT_THAT(error_of([](Json& json) { json.erase("model"); }), HasSubstr(path.string()));
  fs::remove(path);
  EXPECT_THROW(read_bpe_vocabulary(path.string()), InputError);
}

}  // namespace
}  // namespace umm::text
