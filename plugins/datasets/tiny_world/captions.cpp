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
  unsigned cells = 0;  // bit set
  Object first;

  bool single() const { return noun.count == 1; }
};

using Kind = std::pair<int, int>;  // shape, colour or kAnyColor

std::vector<Group> group_by(const std::map<Kind, std::vector<Object>>& kinds) {
  std::vector<Group> groups;
  for (const auto& [kind, objects] : kinds) {
    Group group;
    group.noun = {.shape = kind.first, .color = kind.second, .count = static_cast<int>(objects.size())};
    for (const Object& object : objects) group.cells |= 1u << object.cell;
    group.first = objects.front();
    groups.push_back(group);
  }
  return groups;
}

std::string related(const Group& a, Relation relation, const Group& b) {
  return to_text(a.noun) + " " + to_text(relation) + " " + to_text(b.noun);
}

// A statement of the dense caption, placed where its first cell comes in reading order.
struct Statement {
  unsigned cells = 0;
  std::string words;

  unsigned first_cell() const { return cells & (~cells + 1); }
};

// Takes two single objects of one row, or else of one column, out of `singles` and relates them.
bool take_pair(std::vector<Group>& singles, bool same_row, std::vector<Statement>& statements) {
  for (size_t i = 0; i < singles.size(); ++i) {
    for (size_t j = i + 1; j < singles.size(); ++j) {
      const Group a = singles[i], b = singles[j];
      const bool together = same_row ? a.first.row() == b.first.row() : a.first.column() == b.first.column();
      if (!together) continue;
      statements.push_back({a.cells | b.cells, related(a, relations(a.first, b.first).front(), b)});
      singles.erase(singles.begin() + static_cast<std::ptrdiff_t>(j));
      singles.erase(singles.begin() + static_cast<std::ptrdiff_t>(i));
      return true;
    }
  }
  return false;
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
  std::map<Kind, std::vector<Object>> kinds;
  for (const Object& object : scene.objects) kinds[{object.shape, object.color}].push_back(object);

  std::vector<Statement> statements;
  std::vector<Group> singles;  // in the order of the tables, so that all four relations occur
  for (Group& group : group_by(kinds)) {
    group.noun.number = !group.single();
    if (group.single()) {
      singles.push_back(group);
    } else {
      statements.push_back({group.cells, to_text(group.noun)});
    }
  }
  while (take_pair(singles, true, statements) || take_pair(singles, false, statements)) {
  }
  for (const Group& group : singles) statements.push_back({group.cells, to_text(group.noun)});

  std::sort(statements.begin(), statements.end(),
            [](const Statement& a, const Statement& b) { return a.first_cell() < b.first_cell(); });
  std::vector<std::string> phrases;
  for (const Statement& statement : statements)
    phrases.push_back(statement.words + " " + place(statement.cells));
  return join(phrases);
}

std::string sparse_caption(const Scene& scene, const SparseRates& rates, Rng& rng) {
  if (rng.chance(rates.empty)) return "";
  std::map<Kind, bool> color_kept;
  std::map<Kind, std::vector<Object>> kinds;
  for (const Object& object : scene.objects) {
    const Kind kind{object.shape, object.color};
    if (!color_kept.contains(kind)) color_kept[kind] = rng.chance(rates.keep);
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
      phrases.push_back(to_text(groups[i].noun));
    }
  }
  const auto num_openings = static_cast<int64_t>(openings().size());
  const int64_t opening = rng.chance(0.5) ? 0 : rng.integer(num_openings);
  return std::string(openings()[opening]) + " " + join(phrases);
}

}  // namespace umm::tiny_world
