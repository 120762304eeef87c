// What a picture of the world shows: one to four objects, each alone in one of 2 x 2 cells.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "umm/random.h"

namespace umm::tiny_world {

inline constexpr int kGrid = 2;                  // cells along each side of the picture
inline constexpr int kNumCells = kGrid * kGrid;  // numbered in reading order: 0 top left, 1 top right, ...

struct Object {
  int shape = 0;  // row of shapes()
  int color = 0;  // row of colors()
  int cell = 0;   // [0, kNumCells)

  int column() const { return cell % kGrid; }
  int row() const { return cell / kGrid; }
  bool operator==(const Object&) const = default;
};

// Objects in the order of their cells, at most one in each.
struct Scene {
  std::vector<Object> objects;
  bool operator==(const Scene&) const = default;
};

struct SceneLimits {
  int min_objects = 1;
  int max_objects = kNumCells;
};

enum class Split { train, heldout };

// One scene in ten is held out, whatever the seed: a property of the scene alone.
Split split_of(const Scene& scene);

Scene sample_scene(const SceneLimits& limits, Rng& rng);

// Scene number `index` of the split: a pure function of its arguments.
Scene scene_at(uint64_t seed, int64_t index, const SceneLimits& limits, Split split);

// "red circle 0, blue square 3": the scene in words that outlive a change of the tables.
std::string scene_key(const Scene& scene);

}  // namespace umm::tiny_world
