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

  std::unique_ptr<Dataset> open(const std::string& lines, std::map<std::string, OptionValue> values = {}) {
    std::ofstream(folder_ / "list.jsonl") << lines;
    values["records"] = (folder_ / "list.jsonl").string();
    values["image_size"] = int64_t{16};
    const PluginEntry& plugin = testing::linked_plugin();
    return plugin.make_dataset(Options(plugin.options, values));
  }

  std::string error_of(const std::string& lines, const std::map<std::string, OptionValue>& values = {}) {
    try {
      open(lines, values);
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
  EXPECT_FALSE(open("{\"image\": \"a.png\"}", {{"fit", "squash"}})->sample(0).image.equal(first.image));
}

TEST_F(ImageRecords, ListsOfAnotherOriginKeepTheirKeys) {
  const std::string lines = R"({"file_name": "a.png", "text": "waves", "id": 7})"
                            "\n"
                            R"({"file_name": "b.jpg"})";
  const std::map<std::string, OptionValue> keys = {{"image_key", "file_name"},
                                                   {"caption_key", "text"},
                                                   {"answer_key", "text"},
                                                   {"unknown_keys", "ignore"}};
  const auto dataset = open(lines, keys);
  ASSERT_EQ(dataset->size(), 2);
  EXPECT_TRUE(dataset->sample(0).image.defined());
  EXPECT_EQ(dataset->sample(0).caption, "waves");
  EXPECT_EQ(dataset->sample(0).answer, "waves") << "two fields may share a key";
  EXPECT_EQ(dataset->sample(1).caption, "");
  EXPECT_THAT(error_of(lines, {{"image_key", "file_name"}, {"caption_key", "text"}}),
              HasSubstr("list.jsonl:1: unknown key `id`; known are file_name, text, question"));
  EXPECT_THAT(error_of(lines, {{"caption_key", "txt"}, {"unknown_keys", "ignore"}}),
              HasSubstr("no record has the key `txt`, which the option `caption_key` names"));
}

TEST_F(ImageRecords, WrongLinesAreNamed) {
  EXPECT_THAT(error_of("{\"image\": \"a.png\"}\n{\"imge\": \"a.png\"}"),
              HasSubstr("list.jsonl:2: unknown key `imge`"));
  EXPECT_THAT(error_of("{\"image\": \"none.png\"}"), HasSubstr("list.jsonl:1: there is no file"));
  EXPECT_THAT(error_of("a.png, waves"), HasSubstr("list.jsonl:1: expected a JSON object"));
  EXPECT_THAT(error_of("{\"image\": 3}"), HasSubstr("`image` must be text"));
  EXPECT_THAT(error_of("\n"), HasSubstr("expected a JSON object on each line"));
}

TEST_F(ImageRecords, CorruptPicturesAreNamed) {
  fs::resize_file(folder_ / "a.png", 40);
  const auto dataset = open("{\"image\": \"a.png\"}");
  try {
    dataset->sample(0);
    ADD_FAILURE() << "half a picture was taken";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr((folder_ / "a.png").string() + ": "));
  }
}

}  // namespace
}  // namespace umm
