#include "loader/hash_memory.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <thread>

#include "loader/hash.h"
#include "tests/host/spec/spec_fixture.h"

namespace umm {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::nanoseconds kAtOnce{0};

class HashMemoryTest : public ::testing::Test {
 protected:
  static std::string content(char of) { return std::string((size_t{1} << 20) + 5, of); }

  FileState state(const std::string& name) const {
    struct stat status {};
    EXPECT_EQ(stat(folder_.path(name).c_str(), &status), 0) << name;
    return file_state(folder_.path(name), status);
  }

  // Whether a process that starts now knows the file as it is.
  bool knows(const std::string& name) const {
    HashMemory memory(memory_file_, kAtOnce);
    return memory.find(state(name)).has_value();
  }

  std::string hash(const std::string& name, std::chrono::nanoseconds settled = kAtOnce) const {
    HashMemory memory(memory_file_, settled);
    return hash_file(folder_.path(name), memory);
  }

  SpecFolder folder_;
  fs::path memory_file_ = folder_.path("cache/contents");
};

TEST_F(HashMemoryTest, WhatIsRememberedIsNotReadAgain) {
  folder_.write("large", content('a'));
  EXPECT_FALSE(knows("large"));
  EXPECT_EQ(hash("large"), hash_text(content('a')));
  EXPECT_TRUE(knows("large"));
  HashMemory memory(folder_.path("other"), kAtOnce);
  memory.remember(state("large"), std::string(64, '0'), std::chrono::system_clock::now());
  EXPECT_EQ(hash_file(folder_.path("large"), memory), std::string(64, '0'));
}

TEST_F(HashMemoryTest, SmallFilesAreJustRead) {
  folder_.write("small", "a");
  EXPECT_EQ(hash("small"), hash_text("a"));
  EXPECT_FALSE(knows("small"));
}

TEST_F(HashMemoryTest, AnEditedFileOfTheSameSizeIsReadAgain) {
  folder_.write("large", content('a'));
  hash("large");
  const auto time = fs::last_write_time(folder_.path("large"));
  std::this_thread::sleep_for(std::chrono::milliseconds(20));  // past the tick of the file system's clock
  folder_.write("large", content('b'));
  fs::last_write_time(folder_.path("large"), time);  // as a careless copy does
  EXPECT_EQ(hash("large"), hash_text(content('b')));
  EXPECT_TRUE(knows("large"));
}

TEST_F(HashMemoryTest, ATouchedFileIsReadAgain) {
  folder_.write("large", content('a'));
  hash("large");
  fs::last_write_time(folder_.path("large"), fs::file_time_type::clock::now() + std::chrono::hours(-1));
  EXPECT_FALSE(knows("large"));
  EXPECT_EQ(hash("large"), hash_text(content('a')));
}

TEST_F(HashMemoryTest, AReplacedFileIsReadAgain) {
  folder_.write("large", content('a'));
  hash("large");
  const FileState before = state("large");
  folder_.write("new", content('b'));
  fs::last_write_time(folder_.path("new"), fs::last_write_time(folder_.path("large")));
  fs::rename(folder_.path("new"), folder_.path("large"));
  EXPECT_NE(state("large").inode, before.inode);
  EXPECT_FALSE(knows("large"));
  EXPECT_EQ(hash("large"), hash_text(content('b')));
}

TEST_F(HashMemoryTest, AFileThatWasWrittenJustNowIsNotTrusted) {
  folder_.write("large", content('a'));
  EXPECT_EQ(hash("large", HashMemory::kSettled), hash_text(content('a')));
  EXPECT_FALSE(knows("large"));
}

TEST_F(HashMemoryTest, DamageCostsAReadingAndNothingElse) {
  folder_.write("one", content('a'));
  folder_.write("two", content('b'));
  hash("one");
  hash("two");
  std::fstream file(memory_file_, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(30);
  file.put('x');
  file.close();
  EXPECT_FALSE(knows("one"));
  EXPECT_TRUE(knows("two"));
  fs::resize_file(memory_file_, fs::file_size(memory_file_) - 3);
  EXPECT_FALSE(knows("two"));
  EXPECT_EQ(hash("one"), hash_text(content('a')));  // takes the rest of the torn line
  EXPECT_EQ(hash("one"), hash_text(content('a')));
  EXPECT_TRUE(knows("one"));
  std::ofstream(memory_file_) << std::string(3000, '\0') << "\n\n \n";
  EXPECT_EQ(hash("two"), hash_text(content('b')));
  EXPECT_TRUE(knows("two"));
}

TEST_F(HashMemoryTest, AMemoryThatCannotBeWrittenIsAsNone) {
  folder_.write("large", content('a'));
  folder_.write("cache", "a file where the folder would be");
  EXPECT_EQ(hash("large"), hash_text(content('a')));
  HashMemory none("", kAtOnce);
  EXPECT_EQ(hash_file(folder_.path("large"), none), hash_text(content('a')));
  EXPECT_FALSE(none.find(state("large")));
}

TEST_F(HashMemoryTest, ManyWritersLoseNothing) {
  constexpr int kWriters = 8, kFiles = 200;
  folder_.write("large", content('a'));
  const FileState one = state("large");
  const auto file_of = [&](int writer, int number) {
    FileState of = one;
    of.path = "/" + std::to_string(writer) + "/" + std::to_string(number);
    return of;
  };
  std::vector<std::thread> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&, writer] {
      HashMemory memory(memory_file_, kAtOnce);  // as a process of its own has
      for (int i = 0; i < kFiles; ++i)
        memory.remember(file_of(writer, i), std::string(64, 'e'), std::chrono::system_clock::now());
    });
  }
  for (auto& writer : writers) writer.join();
  HashMemory memory(memory_file_, kAtOnce);
  for (int writer = 0; writer < kWriters; ++writer)
    for (int i = 0; i < kFiles; ++i) EXPECT_TRUE(memory.find(file_of(writer, i))) << writer << " " << i;
}

TEST_F(HashMemoryTest, ItsSizeIsBounded) {
  folder_.write("large", content('a'));
  FileState state_of = state("large");
  HashMemory memory(memory_file_, kAtOnce, 4000);
  for (int i = 0; i < 100; ++i) {
    state_of.path = "/" + std::to_string(i);
    memory.remember(state_of, std::string(64, 'e'), std::chrono::system_clock::now());
    EXPECT_LE(fs::file_size(memory_file_), 4000u);
  }
  HashMemory again(memory_file_, kAtOnce);
  EXPECT_TRUE(again.find(state_of));
  state_of.path = "/0";
  EXPECT_FALSE(again.find(state_of));
}

TEST_F(HashMemoryTest, AnEnvironmentVariableTurnsItOff) {
  setenv("XDG_CACHE_HOME", folder_.path("cache").c_str(), 1);
  EXPECT_EQ(HashMemory::default_file(), folder_.path("cache/ummbench/contents"));
  setenv("UMM_NO_HASH_MEMORY", "1", 1);
  EXPECT_EQ(HashMemory::default_file(), "");
  unsetenv("UMM_NO_HASH_MEMORY");
  unsetenv("XDG_CACHE_HOME");
}

}  // namespace
}  // namespace umm
