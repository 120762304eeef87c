#include "dense_prompts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "catalog.h"
#include "dpg/questions.h"
#include "pictures.h"
#include "witnesses.h"

namespace umm::tiny_world {
namespace {

dpg::Item item_of(const DensePrompt& prompt) {
  return dpg::read_json_lines(prompt.record, "tiny_world_dpg", dpg::Variant::fixed).at(0);
}

std::string ask(const Scene& scene, const std::string& question) {
  return OracleAnswerer().answer(render(scene, 32), {question}).at(0).text;
}

bool is_one(const Object& object, const Noun& noun) {
  return object.shape == noun.shape && (noun.color == kAnyColor || noun.color == object.color);
}

Scene without(Scene scene, const Noun& noun) {
  std::erase_if(scene.objects, [&](const Object& object) { return is_one(object, noun); });
  return scene;
}

Scene recoloured(Scene scene, const Noun& noun) {
  for (Object& object : scene.objects)
    if (is_one(object, noun)) object.color = (object.color + 1) % static_cast<int>(colors().size());
  return scene;
}

Scene one_less(Scene scene, const Noun& noun) {
  scene.objects.erase(std::find_if(scene.objects.begin(), scene.objects.end(),
                                   [&](const Object& object) { return is_one(object, noun); }));
  return scene;
}

// Left is right and above is below.
Scene turned(Scene scene) {
  for (Object& object : scene.objects) object.cell = kNumCells - 1 - object.cell;
  std::reverse(scene.objects.begin(), scene.objects.end());
  return scene;
}

TEST(DensePrompts, ScenesShowWhatTheyTell) {
  for (const DensePrompt& prompt : make_dense_prompts(3, 100)) {
    for (const dpg::Question& question : item_of(prompt).questions)
      EXPECT_EQ(ask(prompt.scene, question.text), "yes") << prompt.record << "\n" << question.text;
  }
}

TEST(DensePrompts, EveryQuestionCanBeAnsweredWithNo) {
  int places = 0, relations_asked = 0, counts = 0;
  for (const DensePrompt& prompt : make_dense_prompts(4, 100)) {
    for (const dpg::Question& question : item_of(prompt).questions) {
      const auto statement = find_question(question.text);
      ASSERT_TRUE(statement) << question.text;
      const Noun& noun = statement->noun;
      const auto expect_no = [&](const Scene& scene) {
        EXPECT_EQ(ask(scene, question.text), "no") << question.text;
      };
      expect_no(without(prompt.scene, noun));
      if (noun.color != kAnyColor) expect_no(recoloured(prompt.scene, noun));
      if (noun.number) expect_no(one_less(prompt.scene, noun));
      if (statement->cell || statement->relation) expect_no(turned(prompt.scene));
      counts += noun.number ? 1 : 0;
      places += statement->cell ? 1 : 0;
      relations_asked += statement->relation ? 1 : 0;
    }
  }
  EXPECT_GT(places, 50);
  EXPECT_GT(relations_asked, 50);
  EXPECT_GT(counts, 10);
}

TEST(DensePrompts, QuestionsDependOnEarlierOnesOfWhatTheyAreAbout) {
  for (const DensePrompt& prompt : make_dense_prompts(0, 100)) {
    const dpg::Item item = item_of(prompt);
    for (size_t i = 0; i < item.questions.size(); ++i) {
      const dpg::Question& question = item.questions[i];
      EXPECT_EQ(question.parents.empty(), question.category == "entity - whole") << prompt.record;
      for (const size_t parent : question.parents) {
        EXPECT_LT(parent, i) << prompt.record;
        EXPECT_EQ(item.questions[parent].category,
                  question.category == "attribute - color" ? "entity - whole" : "attribute - color");
      }
    }
  }
}

TEST(DensePrompts, AreOfScenesThatTrainingNeverDraws) {
  std::set<std::string> texts, ids, families;
  const auto words = vocabulary();
  const auto prompts = make_dense_prompts(7, 40);
  ASSERT_EQ(prompts.size(), 40u);
  for (const DensePrompt& prompt : prompts) {
    const dpg::Item item = item_of(prompt);
    EXPECT_EQ(split_of(prompt.scene), Split::heldout);
    EXPECT_TRUE(texts.insert(item.prompt).second) << item.prompt;
    EXPECT_TRUE(ids.insert(item.id).second) << item.id;
    families.insert(item.id.substr(0, item.id.find_first_of("0123456789")));
    std::istringstream stream(item.prompt);
    int num_words = 0;
    for (std::string word; stream >> word; ++num_words)
      EXPECT_TRUE(std::binary_search(words.begin(), words.end(), word)) << word;
    EXPECT_LE(num_words, 30) << "the tiny models read 32 tokens";
  }
  EXPECT_EQ(families, (std::set<std::string>{"three", "four"}));
}

TEST(DensePrompts, DependOnTheSeedAlone) {
  const auto records = [](uint64_t seed) {
    std::vector<std::string> found;
    for (const DensePrompt& prompt : make_dense_prompts(seed, 20)) found.push_back(prompt.record);
    return found;
  };
  EXPECT_EQ(records(1), records(1));
  EXPECT_NE(records(1), records(2));
}

}  // namespace
}  // namespace umm::tiny_world
