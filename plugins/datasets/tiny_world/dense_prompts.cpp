#include "dense_prompts.h"

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "catalog.h"
#include "scene.h"
#include "statements.h"
#include "umm/random.h"

namespace umm::tiny_world {
namespace {

using Json = nlohmann::ordered_json;  // keys in a readable order

constexpr int kFewestObjects = 3;
constexpr double kRelated = 0.5;  // probability that two single objects are told by their relation

// Objects of one shape and one colour.
struct Kind {
  Noun noun = {};
  Object first = {};
};

std::vector<Kind> kinds_of(const Scene& scene, Rng& rng) {
  std::map<std::pair<int, int>, Kind> by_name;
  for (const Object& object : scene.objects) {
    auto [known, is_new] =
        by_name.emplace(std::pair(object.shape, object.color), Kind{{object.shape, object.color}, object});
    if (is_new) continue;
    ++known->second.noun.count;
    known->second.noun.number = true;
  }
  std::vector<Kind> kinds;
  for (const auto& [name, kind] : by_name) kinds.push_back(kind);
  for (size_t i = kinds.size(); i > 1; --i)
    std::swap(kinds[i - 1], kinds[static_cast<size_t>(rng.integer(static_cast<int64_t>(i)))]);
  return kinds;
}

// All that the prompt says, a statement for each of its phrases.
std::vector<Statement> tell(const Scene& scene, Rng& rng) {
  const auto kinds = kinds_of(scene, rng);
  std::vector<Statement> told;
  for (size_t i = 0; i < kinds.size(); ++i) {
    const bool single = kinds[i].noun.count == 1;
    if (single && i + 1 < kinds.size() && kinds[i + 1].noun.count == 1 && rng.chance(kRelated)) {
      const auto holding = relations(kinds[i].first, kinds[i + 1].first);
      told.push_back(
          {.noun = kinds[i].noun,
           .relation = holding[static_cast<size_t>(rng.integer(static_cast<int64_t>(holding.size())))],
           .other = kinds[i + 1].noun});
      ++i;
    } else if (single) {
      told.push_back({.noun = kinds[i].noun, .cell = kinds[i].first.cell});
    } else {
      told.push_back({.noun = kinds[i].noun});
    }
  }
  return told;
}

class Questions {
 public:
  void ask(const Statement& statement) {
    std::vector<int64_t> about = {kind(statement.noun)};
    const std::string name = name_of(statement.noun);
    if (statement.relation) {
      about.push_back(kind(statement.other));
      add("relation - spatial", {name, to_text(*statement.relation), name_of(statement.other)}, statement,
          about);
    } else if (statement.cell) {
      add("relation - spatial", {name, place(*statement.cell)}, statement, about);
    } else {
      add("other - count", {name, std::to_string(statement.noun.count)}, statement, about);
    }
  }

  Json json() const { return questions_; }

 private:
  static std::string name_of(const Noun& noun) {
    return std::string(colors()[noun.color].name) + " " + shapes()[noun.shape].name;
  }

  // The question whether there is one of this shape and colour, below that whether there is one of its shape.
  int64_t kind(const Noun& noun) {
    const char* shape = shapes()[noun.shape].name;
    int64_t& entity = entities_[noun.shape];
    if (entity == 0) entity = add("entity - whole", {shape}, {.noun = {noun.shape}}, {0});
    return add("attribute - color", {shape, colors()[noun.color].name}, {.noun = {noun.shape, noun.color}},
               {entity});
  }

  int64_t add(const char* category, const std::vector<std::string>& arguments, const Statement& statement,
              const std::vector<int64_t>& dependency) {
    std::string list;
    for (const std::string& argument : arguments) list += (list.empty() ? "" : ", ") + argument;
    const auto id = static_cast<int64_t>(questions_.size()) + 1;
    questions_.push_back({{"proposition_id", id},
                          {"dependency", dependency},
                          {"tuple", std::string(category) + " (" + list + ")"},
                          {"question", question(statement)}});
    return id;
  }

  Json questions_ = Json::array();
  std::map<int, int64_t> entities_;  // number of the question about each shape
};

}  // namespace

std::vector<DensePrompt> make_dense_prompts(uint64_t seed, int64_t prompts) {
  std::vector<DensePrompt> made;
  std::set<std::string> known;
  for (int64_t index = 0; static_cast<int64_t>(made.size()) < prompts; ++index) {
    const int objects = kFewestObjects + static_cast<int>(index % (kNumCells - kFewestObjects + 1));
    const Scene scene = scene_at(seed, index, {objects, objects}, Split::heldout);
    Rng rng = Rng(seed).fork("dense prompt", static_cast<uint64_t>(index));
    std::string text;
    Questions questions;
    for (const Statement& statement : tell(scene, rng)) {
      text += (text.empty() ? std::string(openings()[0]) + " " : " and ") + to_text(statement);
      questions.ask(statement);
    }
    if (!known.insert(text).second) continue;
    const std::string number = std::to_string(made.size());
    const Json record = {{"item_id", (objects == kNumCells ? "four" : "three") +
                                         std::string(number.size() < 2 ? "0" : "") + number},
                         {"text", text},
                         {"questions", questions.json()}};
    made.push_back({scene, record.dump()});
  }
  return made;
}

}  // namespace umm::tiny_world
