// Rationale: libarchive knows tar's dialects (ustar, GNU's and pax's long names and sizes) and how hostile
// files look. It is given 512 bytes at a time and skips by moving a number, so that a shard of gigabytes
// costs its headers. Its count of bytes taken, after a header, is where that member's bytes begin.
#include "tar_index.h"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "umm/error.h"

namespace umm::webdataset {
namespace {

constexpr int64_t kBlock = 512;  // bytes; headers and contents begin at multiples of it

struct Compression {
  std::vector<std::string> endings;
  std::string magic, command;
};

const std::vector<Compression>& compressions() {
  static const std::vector<Compression> all = {
      {{".tar.gz", ".tgz"}, "\x1F\x8B", "gzip -dc"},
      {{".tar.bz2", ".tbz2", ".tbz"}, "BZh", "bzip2 -dc"},
      {{".tar.xz", ".txz"}, std::string("\xFD\x37zXZ\0", 6), "xz -dc"},
      {{".tar.zst", ".tzst"}, "\x28\xB5\x2F\xFD", "zstd -dc"},
      {{".tar.lz4"}, "\x04\x22\x4D\x18", "lz4 -dc"},
  };
  return all;
}

// Where libarchive is in the file.
struct Source {
  const PositionedFile& file;
  int64_t position = 0;
  std::array<uint8_t, kBlock> block = {};
};

la_ssize_t give_block(archive* reader, void* data, const void** buffer) {
  auto& source = *static_cast<Source*>(data);
  const int64_t count = source.file.read_some(source.position, source.block.data(), kBlock);
  if (count < 0) {
    archive_set_error(reader, errno, "cannot be read: %s", std::strerror(errno));
    return ARCHIVE_FATAL;
  }
  source.position += count;
  *buffer = source.block.data();
  return count;
}

la_int64_t pass_over(archive*, void* data, la_int64_t num_bytes) {
  auto& source = *static_cast<Source*>(data);
  const int64_t passed = std::min<int64_t>(num_bytes, source.file.num_bytes() - source.position);
  source.position += passed;
  return passed;
}

// pax names are UTF-8, which libarchive translates for the locale; a program starts in one that is ASCII.
class Utf8Locale {
 public:
  Utf8Locale() : made_(newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)), before_(uselocale(made_)) {}
  ~Utf8Locale() {
    uselocale(before_);
    if (made_ != nullptr) freelocale(made_);
  }
  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;

 private:
  locale_t made_, before_;
};

std::string reason(archive* reader) {
  const char* text = archive_error_string(reader);
  return text == nullptr ? "no reason given" : text;
}

std::string name_of(archive_entry* entry) {
  const char* text = archive_entry_pathname(entry);
  std::string name = text == nullptr ? "" : text;
  while (name.starts_with("./")) name.erase(0, 2);
  return name;
}

void expect_plain_file(archive_entry* entry, const std::string& place) {
  UMM_CHECK_INPUT(
      archive_entry_hardlink(entry) == nullptr && archive_entry_filetype(entry) != AE_IFLNK, place,
      " is a link, without bytes of its own; pack again with tar --dereference --hard-dereference");
  UMM_CHECK_INPUT(archive_entry_filetype(entry) == AE_IFREG, place,
                  " is neither a file nor a folder; pack again without it");
  UMM_CHECK_INPUT(archive_entry_sparse_count(entry) == 0, place,
                  " is stored with holes; pack again without --sparse");
}

// Behind the last member a tar is zeros, at least one block, to the end of the file.
void expect_end(const PositionedFile& file, int64_t end, const std::string& last, const std::string& path) {
  const std::string behind = last.empty() ? "" : " behind its last member `" + last + "`";
  UMM_CHECK_INPUT(file.num_bytes() - end >= kBlock, path, ": expected the zeros that end a tar", behind,
                  ", found the end of the file: it was cut; fetch or pack it again");
  std::vector<uint8_t> buffer(size_t{1} << 16);
  for (int64_t at = end; at < file.num_bytes();) {
    const int64_t count = file.read_some(at, buffer.data(), static_cast<int64_t>(buffer.size()));
    UMM_CHECK_INPUT(count > 0, path, ": cannot be read to its end");
    const auto stop = buffer.begin() + count;
    const auto other = std::find_if(buffer.begin(), stop, [](uint8_t byte) { return byte != 0; });
    UMM_CHECK_INPUT(other == stop, path, ": expected zeros to the end of the tar", behind,
                    ", found other bytes at ", at + (other - buffer.begin()),
                    ": tars that were joined; read them as files of their own");
    at += count;
  }
}

void expect_not_compressed(const PositionedFile& file, const std::string& path) {
  std::array<uint8_t, 8> head = {};
  const int64_t count = std::max<int64_t>(0, file.read_some(0, head.data(), head.size()));
  const std::string command = unpacking_command(head.data(), count);
  UMM_CHECK_INPUT(command.empty(), path,
                  ": a compressed shard; samples are read in any order, from where they lie in the file. ",
                  "Unpack it: ", command, " ", path, " > <name>.tar");
}

}  // namespace

std::string unpacking_command(const std::string& name) {
  for (const Compression& compression : compressions())
    for (const std::string& ending : compression.endings)
      if (name.ends_with(ending)) return compression.command;
  return "";
}

std::string unpacking_command(const uint8_t* bytes, int64_t num_bytes) {
  for (const Compression& compression : compressions()) {
    const std::string& magic = compression.magic;
    if (num_bytes >= static_cast<int64_t>(magic.size()) &&
        std::memcmp(bytes, magic.data(), magic.size()) == 0)
      return compression.command;
  }
  return "";
}

std::vector<TarMember> read_tar_index(const PositionedFile& file, const std::string& path) {
  expect_not_compressed(file, path);
  file.expect_jumps();
  const Utf8Locale locale;
  Source source{.file = file};
  const std::unique_ptr<archive, decltype(&archive_read_free)> reader(archive_read_new(), &archive_read_free);
  archive_read_support_format_tar(reader.get());
  archive_read_set_read_callback(reader.get(), give_block);
  archive_read_set_skip_callback(reader.get(), pass_over);
  archive_read_set_callback_data(reader.get(), &source);
  UMM_CHECK_INPUT(archive_read_open1(reader.get()) == ARCHIVE_OK, path,
                  ": expected a tar file, found none: ", reason(reader.get()));

  std::vector<TarMember> members;
  std::string last;
  int64_t end = 0;  // of the last member
  archive_entry* entry = nullptr;
  int status = ARCHIVE_OK;
  while ((status = archive_read_next_header(reader.get(), &entry)) == ARCHIVE_OK) {
    TarMember member{.name = name_of(entry),
                     .offset = archive_filter_bytes(reader.get(), 0),
                     .num_bytes = archive_entry_size(entry)};
    const std::string place = path + ": member `" + member.name + "`";
    const bool is_folder = archive_entry_filetype(entry) == AE_IFDIR;
    if (!is_folder) expect_plain_file(entry, place);
    const int64_t room = file.num_bytes() - member.offset;
    UMM_CHECK_INPUT(member.num_bytes >= 0 && member.num_bytes <= room, place, " is cut: expected ",
                    member.num_bytes, " bytes, found ", room,
                    " before the file ends; fetch or pack the shard again");
    end = member.offset + (member.num_bytes + kBlock - 1) / kBlock * kBlock;
    last = member.name;
    if (!is_folder) members.push_back(std::move(member));
  }
  UMM_CHECK_INPUT(status == ARCHIVE_EOF, path, ": damaged tar",
                  last.empty() ? "" : " behind member `" + last + "`", ": ", reason(reader.get()));
  expect_end(file, end, last, path);
  return members;
}

}  // namespace umm::webdataset
