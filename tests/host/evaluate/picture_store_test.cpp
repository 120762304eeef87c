#include "evaluate/picture_store.h"

#include <gtest/gtest.h>

#include "tests/host/train/fakes.h"

namespace umm {
namespace {

namespace fs = std::filesystem;

TEST(PictureStore, KeepsAPictureBeforeAnEvaluationHasIt) {
  const testing::TemporaryFolder output;
  const PictureStore store(output.path(), "weights", 7);
  const EvaluationItem item = {"00000", "two_object", "a cup and a bench", "{}"};
  const Image picture{.width = 2, .height = 1, .rgb = {1, 2, 3, 4, 5, 6}};
  const fs::path file = output.path() / "00000.png";
  EXPECT_FALSE(store.fetch(item, 0, file));
  EXPECT_ANY_THROW(store.write(item, 0, picture, output.path() / "no folder" / "00000.png"));
  EXPECT_TRUE(store.fetch(item, 0, file)) << "what was drawn is lost with the process that drew it";
  store.write(item, 1, picture, file);
  EXPECT_EQ(fs::hard_link_count(file), 2u);
  fs::remove(file);
  ASSERT_TRUE(store.fetch(item, 1, file));
  EXPECT_EQ(read_png(file.string()).rgb, picture.rgb);
  EXPECT_FALSE(store.fetch(item, 2, file));
}

}  // namespace
}  // namespace umm
