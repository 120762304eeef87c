#include "umm/file.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "umm/error.h"

namespace umm {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::string error_of(const std::filesystem::path& file) {
  try {
    read_file(file);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(ReadFile, GivesEveryByte) {
  const auto file =
      std::filesystem::path(::testing::TempDir()) / ("umm_read_file_" + std::to_string(getpid()));
  for (const size_t size : {size_t{0}, size_t{1}, size_t{65536}, size_t{300'000}}) {
    std::string bytes(size, '\0');
    for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 31);
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
    EXPECT_EQ(read_file(file), bytes) << size;
  }
  std::filesystem::remove(file);
}

TEST(ReadFile, GivesEveryByteOfAPipe) {
  const auto pipe =
      std::filesystem::path(::testing::TempDir()) / ("umm_read_pipe_" + std::to_string(getpid()));
  std::filesystem::remove(pipe);
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  std::string bytes(1'000'000, '\0');
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 31 + i / 997);
  const std::jthread writer([&] { std::ofstream(pipe, std::ios::binary) << bytes; });
  EXPECT_TRUE(read_file(pipe) == bytes);
  std::filesystem::remove(pipe);
}

TEST(ReadFile, AnErrorIsNotAnEnd) {
  EXPECT_THAT(error_of("/no/such/file"), AllOf(HasSubstr("/no/such/file"), HasSubstr("No such file")));
  EXPECT_THAT(error_of("/proc/self"), HasSubstr("to its end: Is a directory"));
  EXPECT_THAT(error_of("/proc/self/mem"), HasSubstr("to its end: Input/output error"));
}

}  // namespace
}  // namespace umm
