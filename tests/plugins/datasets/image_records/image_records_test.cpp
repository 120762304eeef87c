#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "umm/testing/linked_plugin.h"
#include "umm/umm.h"

namespace umm {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class ImageRecords : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(folder_);
    fs::copy_file(fs::path(UMM_SOURCE_DIR) / "tests/data/image/smooth.png", folder_ / "a.png");
    fs::copy_file(fs::path(UMM_SOURCE_DIR) / "tests/data/image/color.jpg", folder_ / "b.jpg");
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::unique_ptr<Dataset> open(const std::string& lines, const std::string& fit = "crop") {
    std::ofstream(folder_ / "list.jsonl") << lines;
    const PluginEntry& plugin = testing::linked_plugin();
    return plugin.make_dataset(
        Options(plugin.options,
                {{"records", (folder_ / "list.jsonl").string()}, {"image_size", int64_t{16}}, {"fit", fit}}));
  }

  std::string error_of(const std::string& lines) {
    try {
      open(lines);
    } catch (const InputError& error) {
      return error.what();
    }
    return "(no error)";
  }

  const fs::path folder_ = fs::temp_directory_path() / ("umm_image_records_" + std::to_string(getpid()));
};

TEST_F(ImageRecords, GivesPicturesAndTexts) {
  const auto dataset = open(
      "{\"image\": \"a.png\", \"caption\": \"waves\"}\n\n"
      "{\"image\": \"b.jpg\", \"question\": \"what?\", \"answer\": \"waves\", \"source_image\": \"a.png\","
      " \"instruction\": \"more\"}\n");
  ASSERT_EQ(dataset->size(), 2);
  const Sample first = dataset->sample(0), second = dataset->sample(1);
  EXPECT_EQ(first.image.sizes(), at::IntArrayRef({3, 16, 16}));
  EXPECT_EQ(first.caption, "waves");
  EXPECT_FALSE(first.source_image.defined());
  EXPECT_EQ(second.answer, "waves");
  EXPECT_TRUE(second.source_image.equal(first.image));
  EXPECT_FALSE(second.image.equal(first.image));  // JPEG loses something
  EXPECT_LE(first.image.abs().max().item<float>(), 1);
  EXPECT_FALSE(open("{\"image\": \"a.png\"}", "squash")->sample(0).image.equal(first.image));
}

TEST_F(ImageRecords, WrongLinesAreNamed) {
  EXPECT_THAT(error_of("{\"image\": \"a.png\"}\n{\"imge\": \"a.png\"}"),
              HasSubstr("list.jsonl:2: unknown key `imge`"));
  EXPECT_THAT(error_of("{\"image\": \"none.png\"}"), HasSubstr("list.jsonl:1: there is no file"));
  EXPECT_THAT(error_of("a.png, waves"), HasSubstr("list.jsonl:1: expected a JSON object"));
  EXPECT_THAT(error_of("{\"image\": 3}"), HasSubstr("`image` must be text"));
  EXPECT_THAT(error_of("\n"), HasSubstr("expected a JSON object on each line"));
  fs::resize_file(folder_ / "a.png", 40);
  EXPECT_THROW(open("{\"image\": \"a.png\"}")->sample(0), InputError);
}

}  // namespace
}  // namespace umm
