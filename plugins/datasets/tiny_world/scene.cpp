#include "scene.h"

#include <array>
#include <utility>

#include "catalog.h"
#include "umm/error.h"

namespace umm::tiny_world {
namespace {

constexpr uint64_t kHeldoutEvery = 10;
constexpr int kMaxDraws = 10000;

// Scenes of one shape are rare by chance, and counts are learned from them.
constexpr double kSameShape = 0.4;

}  // namespace

std::string scene_key(const Scene& scene) {
  std::string key;
  for (const Object& object : scene.objects) {
    if (!key.empty()) key += ", ";
    key += std::string(colors()[object.color].name) + " " + shapes()[object.shape].name + " " +
           std::to_string(object.cell);
  }
  return key;
}

Split split_of(const Scene& scene) {
  const uint64_t hash = Rng(0).fork(scene_key(scene)).next();
  return hash % kHeldoutEvery == 0 ? Split::heldout : Split::train;
}

Scene sample_scene(const SceneLimits& limits, Rng& rng) {
  const auto num_shapes = static_cast<int64_t>(shapes().size());
  const auto num_colors = static_cast<int64_t>(colors().size());
  const auto count = limits.min_objects + rng.integer(limits.max_objects - limits.min_objects + 1);
  const bool same_shape = rng.chance(kSameShape);
  const auto shared_shape = static_cast<int>(rng.integer(num_shapes));

  std::array<int, kNumCells> cells{};
  for (int i = 0; i < kNumCells; ++i) cells[i] = i;
  for (int i = kNumCells - 1; i > 0; --i) std::swap(cells[i], cells[rng.integer(i + 1)]);
  std::array<bool, kNumCells> filled{};
  for (int i = 0; i < count; ++i) filled[cells[i]] = true;

  Scene scene;
  for (int cell = 0; cell < kNumCells; ++cell) {
    if (!filled[cell]) continue;
    const int shape = same_shape ? shared_shape : static_cast<int>(rng.integer(num_shapes));
    scene.objects.push_back({shape, static_cast<int>(rng.integer(num_colors)), cell});
  }
  return scene;
}

Scene scene_at(uint64_t seed, int64_t index, const SceneLimits& limits, Split split) {
  Rng rng = Rng(seed).fork("scene", static_cast<uint64_t>(index));
  for (int draw = 0; draw < kMaxDraws; ++draw) {
    Scene scene = sample_scene(limits, rng);
    if (split_of(scene) == split) return scene;
  }
  throw Error(detail::concat("no scene of the wanted split among ", kMaxDraws, " draws of ",
                             limits.min_objects, " to ", limits.max_objects, " objects; allow more objects"));
}

}  // namespace umm::tiny_world
