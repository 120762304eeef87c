#include "serve/admission.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "serve/served_file.h"
#include "tests/results/small_database.h"

namespace umm {
namespace {

TEST(Admission, KnowsThisMachine) {
  for (const char* address : {"127.0.0.1", "127.1.2.3", "::1", "localhost"})
    EXPECT_TRUE(is_loopback(address));
  for (const char* address :
       {"0.0.0.0", "::", "192.168.0.1", "", "localhost.evil.example", "127.0.0.1.example"})
    EXPECT_FALSE(is_loopback(address)) << address;
  for (const char* host : {"localhost", "localhost:8642", "127.0.0.1:1", "[::1]:8642"})
    EXPECT_TRUE(names_this_machine(host)) << host;
  for (const char* host : {"", "evil.example:8642", "[::2]", "127.0.0.1.example", "[", "2130706433"})
    EXPECT_FALSE(names_this_machine(host)) << host;
}

TEST(Admission, Secrets) {
  EXPECT_EQ(random_token().size(), 32u);
  EXPECT_NE(random_token(), random_token());
  EXPECT_TRUE(equal_secrets("abc", "abc"));
  EXPECT_FALSE(equal_secrets("abc", "abd"));
  EXPECT_FALSE(equal_secrets("abc", "ab"));
  EXPECT_EQ(cookie("a=1; token=xyz; b=2", "token"), "xyz");
  EXPECT_EQ(cookie("atoken=xyz", "token"), "");
  EXPECT_EQ(cookie("token", "token"), "");
}

TEST(ServedFile, NothingOutsideOfTheFolder) {
  namespace fs = std::filesystem;
  const results::TemporaryFolder folder;
  fs::create_directories(folder / "out/images/a");
  std::ofstream(folder / "secret") << "secret";
  std::ofstream(folder / "out/images/a/b.png") << "picture";
  fs::create_symlink(folder / "secret", folder / "out/images/link.png");
  fs::create_symlink("b.png", folder / "out/images/a/near.png");
  fs::create_directory_symlink(folder.path(), folder / "out/images/up");
  mkfifo((folder / "out/images/fifo.png").c_str(), 0600);
  const fs::path out = folder / "out";
  EXPECT_EQ(read_below(out, "images/a/b.png", 100), "picture");
  EXPECT_EQ(read_below(out, "images/a/b.png", 6), std::nullopt);
  for (const std::string name :
       {"", "/", "images", "images/", "images/a/", "../secret", "images/../../secret", "./images/a/b.png",
        "images//a/b.png", "images/a/..", "images/up/secret", "images/link.png", "images/a/near.png",
        "images\\a", "images/fifo.png", "images/a/b.png/", "images/a/b.png/x"})
    EXPECT_EQ(read_below(out, name, 100), std::nullopt) << name;
  EXPECT_EQ(read_below(out, folder / "secret", 100), std::nullopt);
  EXPECT_EQ(read_below(out, std::string("images/a/b.png\0x", 16), 100), std::nullopt);
}

}  // namespace
}  // namespace umm
