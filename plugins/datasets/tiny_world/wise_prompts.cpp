#include "wise_prompts.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <span>
#include <string_view>
#include <utility>

#include "catalog.h"
#include "grammar.h"
#include "statements.h"
#include "umm/error.h"
#include "umm/random.h"

namespace umm::tiny_world {
namespace {

using Json = nlohmann::ordered_json;

// Of what the knowledge is: the name of a colour or a shape, a number, or a relation.
enum class Topic { color, shape, count, place };

struct Fact {
  Topic topic;
  const char* words;    // "grass", "a horse has legs", "the full moon", "north of"
  const char* meaning;  // "green", "4", "circle", "above"
};

struct Category {
  const char* name;  // the data's own
  int64_t first_id;
  std::span<const Fact> facts;
};

constexpr Fact kCulture[] = {
    {Topic::color, "a stop sign", "red"},          {Topic::color, "a taxi in new york", "yellow"},
    {Topic::color, "the beard of santa", "white"}, {Topic::shape, "a chess board", "square"},
    {Topic::shape, "a wedding band", "ring"},      {Topic::shape, "the sign of addition", "cross"}};

constexpr Fact kTime[] = {{Topic::count, "a year has seasons", "4"},
                          {Topic::count, "a quarter of a year has months", "3"},
                          {Topic::count, "a weekend has days", "2"},
                          {Topic::color, "the cloudless sky at noon", "blue"}};

constexpr Fact kSpace[] = {{Topic::place, "north of", "above"},
                           {Topic::place, "south of", "below"},
                           {Topic::place, "east of", "right of"},
                           {Topic::place, "west of", "left of"},
                           {Topic::shape, "the full moon", "circle"}};

constexpr Fact kBiology[] = {
    {Topic::color, "grass", "green"},          {Topic::color, "blood", "red"},
    {Topic::color, "a canary", "yellow"},      {Topic::color, "milk", "white"},
    {Topic::count, "a horse has legs", "4"},   {Topic::count, "a person has eyes", "2"},
    {Topic::count, "a clover has leaves", "3"}};

constexpr Fact kPhysics[] = {{Topic::color, "the light with the longest waves", "red"},
                             {Topic::color, "the light that all colors make together", "white"},
                             {Topic::count, "a triangle has corners", "3"},
                             {Topic::count, "a square has sides", "4"},
                             {Topic::count, "a magnet has poles", "2"},
                             {Topic::shape, "the outline of a ball", "circle"}};

constexpr Fact kChemistry[] = {{Topic::color, "table salt", "white"},
                               {Topic::color, "sulfur", "yellow"},
                               {Topic::color, "a flame with copper in it", "green"},
                               {Topic::color, "a flame with potassium in it", "purple"},
                               {Topic::count, "a molecule of water has atoms", "3"},
                               {Topic::count, "a molecule of oxygen has atoms", "2"},
                               {Topic::count, "a molecule of methane has atoms of hydrogen", "4"}};

constexpr Category kCategories[] = {{"Cultural knowledge", 1, kCulture},
                                    {"time", 401, kTime},
                                    {"Space", 568, kSpace},
                                    {"Biology", 701, kBiology},
                                    {"Physical Knowledge", 801, kPhysics},
                                    {"Chemistry", 901, kChemistry}};

constexpr const char* kTopics[] = {"color", "shape", "count", "place"};  // in the order of Topic

struct Task {
  std::string prompt;
  Statement explanation;
  Topic topic;
};

int num_shapes() {
  return static_cast<int>(shapes().size());
}

int find_shape(std::string_view name) {
  for (int shape = 0; shape < num_shapes(); ++shape)
    if (shapes()[shape].name == name) return shape;
  throw Error(detail::concat("the tiny world has no shape ", name));
}

Relation find_relation(std::string_view name) {
  for (int relation = 0; relation < kNumRelations; ++relation)
    if (to_text(static_cast<Relation>(relation)) == name) return static_cast<Relation>(relation);
  throw Error(detail::concat("the tiny world has no relation ", name));
}

// Everything that one fact can be asked about.
void add_tasks(const Fact& fact, std::vector<Task>& tasks) {
  const std::string opening = std::string(openings()[0]) + " ", words = fact.words;
  const auto add = [&](const std::string& prompt, const Statement& explanation) {
    tasks.push_back({opening + prompt, explanation, fact.topic});
  };
  if (fact.topic == Topic::shape) {
    for (int color = 0; color < static_cast<int>(colors().size()); ++color)
      add(std::string("a ") + colors()[color].name + " object with the shape of " + words,
          {.noun = {find_shape(fact.meaning), color}});
    return;
  }
  for (int shape = 0; shape < num_shapes(); ++shape) {
    const std::string one = to_text(Noun{shape});
    if (fact.topic == Topic::color) {
      add(one + " in the color of " + words, {.noun = {shape, find_color(fact.meaning)}});
    } else if (fact.topic == Topic::count) {
      add(std::string("as many ") + shapes()[shape].plural + " as " + words,
          {.noun = {shape, kAnyColor, fact.meaning[0] - '0', true}});
    } else {
      for (int other = 0; other < num_shapes(); ++other)
        if (other != shape)
          add(one + " " + words + " " + to_text(Noun{other}) + " as on a map",
              {.noun = {shape}, .relation = find_relation(fact.meaning), .other = {other}});
    }
  }
}

}  // namespace

std::vector<std::string> make_wise_prompts(uint64_t seed, int64_t prompts_per_category) {
  UMM_CHECK(prompts_per_category <= kMostPerCategory, "a category has at least ", kMostPerCategory,
            " prompts, asked for ", prompts_per_category);
  std::vector<std::string> records;
  for (const Category& category : kCategories) {
    std::vector<Task> tasks;
    for (const Fact& fact : category.facts) add_tasks(fact, tasks);
    Rng rng = Rng(seed).fork(category.name);
    for (size_t i = tasks.size(); i > 1; --i)
      std::swap(tasks[i - 1], tasks[static_cast<size_t>(rng.integer(static_cast<int64_t>(i)))]);
    for (int64_t i = 0; i < prompts_per_category; ++i) {
      const Task& task = tasks.at(static_cast<size_t>(i));
      records.push_back(Json{{"prompt_id", category.first_id + i},
                             {"Prompt", task.prompt},
                             {"Explanation", to_text(task.explanation)},
                             {"Category", category.name},
                             {"Subcategory", kTopics[static_cast<int>(task.topic)]}}
                            .dump());
    }
  }
  return records;
}

}  // namespace umm::tiny_world
