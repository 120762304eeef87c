#include <ATen/ATen.h>
#include <gmock/gmock.h>

#include <atomic>
#include <cmath>
#include <thread>

#include "plugin_file.h"
#include "tar_writer.h"
#include "umm/umm.h"

namespace umm::webdataset {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class WebDataset : public TarTest {
 protected:
  // The bytes of a PNG of 16 x 16 pixels of one grey.
  std::string picture(uint8_t grey) const {
    Image image = make_image(16, 16);
    std::fill(image.rgb.begin(), image.rgb.end(), grey);
    write_png(path("picture.png"), image);
    return bytes_of_file(path("picture.png"));
  }

  std::unique_ptr<Dataset> open(Values values = {}) const {
    values.try_emplace("shards", path("shards"));
    values.try_emplace("image_size", int64_t{16});
    return open_dataset("webdataset", values);
  }

  // What opening the shards, or reading their first sample, is refused with.
  std::string problem(const Values& values = {}) const {
    return problem_of([&] { open(values)->sample(0); });
  }

  std::string one_member_shard(const std::string& name, const std::string& bytes) const {
    return write("shards/a.tar", tar_member("0.png", picture(0)) + tar_member(name, bytes) + kTarEnd);
  }

  static int64_t grey(const Sample& sample) {
    return std::lround((sample.image.min().item<float>() + 1) * 127.5);
  }
};

TEST_F(WebDataset, GivesTheSamplesOfAllShards) {
  write("shards/b.tar", tar_member("0.png", picture(30)) + tar_member("0.txt", "of b\n") + kTarEnd);
  write("shards/a.tar", tar_member("x/0.png", picture(10)) +
                            tar_member("x/0.json", R"({"caption": "of a"})") +
                            tar_member("x/red_fox-1.png", picture(20)) + kTarEnd);
  const auto dataset = open({{"question", "what is it?"}, {"without_caption", "name"}});
  ASSERT_EQ(dataset->size(), 3);
  const std::pair<int64_t, std::string> expected[] = {{10, "of a"}, {20, "red fox 1"}, {30, "of b"}};
  for (int64_t i = 2; i >= 0; --i) {
    const Sample sample = dataset->sample(i);
    EXPECT_EQ(sample.image.sizes(), at::IntArrayRef({3, 16, 16}));
    EXPECT_EQ(grey(sample), expected[i].first);
    EXPECT_EQ(sample.caption, expected[i].second);
    EXPECT_EQ(sample.question, "what is it?");
    EXPECT_EQ(sample.answer, sample.caption);
  }
  EXPECT_THROW(dataset->sample(3), Error);
  EXPECT_THROW(dataset->sample(-1), Error);
  EXPECT_EQ(open({{"shards", path("shards/b.tar")}})->size(), 1);
  EXPECT_EQ(open({{"names", "b.tar"}})->size(), 1);
}

TEST_F(WebDataset, ATextGoesBeforeAnObject) {
  write("shards/a.tar", tar_member("0.json", R"({"alt": "object"})") + tar_member("0.png", picture(0)) +
                            tar_member("0.TXT", "text") + kTarEnd);
  EXPECT_EQ(open()->sample(0).caption, "text");
  one_member_shard("0.json", R"({"alt": "object"})");
  EXPECT_EQ(open({{"caption_key", "alt"}})->sample(0).caption, "object");
}

TEST_F(WebDataset, PicturesWithoutCaptionAreWhatTheOptionSays) {
  one_member_shard("0.cls", "7");
  EXPECT_EQ(open()->sample(0).caption, "");
  EXPECT_EQ(open({{"without_caption", "name"}})->sample(0).caption, "0");
  EXPECT_THAT(problem({{"without_caption", "refuse"}}),
              HasSubstr(path("shards/a.tar") + ": member `0.png`: a picture without caption"));
}

TEST_F(WebDataset, MembersWithoutPictureAreRefusedOrSkipped) {
  one_member_shard("1.txt", "of nothing");
  EXPECT_THAT(problem(), HasSubstr("a.tar: the members `1.*` are no picture"));
  EXPECT_EQ(open({{"without_picture", "skip"}})->size(), 1);
  write("shards/a.tar", tar_member("1.txt", "of nothing") + kTarEnd);
  EXPECT_THAT(problem({{"without_picture", "skip"}}), HasSubstr("found none in 1 shards"));
}

TEST_F(WebDataset, WrongShardsAreNamedWhenOpened) {
  EXPECT_THAT(problem(), HasSubstr("`shards` must name a .tar file or a folder of them"));
  one_member_shard("0.txt", "abc");
  write("shards/b.tar.gz", "\x1F\x8B\x08 and so on");
  EXPECT_THAT(problem(), HasSubstr(path("shards/b.tar.gz") + ": a compressed shard"));
  fs::remove(path("shards/b.tar.gz"));
  fs::resize_file(path("shards/a.tar"), 520);
  EXPECT_THAT(problem(), HasSubstr(path("shards/a.tar") + ": member `0.png` is cut"));
}

TEST_F(WebDataset, CorruptSamplesAreNamedWhenRead) {
  const std::string png = picture(0);
  write("shards/a.tar", tar_member("0.png", png.substr(0, png.size() - 20)) +
                            tar_member("1.jpg", "no picture") + tar_member("2.png", png) + kTarEnd);
  const auto dataset = open();
  EXPECT_THAT(problem_of([&] { dataset->sample(0); }),
              HasSubstr(path("shards/a.tar") + ": member `0.png`: damaged or truncated PNG: "));
  EXPECT_THAT(problem_of([&] { dataset->sample(1); }),
              HasSubstr(path("shards/a.tar") + ": member `1.jpg`: not a readable PNG, JPEG or WebP"));
  EXPECT_EQ(grey(dataset->sample(2)), 0) << "others can be read all the same";

  one_member_shard("0.json", R"({"alt": "fox"})");
  EXPECT_THAT(problem(), HasSubstr("a.tar: member `0.json`: expected a caption under the key `caption`"));
  one_member_shard("0.txt", "ein B\xE4r");
  EXPECT_THAT(problem(), HasSubstr("a.tar: member `0.txt`: expected a caption in UTF-8"));
}

TEST_F(WebDataset, AShardThatChangesIsNoticed) {
  one_member_shard("0.txt", "abc");
  const auto dataset = open();
  std::ofstream(path("shards/a.tar"), std::ios::app) << "more";
  EXPECT_THAT(problem_of([&] { dataset->sample(0); }),
              AllOf(HasSubstr("a.tar: expected "), HasSubstr("as when the data was opened")));
  fs::remove(path("shards/a.tar"));
  EXPECT_THAT(problem_of([&] { dataset->sample(0); }), HasSubstr("a.tar: cannot be opened"));
}

TEST_F(WebDataset, ManyThreadsReadTheSame) {
  for (int shard = 0; shard < 3; ++shard) {
    std::string tar;
    for (int i = 0; i < 10; ++i) {
      const std::string key = std::to_string(i);
      tar += tar_member(key + ".png", picture(static_cast<uint8_t>(shard * 10 + i)));
      tar += tar_member(key + ".txt", std::to_string(shard * 10 + i));
    }
    write("shards/" + std::to_string(shard) + ".tar", tar + kTarEnd);
  }
  const auto dataset = open();
  ASSERT_EQ(dataset->size(), 30);
  std::vector<std::thread> threads;
  std::atomic<int> num_right = 0;
  for (int64_t start = 0; start < 8; ++start)
    threads.emplace_back([&, start] {
      for (int64_t i = 0; i < 300; ++i) {
        const int64_t index = (start * 7 + i * 11) % 30;
        const Sample sample = dataset->sample(index);
        num_right += grey(sample) == index && sample.caption == std::to_string(index);
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(num_right, 8 * 300);
}

}  // namespace
}  // namespace umm::webdataset
