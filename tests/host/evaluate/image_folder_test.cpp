#include "evaluate/image_folder.h"

#include <gtest/gtest.h>

#include "tests/host/train/fakes.h"

namespace umm {
namespace {

TEST(ImageFolder, EnergyIsKnownOfAllPicturesOrOfNone) {
  const testing::TemporaryFolder output;
  const std::vector<EvaluationItem> items = {{"00000", "two_object", "a cup and a bench", "{}"}};
  const std::string identity(64, 'a');
  const auto add = [&](std::optional<double> joules) {
    ImageFolder folder(output.path(), identity, items, 4);
    results::CostRow cost{.phase = "generate", .device_seconds = 2, .device_name = "cuda", .images = 1};
    cost.energy_joules = joules;
    folder.add_cost(cost);
    return ImageFolder(output.path(), identity, items, 4).cost();
  };
  EXPECT_EQ(add(10).energy_joules, 10);
  EXPECT_EQ(add(5).energy_joules, 15);
  EXPECT_EQ(add(std::nullopt).energy_joules, std::nullopt);
  const auto cost = add(5);
  EXPECT_EQ(cost.energy_joules, std::nullopt);
  EXPECT_EQ(cost.device_seconds, 8);
  EXPECT_EQ(cost.images, 4);
}

}  // namespace
}  // namespace umm
