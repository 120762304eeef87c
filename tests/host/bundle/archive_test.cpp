// Archives that come back as they were, and those that nobody should unpack.
#include "bundle/archive.h"

#include <archive.h>
#include <archive_entry.h>

#include <chrono>
#include <functional>
#include <thread>

#include "tests/host/bundle/scratch_folder.h"

namespace umm::testing {
namespace {

using ::testing::HasSubstr;

const ArchiveLimits kLimits{"first", 100, 1000};

class ArchiveTest : public ScratchFolder {
 protected:
  // "first", then what `add` writes.
  void make(const std::function<void(archive*)>& add) const {
    fs::remove(folder_ / "hostile.tar");
    archive* out = archive_write_new();
    archive_write_set_format_ustar(out);
    archive_write_open_filename(out, (folder_ / "hostile.tar").c_str());
    entry(out, "first", "1");
    add(out);
    archive_write_free(out);
  }

  static void entry(
      archive* out, const std::string& name, const std::string& text,
      const std::function<void(archive_entry*)>& change = [](archive_entry*) {}) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, name.c_str());
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, static_cast<int64_t>(text.size()));
    change(entry);
    archive_write_header(out, entry);
    archive_write_data(out, text.data(), text.size());
    archive_entry_free(entry);
  }

  std::string refused(const std::function<void(archive*)>& add) {
    make(add);
    fs::remove_all(folder_ / "to");
    fs::create_directories(folder_ / "to");
    return refusal([&] { unpack(folder_ / "hostile.tar", folder_ / "to", kLimits); });
  }
};

TEST_F(ArchiveTest, ComesBackAsItWasWithEqualBytesEachTime) {
  const std::string name = "b/\u00FCber.txt";
  write("from/first", "1");
  write("from/" + name, std::string(200, 'x'));
  fs::permissions(folder_ / "from/first", fs::perms::owner_all);
  for (const std::string ending : {".tar.zst", ".tar.gz", ".tar"}) {
    pack(folder_ / "from", {"first", name}, folder_ / ("one" + ending));
    fs::last_write_time(folder_ / "from/first", fs::file_time_type::clock::now() - std::chrono::hours(50));
    std::this_thread::sleep_for(std::chrono::milliseconds(1100));  // gzip has a clock of seconds
    pack(folder_ / "from", {"first", name}, folder_ / ("two" + ending));
    EXPECT_TRUE(read("one" + ending) == read("two" + ending)) << ending;
    const fs::path to = folder_ / ("to" + ending);
    fs::create_directories(to);
    unpack(folder_ / ("one" + ending), to, kLimits);
    EXPECT_EQ(read("to" + ending + "/" + name), std::string(200, 'x'));
    EXPECT_EQ(read("to" + ending + "/first"), "1");
  }
  EXPECT_LT(read("one.tar.gz").size(), read("one.tar").size());
  EXPECT_THAT(refusal([&] { pack(folder_ / "from", {"first"}, folder_ / "one.tar"); }), HasSubstr("exists"));
  EXPECT_THAT(refusal([&] { pack(folder_ / "from", {"first"}, folder_ / "one.zip"); }),
              HasSubstr(".tar.zst"));
  EXPECT_THAT(refusal([&] { pack(folder_ / "from", {"first"}, folder_ / "no/one.tar"); }),
              HasSubstr("cannot be written"));
}

TEST_F(ArchiveTest, NamesThatLeadOutOfTheFolderAreRefused) {
  for (const std::string name : {"../out", "a/../../out", "/tmp/umm_out", "a//b", "./a", "a\\b", "a\nb"}) {
    const std::string why = refused([&](archive* out) { entry(out, name, "x"); });
    const std::string shown = name == "a\nb" ? "a?b" : name;
    EXPECT_THAT(why, HasSubstr("hostile.tar: entry \"" + shown + "\" would leave the folder"));
    EXPECT_FALSE(fs::exists(folder_ / "out"));
  }
  EXPECT_EQ(refused([](archive* out) { entry(out, "a/b..c", "x"); }), "");
}

TEST_F(ArchiveTest, LinksAndDevicesAreRefused) {
  EXPECT_THAT(refused([](archive* out) {
                entry(out, "link", "", [](archive_entry* entry) {
                  archive_entry_set_filetype(entry, AE_IFLNK);
                  archive_entry_set_symlink(entry, "/etc/passwd");
                });
              }),
              HasSubstr("entry \"link\" is a link"));
  EXPECT_THAT(refused([](archive* out) {
                entry(out, "hard", "",
                      [](archive_entry* entry) { archive_entry_set_hardlink(entry, "first"); });
              }),
              HasSubstr("entry \"hard\" is a link"));
  EXPECT_THAT(refused([](archive* out) {
                entry(out, "pipe", "",
                      [](archive_entry* entry) { archive_entry_set_filetype(entry, AE_IFIFO); });
              }),
              HasSubstr("entry \"pipe\" is no plain file"));
}

TEST_F(ArchiveTest, SizesBeyondTheLimitAreRefusedBeforeTheyAreWritten) {
  const std::string half(600, 'x');
  EXPECT_THAT(refused([&](archive* out) {
                entry(out, "a", half);
                entry(out, "b", half);
              }),
              HasSubstr("entry \"b\" has 600 bytes, which makes more than the 1000 bytes that are allowed"));
  // A header that promises 8 GiB: libarchive would write them, so the size is put into the file.
  make([](archive* out) { entry(out, "huge", ""); });
  std::string bytes = read("hostile.tar");
  constexpr size_t kHeader = 1024, kSize = kHeader + 124, kSum = kHeader + 148;
  bytes.replace(kSize, 11, "77777777777").replace(kSum, 8, "        ");
  unsigned sum = 0;
  for (size_t i = 0; i < 512; ++i) sum += static_cast<unsigned char>(bytes[kHeader + i]);
  char text[8];
  std::snprintf(text, sizeof(text), "%06o", sum);
  bytes.replace(kSum, 7, text, 7);
  write("hostile.tar", bytes);
  fs::remove_all(folder_ / "to");
  EXPECT_THAT(refusal([&] { unpack(folder_ / "hostile.tar", folder_ / "to", kLimits); }),
              HasSubstr("entry \"huge\" has 8589934591 bytes"));
  EXPECT_FALSE(fs::exists(folder_ / "to/huge"));
}

TEST_F(ArchiveTest, WhatIsNoBundleOrNotWholeIsRefused) {
  EXPECT_THAT(refused([](archive* out) {
                entry(out, "a", "x");
                entry(out, "a", "y");
              }),
              HasSubstr("entry \"a\" comes twice"));
  make([](archive*) {});
  const ArchiveLimits other{"MANIFEST.json", 100, 1000};
  EXPECT_THAT(refusal([&] { unpack(folder_ / "hostile.tar", folder_ / "to", other); }),
              HasSubstr("comes first, expected MANIFEST.json; this is no bundle"));
  write("text.tar", "no archive at all, but long enough to be looked at");
  EXPECT_THAT(refusal([&] { unpack(folder_ / "text.tar", folder_ / "to", kLimits); }), HasSubstr("text.tar"));
  write("empty.tar", std::string(10240, '\0'));
  EXPECT_THAT(refusal([&] { unpack(folder_ / "empty.tar", folder_ / "to", kLimits); }),
              HasSubstr("is empty"));
  write("from/first", std::string(90, 'x'));
  pack(folder_ / "from", {"first"}, folder_ / "whole.tar.zst");
  const std::string whole = read("whole.tar.zst");
  write("cut.tar.zst", whole.substr(0, whole.size() / 2));
  fs::remove_all(folder_ / "to");
  EXPECT_THAT(refusal([&] { unpack(folder_ / "cut.tar.zst", folder_ / "to", kLimits); }),
              HasSubstr("cut.tar.zst"));
}

}  // namespace
}  // namespace umm::testing
