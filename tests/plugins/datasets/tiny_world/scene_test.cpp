#include "scene.h"

#include <gtest/gtest.h>

#include <set>

#include "catalog.h"

namespace umm::tiny_world {
namespace {

TEST(Scene, IsAPureFunctionOfItsIndex) {
  for (const int64_t index : {0, 1, 77, 1000000}) {
    EXPECT_EQ(scene_at(3, index, {}, Split::train), scene_at(3, index, {}, Split::train));
  }
  int equal = 0;
  for (int64_t i = 0; i < 200; ++i)
    equal += scene_at(3, i, {}, Split::train) == scene_at(4, i, {}, Split::train);
  EXPECT_LT(equal, 20) << "seeds must give different scenes";
}

TEST(Scene, StaysInsideItsLimits) {
  std::set<size_t> counts;
  std::set<int> used_shapes, used_colors, used_cells;
  for (int64_t i = 0; i < 2000; ++i) {
    const Scene scene = scene_at(0, i, {.min_objects = 2, .max_objects = 3}, Split::train);
    counts.insert(scene.objects.size());
    int last_cell = -1;
    for (const Object& object : scene.objects) {
      EXPECT_GT(object.cell, last_cell) << "in the order of cells, one object each";
      last_cell = object.cell;
      used_shapes.insert(object.shape);
      used_colors.insert(object.color);
      used_cells.insert(object.cell);
    }
  }
  EXPECT_EQ(counts, (std::set<size_t>{2, 3}));
  EXPECT_EQ(used_shapes.size(), shapes().size());
  EXPECT_EQ(used_colors.size(), colors().size());
  EXPECT_EQ(used_cells.size(), static_cast<size_t>(kNumCells));
}

TEST(Scene, SplitsNeverShareAScene) {
  std::set<std::string> trained, heldout;
  for (int64_t i = 0; i < 5000; ++i) {
    trained.insert(scene_key(scene_at(1, i, {}, Split::train)));
    heldout.insert(scene_key(scene_at(2, i, {}, Split::heldout)));
  }
  for (const std::string& key : heldout) EXPECT_FALSE(trained.contains(key)) << key;
}

TEST(Scene, AboutOneInTenIsHeldOut) {
  Rng rng(5);
  int heldout = 0;
  for (int i = 0; i < 5000; ++i) heldout += split_of(sample_scene({}, rng)) == Split::heldout;
  EXPECT_NEAR(heldout, 500, 150);
}

TEST(Scene, HeldOutScenesExistForEveryNumberOfObjects) {
  for (int count = 1; count <= kNumCells; ++count) {
    const Scene scene = scene_at(0, 0, {.min_objects = count, .max_objects = count}, Split::heldout);
    EXPECT_EQ(scene.objects.size(), static_cast<size_t>(count));
  }
}

}  // namespace
}  // namespace umm::tiny_world
