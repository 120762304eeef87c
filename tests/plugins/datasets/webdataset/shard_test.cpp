#include "shard.h"

#include <gmock/gmock.h>

#include "tar_writer.h"

namespace umm::webdataset {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class Shard : public TarTest {
 protected:
  // Of members with these names, whose bytes are their names.
  std::vector<StoredSample> samples(const std::vector<std::string>& names, bool skips = false) const {
    std::string tar;
    for (const std::string& name : names) tar += tar_member(name, name);
    const std::string path = write("a.tar", tar + kTarEnd);
    return read_shard(PositionedFile(path), path, skips);
  }

  std::string problem(const std::vector<std::string>& names) const {
    return problem_of([&] { samples(names); });
  }

  std::string bytes(const Extent& extent) const {
    const auto bytes = PositionedFile(path("a.tar")).read(extent.offset, extent.num_bytes, "it");
    return {bytes.begin(), bytes.end()};
  }
};

TEST_F(Shard, MembersOfOneKeyAreASample) {
  const auto found = samples({"0.jpg", "0.txt", "0.json", "0.cls", "1.seg.png", "1.PNG", "x.y/2.webp"});
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].key, "0");
  EXPECT_EQ(bytes(found[0].picture), "0.jpg");
  EXPECT_EQ(bytes(found[0].text), "0.txt");
  EXPECT_EQ(bytes(found[0].json), "0.json");
  EXPECT_EQ(bytes(found[1].picture), "1.PNG") << "seg.png is another extension than png";
  EXPECT_FALSE(found[1].text.exists() || found[1].json.exists());
  EXPECT_EQ(found[2].key, "x.y/2") << "folders may have dots";
}

TEST_F(Shard, MembersNeedNotLieSideBySide) {
  const auto found = samples({"1.txt", "0.jpg", "1.jpg", "README", ".hidden.jpg", "._0.jpg", "0.txt"});
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].key, "1") << "in the order in which keys come up";
  EXPECT_EQ(bytes(found[0].picture), "1.jpg");
  EXPECT_EQ(bytes(found[1].text), "0.txt");
}

TEST_F(Shard, MembersWithoutPictureAreRefusedOrSkipped) {
  EXPECT_THAT(problem({"0.jpg", "1.txt", "2.mp4", "3.jpg"}),
              AllOf(HasSubstr("a.tar: the members `1.*` are no picture"), HasSubstr("2 of 4 keys"),
                    HasSubstr("without_picture = \"skip\"")));
  const auto found = samples({"0.jpg", "1.txt", "2.mp4", "3.jpg"}, /*skips=*/true);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[1].key, "3");
}

TEST_F(Shard, DuplicatesAreNamed) {
  EXPECT_THAT(problem({"0.jpg", "0.txt", "1.jpg", "0.txt"}), HasSubstr("a.tar: two members `0.txt`"));
  EXPECT_THAT(problem({"0.jpg", "0.JPG"}), HasSubstr("two members `0.JPG`"));
  EXPECT_THAT(problem({"0.jpg", "1.png", "0.png"}),
              HasSubstr("expected one picture for each key, found `0.jpg` and `0.png`"));
}

}  // namespace
}  // namespace umm::webdataset
