#include "tar_index.h"

#include <gmock/gmock.h>

#include "tar_writer.h"

namespace umm::webdataset {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;

class TarIndex : public TarTest {
 protected:
  static std::vector<TarMember> index(const std::string& path) {
    return read_tar_index(PositionedFile(path), path);
  }

  // Of a tar with these bytes.
  std::string problem(const std::string& bytes) const {
    const std::string path = write("a.tar", bytes);
    return problem_of([&] { index(path); });
  }
};

TEST_F(TarIndex, SaysWhereMembersLie) {
  const std::string big(1000, 'b');
  const auto members =
      index(write("a.tar", tar_member("./0.jpg", "abc") + tar_header("sub/", 0, '5') +
                               tar_member("sub/empty.txt", "") + tar_member("sub/1.jpg", big) + kTarEnd));
  ASSERT_EQ(members.size(), 3u) << "folders are none";
  EXPECT_EQ(members[0].name, "0.jpg");
  EXPECT_EQ(members[0].offset, 512);
  EXPECT_EQ(members[0].num_bytes, 3);
  EXPECT_EQ(members[1].num_bytes, 0);
  EXPECT_EQ(members[2].name, "sub/1.jpg");
  const auto bytes = PositionedFile(path("a.tar")).read(members[2].offset, members[2].num_bytes, "it");
  EXPECT_EQ(std::string(bytes.begin(), bytes.end()), big);
}

TEST_F(TarIndex, AnEmptyTarHasNoMember) {
  EXPECT_TRUE(index(write("a.tar", kTarEnd)).empty());
}

// Of a shard of gigabytes, the headers are read.
TEST_F(TarIndex, PassesOverContents) {
  const int64_t num_bytes = int64_t{3} << 30;
  const std::string path = write("a.tar", tar_header("0.jpg", num_bytes));
  fs::resize_file(path, static_cast<uintmax_t>(512 + num_bytes));  // a hole, which takes no space
  std::ofstream(path, std::ios::binary | std::ios::app) << tar_member("1.jpg", "abc") << kTarEnd;
  const auto bytes_read = [] {
    std::ifstream counters("/proc/thread-self/io");
    std::string name;
    int64_t value = -1;
    while (counters >> name >> value)
      if (name == "rchar:") return value;
    return int64_t{-1};
  };
  const int64_t before = bytes_read();
  if (before < 0) GTEST_SKIP() << "/proc/thread-self/io does not say how much this thread has read";
  const auto members = index(path);
  EXPECT_LT(bytes_read() - before, 16 << 10);
  ASSERT_EQ(members.size(), 2u);
  EXPECT_EQ(members[0].num_bytes, num_bytes);
  EXPECT_EQ(members[1].offset, 512 + num_bytes + 512);
}

// Wherever a shard is cut, it is refused, or all of its members are there.
TEST_F(TarIndex, CutsAreNoticedAnywhere) {
  const std::string whole = tar_member("0.jpg", std::string(700, 'a')) + tar_member("0.txt", "abc") + kTarEnd;
  for (size_t num_bytes = 0; num_bytes < whole.size(); num_bytes += 64) {
    const std::string refusal = problem(whole.substr(0, num_bytes));
    if (num_bytes >= whole.size() - 512) {  // of the end's two blocks one is there
      EXPECT_EQ(refusal, "(none)") << num_bytes;
    } else {
      EXPECT_THAT(refusal, HasSubstr(path("a.tar") + ": ")) << num_bytes;
    }
  }
  EXPECT_THAT(problem(whole.substr(0, 1000)),
              AllOf(HasSubstr("a.tar: member `0.jpg` is cut: expected 700 bytes, found 488"),
                    HasSubstr("fetch or pack the shard again")));
  EXPECT_THAT(problem(whole.substr(0, 1536)),
              AllOf(HasSubstr("behind its last member `0.jpg`"), HasSubstr("it was cut")));
}

TEST_F(TarIndex, CompressedShardsAreRefusedWithWhatToDo) {
  const std::pair<std::string, std::string> kinds[] = {{"\x1F\x8B\x08", "gzip -dc"},
                                                       {"BZh9", "bzip2 -dc"},
                                                       {std::string("\xFD\x37zXZ\0", 6), "xz -dc"},
                                                       {"\x28\xB5\x2F\xFD", "zstd -dc"},
                                                       {"\x04\x22\x4D\x18", "lz4 -dc"}};
  for (const auto& [magic, command] : kinds) {
    EXPECT_THAT(problem(magic + std::string(2000, 'x')),
                AllOf(HasSubstr(path("a.tar") + ": a compressed shard"),
                      HasSubstr("Unpack it: " + command + " " + path("a.tar"))));
  }
  EXPECT_EQ(unpacking_command("a.tgz"), "gzip -dc");
  EXPECT_EQ(unpacking_command("a.tar.zst"), "zstd -dc");
  EXPECT_EQ(unpacking_command("a.tar"), "");
  EXPECT_EQ(unpacking_command("a.json.gz"), "") << "no shard";
}

TEST_F(TarIndex, WhatIsNoWholeTarIsNamed) {
  EXPECT_THAT(problem(""), HasSubstr("a.tar: expected a tar file, found none"));
  EXPECT_THAT(problem("just a text"), HasSubstr("expected a tar file"));
  std::string damaged = tar_member("0.jpg", "abc") + tar_member("1.jpg", "abc") + kTarEnd;
  damaged[1024] ^= 1;
  EXPECT_THAT(problem(damaged), HasSubstr("a.tar: damaged tar behind member `0.jpg`"));
  EXPECT_THAT(problem(tar_member("0.jpg", "abc") + kTarEnd + tar_member("1.jpg", "abc") + kTarEnd),
              AllOf(HasSubstr("behind its last member `0.jpg`, found other bytes at 2048"),
                    HasSubstr("tars that were joined")));
}

TEST_F(TarIndex, MembersWithoutBytesOfTheirOwnAreNamed) {
  for (const char type : {'1', '2'})
    EXPECT_THAT(problem(tar_header("0.jpg", 0, type) + kTarEnd),
                AllOf(HasSubstr("a.tar: member `0.jpg` is a link"), HasSubstr("--hard-dereference")));
  EXPECT_THAT(problem(tar_header("pipe.jpg", 0, '6') + kTarEnd), HasSubstr("is neither a file nor a folder"));
}

}  // namespace
}  // namespace umm::webdataset
