#include "results/network_files.h"

#include <gmock/gmock.h>
#include <linux/magic.h>
#include <stdlib.h>

#include "tests/results/small_database.h"

namespace umm::results {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr int64_t kXfs = 0x58465342, kZfs = 0x2FC12FC1, kBcachefs = 0xCA451A4E, kLustre = 0x0BD00BD0;

TEST(NetworkFiles, local_file_systems_are_none) {
  for (const int64_t local :
       {int64_t{OVERLAYFS_SUPER_MAGIC}, int64_t{EXT4_SUPER_MAGIC}, kXfs, kZfs, kBcachefs,
        int64_t{BTRFS_SUPER_MAGIC}, int64_t{TMPFS_MAGIC}, int64_t{RAMFS_MAGIC}, int64_t{F2FS_SUPER_MAGIC},
        int64_t{ECRYPTFS_SUPER_MAGIC}, int64_t{0}}) {
    EXPECT_EQ(network_file_system(local), "");
    expect_local_files("results.sqlite", local);
  }
  const TemporaryFolder folder;
  expect_local_files(folder / "results.sqlite");
  expect_local_files(folder / "none/results.sqlite");
}

TEST(NetworkFiles, those_of_clusters_are_refused_unless_they_are_allowed) {
  unsetenv("UMM_ALLOW_NETWORK_DATABASE");
  EXPECT_EQ(network_file_system(NFS_SUPER_MAGIC), "NFS");
  EXPECT_EQ(network_file_system(static_cast<int32_t>(0xFF534D42)), "CIFS");  // as a negative number
  EXPECT_EQ(network_file_system(FUSE_SUPER_MAGIC), "FUSE");
  EXPECT_EQ(network_file_system(V9FS_MAGIC), "9p");
  const auto expect = [] { expect_local_files("runs/results.sqlite", kLustre); };
  const auto refused = AllOf(HasSubstr("runs/results.sqlite"), HasSubstr("Lustre"), HasSubstr("local disk"),
                             HasSubstr("UMM_ALLOW_NETWORK_DATABASE=1"));
  EXPECT_THAT(error_of(expect), refused);
  setenv("UMM_ALLOW_NETWORK_DATABASE", "0", 1);
  EXPECT_THAT(error_of(expect), refused);
  setenv("UMM_ALLOW_NETWORK_DATABASE", "1", 1);
  EXPECT_EQ(error_of(expect), "");
  unsetenv("UMM_ALLOW_NETWORK_DATABASE");
}

}  // namespace
}  // namespace umm::results
