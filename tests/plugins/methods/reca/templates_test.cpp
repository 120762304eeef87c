#include "../../../../plugins/methods/reca/templates.h"

#include <gmock/gmock.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>

namespace umm::reca {
namespace {

std::set<std::string> words_of_templates() {
  std::set<std::string> words;
  for (const char* text : kTemplates) {
    std::istringstream stream(text);
    for (std::string word; stream >> word;) words.insert(word);
  }
  return words;
}

TEST(Templates, AreManyAndDistinct) {
  const std::set<std::string> distinct(kTemplates.begin(), kTemplates.end());
  EXPECT_GE(distinct.size(), 50U);
  EXPECT_EQ(distinct.size(), kTemplates.size());
}

TEST(Templates, UseFewPlainWordsAndWordsTxtListsThem) {
  const std::set<std::string> words = words_of_templates();
  EXPECT_LE(words.size(), 90U);
  for (const std::string& word : words) {
    EXPECT_EQ(word.find_first_not_of("abcdefghijklmnopqrstuvwxyz"), std::string::npos) << word;
  }
  std::ifstream file(UMM_SOURCE_DIR "/plugins/methods/reca/words.txt");
  std::set<std::string> listed;
  for (std::string word; file >> word;) listed.insert(word);
  EXPECT_EQ(listed, words);
}

TEST(Templates, AreDrawnUniformlyPerSample) {
  Rng rng(3), same(3), other(4);
  const int64_t per_template = 100;
  const std::vector<std::string> drawn = draw_templates(per_template * std::ssize(kTemplates), rng);
  EXPECT_EQ(draw_templates(10, same), std::vector<std::string>(drawn.begin(), drawn.begin() + 10));
  EXPECT_NE(draw_templates(10, other), std::vector<std::string>(drawn.begin(), drawn.begin() + 10));
  std::map<std::string, int64_t> counts;
  for (const std::string& text : drawn) ++counts[text];
  EXPECT_EQ(counts.size(), kTemplates.size());
  // Six standard deviations of a binomial with mean 100.
  for (const auto& [text, count] : counts) EXPECT_NEAR(static_cast<double>(count), 100, 60) << text;
}

}  // namespace
}  // namespace umm::reca
