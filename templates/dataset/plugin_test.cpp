#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "umm/testing/linked_plugin.h"
#include "umm/umm.h"

namespace {

using namespace umm;
namespace fs = std::filesystem;
using ::testing::HasSubstr;

class MyDataset : public ::testing::Test {
 protected:
  void SetUp() override { fs::create_directories(folder_); }
  void TearDown() override { fs::remove_all(folder_); }

  // A picture of one grey, twice as wide as high.
  void write_picture(const std::string& name, uint8_t grey) const {
    Image image = make_image(64, 32);
    std::fill(image.rgb.begin(), image.rgb.end(), grey);
    write_png((folder_ / name).string(), image);
  }

  static std::unique_ptr<Dataset> open(const fs::path& folder) {
    const PluginEntry& plugin = umm::testing::linked_plugin();
    return plugin.make_dataset(
        Options(plugin.options, {{"pictures", folder.string()}, {"image_size", int64_t{16}}}));
  }

  static std::string problem_of(const fs::path& folder) {
    try {
      open(folder);
    } catch (const InputError& error) {
      return error.what();
    }
    return "(none)";
  }

  const fs::path folder_ = fs::temp_directory_path() / ("my_dataset_" + std::to_string(getpid()));
};

TEST_F(MyDataset, ReadsPicturesInTheOrderOfTheirNames) {
  write_picture("b_red-kettle.png", 255);
  write_picture("a.PNG", 0);
  std::ofstream(folder_ / "a.txt") << "a dark room\n";
  const auto dataset = open(folder_);
  ASSERT_EQ(dataset->size(), 2);

  const Sample dark = dataset->sample(0), bright = dataset->sample(1);
  EXPECT_EQ(dark.image.sizes(), at::IntArrayRef({3, 16, 16}));
  EXPECT_TRUE(dark.image.eq(-1).all().item<bool>());
  EXPECT_TRUE(bright.image.eq(1).all().item<bool>());
  EXPECT_EQ(dark.caption, "a dark room");
  EXPECT_EQ(bright.caption, "b red kettle");
  EXPECT_EQ(bright.question, "what is in this picture?");
  EXPECT_EQ(bright.answer, "b red kettle");
  EXPECT_THROW(dataset->sample(2), Error);
  EXPECT_THROW(dataset->sample(-1), Error);
}

TEST_F(MyDataset, NamesAFolderThatHoldsNothing) {
  EXPECT_THAT(problem_of(folder_ / "none"), HasSubstr((folder_ / "none").string()));
  std::ofstream(folder_ / "notes.txt") << "no picture";
  EXPECT_THAT(problem_of(folder_), HasSubstr("PNG or JPEG files in " + folder_.string()));
}

}  // namespace
