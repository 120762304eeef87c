#include "text/word_tokenizer.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "umm/error.h"

namespace umm::text {
namespace {

class WordTokenizerTest : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(path_); }

  std::string write(const std::string& content) {
    std::ofstream(path_, std::ios::binary) << content;
    return path_;
  }

  std::string problem(const std::string& content) {
    try {
      WordTokenizer tokenizer(write(content));
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  }

  const std::string path_ = testing::TempDir() + "umm_words_" + std::to_string(getpid()) + ".txt";
};

TEST_F(WordTokenizerTest, LineIsIdAndUnknownWordsShareOne) {
  const WordTokenizer tokenizer(write("<unk>\n<|endoftext|>\na\nred\r\nuser\n:\n."));
  EXPECT_EQ(tokenizer.vocabulary_size(), 7);
  EXPECT_EQ(tokenizer.begin_id(), 1);
  EXPECT_EQ(tokenizer.end_id(), 1);
  EXPECT_EQ(tokenizer.encode("USER: \n A  Red fox."), (std::vector<int64_t>{4, 5, 2, 3, 0, 6}));
  EXPECT_TRUE(tokenizer.encode(" \n").empty());
  EXPECT_EQ(tokenizer.decode({1, 4, 5, 2, 3, 6, 1}), "user: a red.");
  EXPECT_THROW(tokenizer.decode({7}), Error);
}

TEST_F(WordTokenizerTest, ProblemsNameFileAndLine) {
  const std::string marks = "<unk>\n<|endoftext|>\n";
  EXPECT_EQ(problem(marks + "a\n\nb\n"), path_ + ":4: empty line; the vocabulary holds one token a line");
  EXPECT_EQ(problem(marks + "a\nb\na\n"), path_ + ":5: 'a' is already on line 3");
  EXPECT_NE(problem(marks + "Red\n").find(":3: 'Red' can never be found"), std::string::npos);
  EXPECT_NE(problem(marks + "two words\n").find(":3: 'two words'"), std::string::npos);
  EXPECT_NE(problem("a\n<unk>\n").find("<|endoftext|> is missing"), std::string::npos);
  EXPECT_THROW(WordTokenizer("/nowhere/words.txt"), InputError);
}

}  // namespace
}  // namespace umm::text
