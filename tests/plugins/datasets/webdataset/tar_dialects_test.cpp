// The tars that GNU tar writes, in each of its formats.
#include <gmock/gmock.h>

#include <cstdlib>

#include "tar_index.h"
#include "tar_writer.h"

namespace umm::webdataset {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class TarDialects : public TarTest {
 protected:
  // A tar of all files in the folder `data`.
  std::string pack(const std::string& options) const {
    const std::string command =
        "tar " + options + " --sort=name -cf '" + path("a.tar") + "' -C '" + path("data") + "' .";
    EXPECT_EQ(std::system(command.c_str()), 0) << command;
    return path("a.tar");
  }
};

TEST_F(TarDialects, AllHoldTheSame) {
  const std::string utf8 = "z\xC3\xBCrich \xE6\x9D\xB1.jpg", many = std::string(90, 'n') + ".jpg";
  std::map<std::string, std::string> files = {
      {"0.jpg", "abc"}, {utf8, std::string(513, 'u')}, {many, "n"}, {"sub/1.txt", ""}};
  for (const char* format : {"v7", "ustar", "gnu", "pax"}) {
    const bool is_long = format == std::string("gnu") || format == std::string("pax");
    if (is_long) files[std::string(120, 'd') + "/" + std::string(200, 'l') + ".jpg"] = "long";
    for (const auto& [name, bytes] : files) write("data/" + name, bytes);
    const std::string tar = pack(std::string("--format=") + format);
    const PositionedFile file(tar);
    std::map<std::string, std::string> found;
    for (const TarMember& member : read_tar_index(file, tar)) {
      const auto bytes = file.read(member.offset, member.num_bytes, member.name);
      found[member.name] = std::string(bytes.begin(), bytes.end());
    }
    EXPECT_EQ(found, files) << format;
  }
}

TEST_F(TarDialects, FilesWithHolesAreRefused) {
  write("data/0.jpg", "abc");
  fs::resize_file(path("data/0.jpg"), 1 << 20);
  std::ofstream(path("data/0.jpg"), std::ios::app) << "end";
  for (const char* format : {"gnu", "pax"}) {
    const std::string tar = pack(std::string("--sparse --format=") + format);
    EXPECT_THAT(problem_of([&] { read_tar_index(PositionedFile(tar), tar); }),
                AllOf(HasSubstr("member `0.jpg` is stored with holes"), HasSubstr("without --sparse")))
        << format;
  }
}

}  // namespace
}  // namespace umm::webdataset
