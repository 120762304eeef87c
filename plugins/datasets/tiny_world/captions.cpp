#include "captions.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace umm::tiny_world {
namespace {

// Objects that one noun phrase names.
struct Group {
  Noun noun;
  Object first;

  bool single() const { return noun.count == 1; }
};

using Kind = std::pair<int, int>;  // shape, colour or kAnyColor

std::vector<Group> group_by(const std::map<Kind, std::vector<Object>>& kinds) {
  std::vector<Group> groups;
  for (const auto& [kind, objects] : kinds) {
    Group group;
    group.noun = {.shape = kind.first, .color = kind.second, .count = static_cast<int>(objects.size())};
    group.first = objects.front();
    groups.push_back(group);
  }
  return groups;
}

std::string related(const Group& a, Relation relation, const Group& b) {
  return to_text(a.noun) + " " + to_text(relation) + " " + to_text(b.noun);
}

std::string join(const std::vector<std::string>& phrases) {
  std::string text;
  for (const std::string& phrase : phrases) text += (text.empty() ? "" : " and ") + phrase;
  return text;
}

template <typename T>
void shuffle(std::vector<T>& items, Rng& rng) {
  for (size_t i = items.size(); i > 1; --i)
    std::swap(items[i - 1], items[rng.integer(static_cast<int64_t>(i))]);
}

}  // namespace

std::string dense_caption(const Scene& scene) {
  std::vector<std::string> phrases;
  for (const Object& object : scene.objects)
    phrases.push_back(to_text(Noun{object.shape, object.color}) + " " + place(object.cell));
  return join(phrases);
}

std::string sparse_caption(const Scene& scene, const SparseRates& rates, Rng& rng) {
  if (rng.chance(rates.empty)) return "";
  std::map<Kind, bool> color_kept;
  std::map<Kind, std::vector<Object>> kinds;
  for (const Object& object : scene.objects) {
    const Kind kind{object.shape, object.color};
    if (!color_kept.contains(kind)) color_kept[kind] = rng.chance(rates.color);
    kinds[{object.shape, color_kept[kind] ? object.color : kAnyColor}].push_back(object);
  }
  std::vector<Group> groups = group_by(kinds);
  shuffle(groups, rng);
  for (Group& group : groups) group.noun.number = rng.chance(rates.keep);

  std::vector<std::string> phrases;
  for (size_t i = 0; i < groups.size(); ++i) {
    const bool pair = i + 1 < groups.size() && groups[i].single() && groups[i + 1].single();
    if (pair && rng.chance(rates.keep)) {
      const auto holding = relations(groups[i].first, groups[i + 1].first);
      const Relation relation = holding[rng.integer(static_cast<int64_t>(holding.size()))];
      phrases.push_back(related(groups[i], relation, groups[i + 1]));
      ++i;
    } else {
      std::string phrase = to_text(groups[i].noun);
      if (groups[i].single() && rng.chance(rates.keep))
        phrase += std::string(" ") + place(groups[i].first.cell);
      phrases.push_back(phrase);
    }
  }
  const auto num_openings = static_cast<int64_t>(openings().size());
  const int64_t opening = rng.chance(0.5) ? 0 : rng.integer(num_openings);
  return std::string(openings()[opening]) + " " + join(phrases);
}

}  // namespace umm::tiny_world
