#include "judge_pictures.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "images/encode.h"
#include "images/picture_file.h"
#include "umm/error.h"

namespace umm::evaluators {
namespace {

std::string text(const std::vector<uint8_t>& bytes) {
  return {bytes.begin(), bytes.end()};
}

TEST(JudgePictures, AreWhatTheirBytesAre) {
  const Image image = make_image(4, 3);
  EXPECT_EQ(media_type(text(images::encode_png(image)), "a"), "image/png");
  EXPECT_EQ(media_type(text(images::encode_jpeg(image)), "a"), "image/jpeg");
  EXPECT_EQ(media_type(std::string("RIFF\x10\0\0\0WEBPVP8 ", 16), "a"), "image/webp");
  for (const std::string other : {"", "RIFF", "GIF89a", "\x89PNG"})
    EXPECT_THROW(media_type(other, "a.gif"), InputError) << other;
}

TEST(JudgePictures, OfAFileAreItsBytes) {
  const PictureFile file{.path = "a.png", .bytes = text(images::encode_jpeg(make_image(4, 3)))};
  EXPECT_EQ(as_file(file).bytes, file.bytes);
  EXPECT_EQ(as_file(file).media_type, "image/jpeg") << "whatever the name says";
  const PictureFile pixels{.path = "a.jpg", .image = make_image(4, 3)};
  EXPECT_EQ(as_file(pixels).media_type, "image/png");
}

TEST(JudgePictures, PathsStayInTheirFolder) {
  for (const char* path : {"a.jpg", "daily object/a.jpg", "a/b..c/d.jpg"})
    EXPECT_TRUE(stays_below(path)) << path;
  for (const char* path : {"/a.jpg", "../a.jpg", "a/../../b.jpg"}) EXPECT_FALSE(stays_below(path)) << path;
  EXPECT_EQ(path_in("folder", "a.jpg"), "folder/a.jpg");
  EXPECT_EQ(path_in("", "a.jpg"), "a.jpg");
}

TEST(JudgePictures, ASourceIsReadFromItsFolderAlone) {
  const std::string folder = ::testing::TempDir() + "umm_sources_" + std::to_string(getpid());
  std::filesystem::create_directories(folder);
  const EvaluationItem item{.id = "7", .source_picture = path_in(folder, "source.png")};
  std::ofstream(item.source_picture) << "bytes";
  EXPECT_EQ(read_source(item, folder), "bytes");
  EXPECT_THROW(read_source(item, ""), InputError);
  EXPECT_THROW(read_source({.id = "8", .source_picture = path_in(folder, "no.png")}, folder), InputError);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace umm::evaluators
