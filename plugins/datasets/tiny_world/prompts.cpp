#include "prompts.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "catalog.h"
#include "grammar.h"
#include "umm/error.h"
#include "umm/log.h"
#include "umm/random.h"

namespace umm::tiny_world {
namespace {

using Json = nlohmann::ordered_json;  // keys in the order of GenEval's file

// A prompt without its opening, and what the picture must and must not show.
struct Fact {
  std::string words;
  Json include = Json::array();
  Json exclude = Json::array();
};

int num_shapes() {
  return static_cast<int>(shapes().size());
}

int num_colors() {
  return static_cast<int>(colors().size());
}

Json clause(int shape, int count, int color = kAnyColor) {
  Json json{{"class", shapes()[shape].name}, {"count", count}};
  if (color != kAnyColor) json["color"] = colors()[color].name;
  return json;
}

std::vector<Fact> single_object() {
  std::vector<Fact> facts;
  for (int shape = 0; shape < num_shapes(); ++shape) {
    for (const bool number : {false, true}) {
      facts.push_back({to_text(Noun{shape, kAnyColor, 1, number}), Json::array({clause(shape, 1)})});
    }
  }
  return facts;
}

std::vector<Fact> two_object() {
  std::vector<Fact> facts;
  for (int a = 0; a < num_shapes(); ++a) {
    for (int b = 0; b < num_shapes(); ++b) {
      if (a == b) continue;
      facts.push_back(
          {to_text(Noun{a}) + " and " + to_text(Noun{b}), Json::array({clause(a, 1), clause(b, 1)})});
    }
  }
  return facts;
}

std::vector<Fact> counting() {
  std::vector<Fact> facts;
  for (int shape = 0; shape < num_shapes(); ++shape) {
    for (int count = 2; count <= kNumCells; ++count) {
      facts.push_back({to_text(Noun{shape, kAnyColor, count, true}), Json::array({clause(shape, count)}),
                       Json::array({clause(shape, count + 1)})});
    }
  }
  return facts;
}

std::vector<Fact> one_color() {
  std::vector<Fact> facts;
  for (int shape = 0; shape < num_shapes(); ++shape) {
    for (int color = 0; color < num_colors(); ++color) {
      facts.push_back({to_text(Noun{shape, color}), Json::array({clause(shape, 1, color)})});
    }
  }
  return facts;
}

// "A left of B" is checked as GenEval does: clause 0 is B, clause 1 is A and points back at it.
std::vector<Fact> position() {
  std::vector<Fact> facts;
  for (int a = 0; a < num_shapes(); ++a) {
    for (int b = 0; b < num_shapes(); ++b) {
      for (int i = 0; a != b && i < kNumRelations; ++i) {
        const char* relation = to_text(static_cast<Relation>(i));
        Json subject = clause(a, 1);
        subject["position"] = Json::array({relation, 0});
        facts.push_back({to_text(Noun{a}) + " " + relation + " " + to_text(Noun{b}),
                         Json::array({clause(b, 1), subject})});
      }
    }
  }
  return facts;
}

std::vector<Fact> color_attr() {
  std::vector<Fact> facts;
  for (int i = 0; i < num_shapes() * num_shapes() * num_colors() * num_colors(); ++i) {
    const int a = i % num_shapes(), b = i / num_shapes() % num_shapes();
    const int colors_of_both = i / num_shapes() / num_shapes();
    const int color_a = colors_of_both % num_colors(), color_b = colors_of_both / num_colors();
    if (a == b || color_a == color_b) continue;
    facts.push_back({to_text(Noun{a, color_a}) + " and " + to_text(Noun{b, color_b}),
                     Json::array({clause(a, 1, color_a), clause(b, 1, color_b)})});
  }
  return facts;
}

void append_tag(const char* tag, std::vector<Fact> facts, int64_t wanted, Rng rng,
                std::vector<std::string>& records) {
  int64_t made = 0;
  for (const char* opening : openings()) {
    for (size_t i = facts.size(); i > 1; --i) {
      std::swap(facts[i - 1], facts[rng.integer(static_cast<int64_t>(i))]);
    }
    for (const Fact& fact : facts) {
      if (made == wanted) return;
      Json record{{"tag", tag}, {"include", fact.include}};
      if (!fact.exclude.empty()) record["exclude"] = fact.exclude;
      record["prompt"] = std::string(opening) + " " + fact.words;
      records.push_back(record.dump());
      ++made;
    }
  }
  if (made < wanted) {
    log_warning(detail::concat("tiny_world: tag ", tag, " has only ", made, " different prompts, ", wanted,
                               " were asked for"));
  }
}

}  // namespace

std::vector<std::string> make_prompts(uint64_t seed, int64_t prompts_per_tag) {
  const std::pair<const char*, std::vector<Fact>> tags[] = {
      {"single_object", single_object()}, {"two_object", two_object()},
      {"counting", counting()},           {"colors", one_color()},
      {"position", position()},           {"color_attr", color_attr()},
  };
  const Rng rng(seed);
  std::vector<std::string> records;
  for (const auto& [tag, facts] : tags) append_tag(tag, facts, prompts_per_tag, rng.fork(tag), records);
  return records;
}

}  // namespace umm::tiny_world
