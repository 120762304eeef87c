#include "train/files.h"

#include <gmock/gmock.h>

#include <fstream>

#include "tests/host/train/fakes.h"
#include "umm/file.h"

namespace umm::testing {
namespace {

namespace fs = std::filesystem;

TEST(Files, TextComesBack) {
  TemporaryFolder folder;
  const auto file = folder.path() / "a.txt";
  write_text_file(file, std::string("one\0two", 7));
  write_text_file(file, std::string("1\0two", 5));
  EXPECT_EQ(read_file(file), std::string("1\0two", 5));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1) << "nothing temporary stays";
}

TEST(Files, FailuresNameTheFile) {
  TemporaryFolder folder;
  EXPECT_THROW(read_file(folder.path() / "missing"), InputError);
  const auto file = folder.path() / "missing" / "a.txt";
  try {
    write_text_file(file, "text");
    FAIL() << "expected an Error";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr(file.string()));
  }
  std::ofstream(folder.path() / "file") << "x";
  EXPECT_THROW(make_folders(folder.path() / "file" / "below"), Error);
}

TEST(PendingFolder, AppearsAtOnceOrNever) {
  TemporaryFolder folder;
  const auto target = folder.path() / "result";
  {
    PendingFolder pending(target);
    write_text_file(pending.path() / "a", "1");
  }
  EXPECT_TRUE(fs::is_empty(folder.path()));
  {
    PendingFolder pending(target);
    write_text_file(pending.path() / "a", "2");
    EXPECT_FALSE(fs::exists(target));
    pending.commit();
  }
  EXPECT_EQ(read_file(target / "a"), "2");
  PendingFolder second(target);
  EXPECT_THROW(second.commit(), Error);
}

TEST(PendingFolder, LeftoversAreRemoved) {
  TemporaryFolder folder;
  fs::create_directories(folder.path() / ".pending-result");
  fs::create_directories(folder.path() / "kept");
  remove_pending(folder.path());
  EXPECT_FALSE(fs::exists(folder.path() / ".pending-result"));
  EXPECT_TRUE(fs::exists(folder.path() / "kept"));
}

}  // namespace
}  // namespace umm::testing
