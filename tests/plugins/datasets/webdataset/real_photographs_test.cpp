// Real photographs, packed into shards: every pixel as image_folder gives it for the same files.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "plugin_file.h"
#include "tar_writer.h"
#include "umm/umm.h"

namespace umm::webdataset {
namespace {

class RealPhotographs : public TarTest {};

std::vector<fs::path> photographs(const fs::path& folder) {
  std::vector<fs::path> files;
  if (!fs::is_directory(folder)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file() && entry.path().extension() == ".jpg") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

TEST_F(RealPhotographs, AreTheSameInShardsAndInAFolder) {
  const char* named = std::getenv("UMM_SHARED_DATA");
  const fs::path data = (named ? fs::path(named) : fs::path(UMM_SOURCE_DIR) / "../shared/data") / "imgedit";
  const std::vector<fs::path> all = photographs(data / "singleturn");
  if (all.empty()) GTEST_SKIP() << data << " has no photographs; set UMM_SHARED_DATA to the benchmark data";

  constexpr size_t kCount = 24, kPerShard = 9;
  std::string shard;
  for (size_t i = 0; i < kCount; ++i) {
    const fs::path& file = all[i * all.size() / kCount];
    const std::string key = detail::concat(100 + i), caption = file.lexically_relative(data).string();
    write("pictures/" + key + ".jpg", bytes_of_file(file));
    write("pictures/" + key + ".txt", caption);
    shard += tar_member(key + ".jpg", bytes_of_file(file)) + tar_member(key + ".txt", caption);
    if ((i + 1) % kPerShard != 0 && i + 1 != kCount) continue;
    write(detail::concat("shards/", 10 + i, ".tar"), shard + kTarEnd);
    shard.clear();
  }
  for (const char* fit : {"crop", "squash"}) {
    const auto in_shards = open_dataset("webdataset", {{"shards", path("shards")}, {"fit", fit}});
    const auto in_folder = open_dataset("image_folder", {{"pictures", path("pictures")}, {"fit", fit}});
    ASSERT_EQ(in_shards->size(), kCount);
    ASSERT_EQ(in_folder->size(), kCount);
    for (int64_t i = 0; i < static_cast<int64_t>(kCount); ++i) {
      const Sample one = in_shards->sample(i), other = in_folder->sample(i);
      EXPECT_TRUE(one.image.equal(other.image)) << one.caption;
      EXPECT_EQ(one.caption, other.caption);
      EXPECT_GT(one.image.std().item<float>(), 0.01) << one.caption << ": a photograph is not of one colour";
    }
  }
}

}  // namespace
}  // namespace umm::webdataset
