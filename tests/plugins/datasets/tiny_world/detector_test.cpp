#include "detector.h"

#include <gtest/gtest.h>

#include "captions.h"
#include "catalog.h"
#include "pictures.h"
#include "umm/error.h"

namespace umm::tiny_world {
namespace {

constexpr double kCountingThreshold = 0.9;  // GenEval's

void paint(Image& image, int64_t x1, int64_t y1, int64_t x2, int64_t y2, const Rgb& rgb) {
  for (int64_t y = y1; y < y2; ++y) {
    for (int64_t x = x1; x < x2; ++x) std::copy(rgb.begin(), rgb.end(), image.pixel(x, y));
  }
}

Detection box(float x1, float y1, float x2, float y2) {
  Detection detection;
  detection.x1 = x1;
  detection.y1 = y1;
  detection.x2 = x2;
  detection.y2 = y2;
  return detection;
}

TEST(Oracle, ReadsEveryCleanRender) {
  constexpr int64_t kScenes = 2500;
  for (int64_t i = 0; i < kScenes; ++i) {
    const Scene scene = scene_at(11, i, {}, i % 2 ? Split::train : Split::heldout);
    ASSERT_EQ(read_scene(render(scene, i % 5 ? 32 : 64), kCountingThreshold), scene) << dense_caption(scene);
  }
}

TEST(Oracle, ReadsEverySingleObject) {
  for (int shape = 0; shape < static_cast<int>(shapes().size()); ++shape) {
    for (int color = 0; color < static_cast<int>(colors().size()); ++color) {
      const Scene scene{{{shape, color, 2}}};
      EXPECT_EQ(read_scene(render(scene, 32), kCountingThreshold), scene) << dense_caption(scene);
      EXPECT_EQ(Oracle().detect(render(scene, 32)).size(), 1u) << "nothing else, at any score";
    }
  }
}

// A stand-in for a tokenizer: what GenEval would count, from a blurred picture with noise on it.
TEST(Oracle, ReadsBlurredNoisyPictures) {
  constexpr int kScenes = 1000;
  Rng rng(1);
  int exact = 0;
  for (int64_t i = 0; i < kScenes; ++i) {
    const Scene scene = scene_at(12, i, {}, Split::train);
    exact += read_scene(with_noise(blurred(render(scene, 32)), 12, rng), kCountingThreshold) == scene;
  }
  EXPECT_GE(exact, kScenes * 98 / 100);
}

TEST(Oracle, BoxAndMaskAreThoseOfTheObject) {
  const auto found = Oracle().detect(render({{{1, 2, 3}}}, 32));  // a green square, bottom right
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].label, "square");
  EXPECT_EQ(found[0].x1, 18);
  EXPECT_EQ(found[0].y1, 18);
  EXPECT_EQ(found[0].x2, 30);
  EXPECT_EQ(found[0].y2, 30);
  EXPECT_GT(found[0].score, kCountingThreshold);
  EXPECT_LT(found[0].score, 1);
  ASSERT_EQ(found[0].mask.size(), 32u * 32u);
  for (int64_t y = 0; y < 32; ++y) {
    for (int64_t x = 0; x < 32; ++x) {
      EXPECT_EQ(found[0].mask[y * 32 + x], x >= 18 && x < 30 && y >= 18 && y < 30);
    }
  }
}

TEST(Oracle, SeparatesEqualObjectsThatRunTogether) {
  for (int shape = 0; shape < static_cast<int>(shapes().size()); ++shape) {
    for (const bool in_row : {true, false}) {
      const Scene scene{{{shape, 0, 0}, {shape, 0, in_row ? 1 : 2}}};
      Image image = render(scene, 32);
      const Rgb& red = colors()[0].rgb;
      in_row ? paint(image, 13, 7, 19, 9, red) : paint(image, 7, 13, 9, 19, red);
      EXPECT_EQ(read_scene(image, 0.3), scene) << shapes()[shape].name;
    }
  }
}

TEST(Oracle, DoesNotCountWhatIsOnlyLikeAShape) {
  const Rgb& blue = colors()[3].rgb;
  const auto most_certain = [](const Image& image) {
    double best = 0;
    for (const Detection& detection : Oracle().detect(image)) best = std::max(best, detection.score);
    return best;
  };
  Image image = render({}, 32);
  paint(image, 2, 2, 14, 8, blue);  // half a square
  EXPECT_LT(most_certain(image), kCountingThreshold);

  for (int shape = 0; shape < static_cast<int>(shapes().size()); ++shape) {
    image = render({{{shape, 3, 0}}}, 32);
    paint(image, 0, 0, 8, 8, kBackground);  // one quarter of the object gone
    EXPECT_LT(most_certain(image), kCountingThreshold) << shapes()[shape].name;
    image = render({{{shape, 3, 0}}}, 32);
    paint(image, 0, 8, 16, 16, kBackground);
    EXPECT_LT(most_certain(image), kCountingThreshold) << "half a " << shapes()[shape].name;
  }
  image = render({}, 32);
  paint(image, 3, 3, 6, 6, blue);  // a speck
  EXPECT_EQ(most_certain(image), 0);
  paint(image, 0, 0, 32, 32, blue);  // a flood
  EXPECT_EQ(most_certain(image), 0);
}

// Left half of one shape, right half of another: what a model makes that is undecided between two.
TEST(Oracle, DoesNotCountHalvesOfTwoShapes) {
  for (int a = 0; a < static_cast<int>(shapes().size()); ++a) {
    for (int b = 0; b < static_cast<int>(shapes().size()); ++b) {
      if (a == b) continue;
      Image image = render({{{a, 1, 0}}}, 32);
      const Image other = render({{{b, 1, 0}}}, 32);
      for (int64_t y = 0; y < 16; ++y) std::copy_n(other.pixel(8, y), 8 * 3, image.pixel(8, y));
      for (const Detection& detection : Oracle().detect(image)) {
        EXPECT_LT(detection.score, kCountingThreshold) << shapes()[a].name << " and " << shapes()[b].name;
      }
    }
  }
}

TEST(Oracle, InventsNothingInNoise) {
  Rng rng(2);
  Oracle oracle;
  for (const int64_t size : {16, 17, 32, 50, 64, 200}) {
    for (int repeat = 0; repeat < (size > 100 ? 1 : 20); ++repeat) {
      Image image = make_image(size, size + repeat);
      for (uint8_t& value : image.rgb) value = static_cast<uint8_t>(rng.integer(256));
      for (int times_blurred = 0; times_blurred < 4; ++times_blurred, image = blurred(image)) {
        for (const Detection& detection : oracle.detect(image)) {
          EXPECT_LT(detection.score, kCountingThreshold) << detection.label << " in " << size << " pixels";
        }
      }
    }
  }
}

TEST(Oracle, ColourScoresOfAllOfGenEvalsColours) {
  const std::vector<std::string> names{"red",    "orange", "yellow", "green", "blue",
                                       "purple", "pink",   "brown",  "black", "white"};
  const Image image = render({{{3, 4, 1}}}, 32);  // a purple cross
  const auto scores = Oracle().color_scores(image, Oracle().detect(image).at(0), names);
  ASSERT_EQ(scores.size(), names.size());
  EXPECT_DOUBLE_EQ(scores[5], 1);
  for (size_t i = 0; i < names.size(); ++i) {
    if (i == 5) continue;
    EXPECT_LT(scores[i], find_color(names[i]) < 0 ? 1e-9 : 0.7) << names[i];
  }
}

TEST(Oracle, ColourScoresOfABoxWithoutMask) {
  const Image image = render({{{1, 5, 0}}}, 32);
  const auto scores = Oracle().color_scores(image, box(2, 2, 14, 14), {"red", "white"});
  EXPECT_GT(scores[1], 0.99);
  EXPECT_LT(scores[0], 0.5);
  const auto outside = Oracle().color_scores(image, box(40, -9, 60, -3), {"red"});
  EXPECT_EQ(outside[0], 0);
}

TEST(Oracle, RefusesPicturesTooSmallToRead) {
  EXPECT_THROW(Oracle().detect(make_image(15, 40)), Error);
}

}  // namespace
}  // namespace umm::tiny_world
