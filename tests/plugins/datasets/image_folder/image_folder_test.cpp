#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "images/picture_file.h"
#include "images/resize.h"
#include "umm/testing/linked_plugin.h"
#include "umm/umm.h"

namespace umm {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

const fs::path kImages = fs::path(UMM_SOURCE_DIR) / "tests/data/image";

using Values = std::map<std::string, OptionValue>;

class ImageFolder : public ::testing::Test {
 protected:
  void SetUp() override { fs::create_directories(folder_); }
  void TearDown() override { fs::remove_all(folder_); }

  // A picture of one grey.
  void write_picture(const std::string& name, uint8_t grey, int64_t width = 16, int64_t height = 16) const {
    fs::create_directories((folder_ / name).parent_path());
    Image image = make_image(width, height);
    std::fill(image.rgb.begin(), image.rgb.end(), grey);
    write_png((folder_ / name).string(), image);
  }

  void write_text(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }

  std::unique_ptr<Dataset> open(Values values = {}) const {
    values.try_emplace("pictures", folder_.string());
    values.try_emplace("image_size", int64_t{16});
    const PluginEntry& plugin = testing::linked_plugin();
    return plugin.make_dataset(Options(plugin.options, values));
  }

  std::string caption(const Values& values = {}) const { return open(values)->sample(0).caption; }

  // What opening the folder, or the first sample of it, is refused with.
  std::string problem(const Values& values = {}) const {
    try {
      open(values)->sample(0);
    } catch (const InputError& error) {
      return error.what();
    }
    return "(none)";
  }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  const fs::path folder_ = fs::temp_directory_path() / ("umm_image_folder_" + std::to_string(getpid()));
};

TEST_F(ImageFolder, GivesThePicturesBelowInTheOrderOfTheirNames) {
  write_picture("b.png", 255);
  write_picture("a/z.PNG", 0);
  write_picture("a/b/c.png", 51);
  fs::copy_file(kImages / "color.jpg", folder_ / "c.jpeg");
  write_picture(".hidden.png", 7);
  write_picture(".cache/d.png", 7);
  write_text("a/._z.PNG", "what some systems leave beside a file");
  write_text("notes.txt", "no picture");
  write_text("b", "no extension");
  const auto dataset = open();
  ASSERT_EQ(dataset->size(), 4);
  EXPECT_TRUE(dataset->sample(0).image.allclose(at::full({3, 16, 16}, 51 / 127.5 - 1)));  // a/b/c.png
  EXPECT_TRUE(dataset->sample(1).image.eq(-1).all().item<bool>());                        // a/z.PNG
  EXPECT_TRUE(dataset->sample(2).image.eq(1).all().item<bool>());                         // b.png
  EXPECT_EQ(dataset->sample(3).image.sizes(), at::IntArrayRef({3, 16, 16}));
  EXPECT_THROW(dataset->sample(4), Error);
  EXPECT_THROW(dataset->sample(-1), Error);
}

TEST_F(ImageFolder, CaptionsComeFromFilesBeside) {
  write_picture("a.b.png", 0);
  EXPECT_EQ(caption(), "");
  write_text("a.b.json", R"({"caption": " a fox ", "alt": "a red fox", "none": null})");
  EXPECT_EQ(caption(), "a fox");
  EXPECT_EQ(caption({{"caption_key", "alt"}}), "a red fox");
  EXPECT_EQ(caption({{"caption_key", "none"}}), "");
  write_text("a.b.txt", "\xEF\xBB\xBF\r\n a fox\nin w\xC3\xA4ldern \r\n");
  EXPECT_EQ(caption(), "a fox\nin w\xC3\xA4ldern") << "a text goes before an object";
}

TEST_F(ImageFolder, PicturesWithoutCaptionAreWhatTheOptionSays) {
  write_picture("x/red_fox-02.png", 0);
  EXPECT_EQ(caption({{"without_caption", "empty"}}), "");
  EXPECT_EQ(caption({{"without_caption", "name"}}), "red fox 02");
  EXPECT_THAT(problem({{"without_caption", "refuse"}}),
              AllOf(HasSubstr(path("x/red_fox-02.png") + ": a picture without caption"),
                    HasSubstr("set without_caption")));
  write_text("x/red_fox-02.txt", " \n");
  EXPECT_EQ(caption({{"without_caption", "name"}}), "red fox 02");
  EXPECT_THAT(problem({{"without_caption", "refuse"}}),
              HasSubstr("red_fox-02.png: a picture without caption"));
  write_text("x/red_fox-02.txt", "a fox");
  EXPECT_EQ(caption({{"without_caption", "refuse"}}), "a fox");
}

TEST_F(ImageFolder, AQuestionIsAnsweredByTheCaption) {
  write_picture("a.png", 0);
  write_text("a.txt", "a fox");
  EXPECT_EQ(open()->sample(0).question + open()->sample(0).answer, "");
  const Sample sample = open({{"question", "what is it?"}})->sample(0);
  EXPECT_EQ(sample.question, "what is it?");
  EXPECT_EQ(sample.answer, "a fox");
  EXPECT_EQ(sample.caption, "a fox");
}

TEST_F(ImageFolder, FitsAsThePublishedPreprocessingDoes) {
  fs::copy_file(kImages / "smooth.png", folder_ / "a.png");  // 56 x 40
  const Image picture = images::read_picture(path("a.png"));
  const auto cropped =
      images::center_cropped(images::shorter_side_resized(picture, 16, images::Filter::bicubic), 16);
  EXPECT_TRUE(open()->sample(0).image.equal(tensor_from_image(cropped)));
  const auto squashed = images::resized(picture, 16, 16, images::Filter::bicubic);
  EXPECT_TRUE(open({{"fit", "squash"}})->sample(0).image.equal(tensor_from_image(squashed)));
}

TEST_F(ImageFolder, LinesOfPixelsAreNotCropped) {
  write_picture("a.png", 0, 1, 100);
  EXPECT_THAT(problem(), AllOf(HasSubstr(path("a.png") + ": 1 x 100 pixels"), HasSubstr("squash")));
  EXPECT_EQ(problem({{"fit", "squash"}}), "(none)");
}

TEST_F(ImageFolder, NamesAFolderThatHoldsNothing) {
  EXPECT_THAT(problem({{"pictures", path("none")}}), HasSubstr("there is no folder '" + path("none")));
  EXPECT_THAT(problem({{"pictures", ""}}), HasSubstr("`pictures` must name a folder"));
  write_text("notes.txt", "no picture");
  EXPECT_THAT(problem({{"pictures", path("notes.txt")}}), HasSubstr("must name a folder"));
  EXPECT_THAT(problem(), HasSubstr("expected PNG, JPEG or WebP files below " + folder_.string()));
  fs::create_symlink("nowhere.png", folder_ / "a.png");
  EXPECT_THAT(problem(), HasSubstr("expected a file or folder " + path("a.png")));
}

TEST_F(ImageFolder, DamageIsNamed) {
  fs::copy_file(kImages / "color.jpg", folder_ / "a.jpg");
  fs::resize_file(folder_ / "a.jpg", fs::file_size(folder_ / "a.jpg") - 50);
  EXPECT_THAT(problem(), HasSubstr(path("a.jpg") + ": damaged or truncated JPEG"));
  fs::resize_file(folder_ / "a.jpg", 0);
  EXPECT_THAT(problem(), HasSubstr(path("a.jpg") + ": not a readable PNG, JPEG or WebP"));
  const auto dataset = open();
  fs::remove(folder_ / "a.jpg");
  EXPECT_THROW(dataset->sample(0), InputError);
}

TEST_F(ImageFolder, WrongCaptionsAreNamed) {
  write_picture("a.png", 0);
  write_text("a.json", "a fox");
  EXPECT_THAT(problem(),
              HasSubstr(path("a.json") + ": expected a JSON object with a caption, found no JSON"));
  write_text("a.json", "[\"a fox\"]");
  EXPECT_THAT(problem(), HasSubstr("found array"));
  write_text("a.json", R"({"alt": "a fox", "id": 3})");
  EXPECT_THAT(problem(),
              AllOf(HasSubstr("under the key `caption`, found `alt`, `id`"), HasSubstr("caption_key")));
  EXPECT_THAT(problem({{"caption_key", "id"}}), HasSubstr("a.json: `id` must be text, found number"));
  write_text("a.txt", "ein B\xE4r");
  EXPECT_THAT(problem(), HasSubstr(path("a.txt") + ": expected a caption in UTF-8"));
  const auto dataset = open();
  fs::remove(folder_ / "a.txt");
  EXPECT_THROW(dataset->sample(0), InputError);
}

}  // namespace
}  // namespace umm
