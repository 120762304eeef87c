#include "captions.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "catalog.h"

namespace umm::tiny_world {
namespace {

constexpr int kCircle = 0, kSquare = 1, kRing = 4;
constexpr int kRed = 0, kGreen = 2, kBlue = 3;

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

TEST(DenseCaption, SaysEverything) {
  EXPECT_EQ(dense_caption({{{kCircle, kRed, 2}}}), "a red circle bottom left");
  EXPECT_EQ(
      dense_caption({{{kCircle, kRed, 0}, {kSquare, kBlue, 1}, {kRing, kGreen, 2}, {kRing, kGreen, 3}}}),
      "a red circle top left and a blue square top right and a green ring bottom left and a green ring "
      "bottom right");
}

// All scenes of two shapes in three colours: each has a caption of its own.
TEST(DenseCaption, TellsEverySceneFromEveryOther) {
  constexpr int kKinds = 7;  // nothing, or one of 2 x 3
  std::map<std::string, std::string> seen;
  for (int code = 1; code < kKinds * kKinds * kKinds * kKinds; ++code) {
    Scene scene;
    for (int cell = 0, rest = code; cell < kNumCells; ++cell, rest /= kKinds) {
      const int kind = rest % kKinds;
      if (kind > 0) scene.objects.push_back({(kind - 1) % 2, (kind - 1) / 2, cell});
    }
    const auto [at, fresh] = seen.emplace(dense_caption(scene), scene_key(scene));
    EXPECT_TRUE(fresh) << at->first << ": " << at->second << " and " << scene_key(scene);
  }
}

TEST(SparseCaption, SaysAllOrNothingAtTheEndsOfItsRates) {
  const Scene scene{{{kCircle, kRed, 0}, {kCircle, kBlue, 3}}};
  Rng rng(1);
  std::set<std::string> said;
  for (int i = 0; i < 300; ++i) said.insert(sparse_caption(scene, {.color = 0, .keep = 0, .empty = 0}, rng));
  EXPECT_EQ(said, (std::set<std::string>{"a photo of circles", "a picture of circles", "an image of circles",
                                         "a drawing of circles"}));
  EXPECT_EQ(sparse_caption(scene, {.color = 0, .keep = 0, .empty = 1}, rng), "");

  said.clear();
  for (int i = 0; i < 300; ++i) {
    const std::string text = sparse_caption(scene, {.color = 1, .keep = 1, .empty = 0}, rng);
    if (text.starts_with("a photo of ")) said.insert(text.substr(11));
  }
  EXPECT_EQ(said, (std::set<std::string>{
                      "one red circle left of one blue circle", "one red circle above one blue circle",
                      "one blue circle right of one red circle", "one blue circle below one red circle"}));
}

TEST(SparseCaption, KeepsItsRates) {
  constexpr int kDraws = 4000;
  const Scene scene{{{kCircle, kRed, 0}, {kSquare, kBlue, 1}}};
  Rng rng(2);
  int empty = 0, red = 0, related = 0, number = 0, placed = 0;
  for (int i = 0; i < kDraws; ++i) {
    const std::string text = sparse_caption(scene, {}, rng);
    empty += text.empty();
    red += text.find("red") != std::string::npos;
    placed += text.find("circle top left") != std::string::npos;
    related += text.find("left of") != std::string::npos || text.find("right of") != std::string::npos;
    number +=
        text.find("one circle") != std::string::npos || text.find("one red circle") != std::string::npos;
  }
  EXPECT_NEAR(empty / double{kDraws}, 0.15, 0.03);
  EXPECT_NEAR(red / double{kDraws}, 0.85 * 0.2, 0.03);
  EXPECT_NEAR(related / double{kDraws}, 0.85 * 0.2, 0.03);
  EXPECT_NEAR(number / double{kDraws}, 0.85 * 0.2, 0.03);
  EXPECT_NEAR(placed / double{kDraws}, 0.85 * 0.8 * 0.2, 0.03) << "of what no relation places";
}

TEST(Captions, UseExactlyTheVocabulary) {
  std::set<std::string> used;
  Rng rng(3);
  const auto use = [&](const std::string& text) {
    EXPECT_EQ(text.find("  "), std::string::npos);
    for (const std::string& word : words_of(text)) used.insert(word);
  };
  for (const char* question : questions()) use(question);
  for (int64_t i = 0; i < 5000; ++i) {
    const Scene scene = scene_at(9, i, {}, Split::train);
    use(dense_caption(scene));
    use(sparse_caption(scene, {}, rng));
  }
  const auto words = vocabulary();
  EXPECT_EQ(used, std::set<std::string>(words.begin(), words.end()));
}

TEST(Captions, StayShort) {
  size_t longest_dense = 0, longest_sparse = 0;
  Rng rng(4);
  for (int64_t i = 0; i < 5000; ++i) {
    const Scene scene = scene_at(9, i, {}, Split::train);
    longest_dense = std::max(longest_dense, words_of(dense_caption(scene)).size());
    longest_sparse = std::max(longest_sparse, words_of(sparse_caption(scene, {}, rng)).size());
  }
  EXPECT_LE(longest_dense, 23u);
  EXPECT_LE(longest_sparse, 26u);
}

}  // namespace
}  // namespace umm::tiny_world
