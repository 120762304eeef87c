#include "bundle/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <set>

#include "process/descriptor.h"
#include "umm/error.h"

namespace umm {
namespace {

namespace fs = std::filesystem;

constexpr size_t kPiece = 1 << 16;  // bytes
constexpr mode_t kReadable = 0644;
constexpr int64_t kMostEntries = 1'000'000;  // empty ones take inodes, too

Descriptor open_file(const fs::path& file, int flags) {
  return Descriptor(open(file.c_str(), flags | O_CLOEXEC, kReadable));
}

struct Removed {
  fs::path file;
  ~Removed() {
    std::error_code ignored;
    fs::remove(file, ignored);
  }
};

void choose_format(archive* out, const fs::path& file) {
  const std::string name = file.filename().string();
  archive_write_set_format_gnutar(out);  // long names and sizes as they are: pax translates for a locale
  if (name.ends_with(".tar.zst")) {
    archive_write_add_filter_zstd(out);
  } else if (name.ends_with(".tar.gz")) {
    archive_write_add_filter_gzip(out);
    archive_write_set_options(out, "gzip:!timestamp");
  }
}

void add_file(archive* out, const fs::path& file, const std::string& name) {
  const Descriptor in = open_file(file, O_RDONLY);
  UMM_CHECK_INPUT(in.get() >= 0, file.string(), ": cannot be read: ", std::strerror(errno));
  const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(archive_entry_new(),
                                                                       archive_entry_free);
  auto left = static_cast<int64_t>(fs::file_size(file));
  archive_entry_set_pathname(entry.get(), name.c_str());
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), kReadable);
  archive_entry_set_size(entry.get(), left);
  archive_entry_set_mtime(entry.get(), 0, 0);
  const auto check = [&](la_ssize_t code) {
    UMM_CHECK_INPUT(code >= 0, "cannot pack ", name, ": ", archive_error_string(out));
  };
  check(archive_write_header(out, entry.get()));
  std::array<char, kPiece> piece{};
  while (left > 0) {
    const ssize_t got = TEMP_FAILURE_RETRY(read(in.get(), piece.data(), piece.size()));
    UMM_CHECK_INPUT(got > 0 && got <= left, file.string(), ": changed while it was packed");
    check(archive_write_data(out, piece.data(), static_cast<size_t>(got)));
    left -= got;
  }
}

// A name from elsewhere, for a terminal.
std::string shown(std::string name) {
  for (char& c : name)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
  return name;
}

class Unpacking {
 public:
  Unpacking(archive* in, const fs::path& file, fs::path folder, const ArchiveLimits& limits)
      : in_(in), file_(file), folder_(std::move(folder)), limits_(limits) {}

  void run();

 private:
  // The next one; nullptr: there is none.
  archive_entry* next();
  void check(archive_entry* entry, const std::string& name);
  void extract(archive_entry* entry, const std::string& name);

  archive* in_;
  const fs::path& file_;
  fs::path folder_;
  const ArchiveLimits& limits_;
  std::set<std::string> names_;
  int64_t bytes_ = 0, entries_ = 0;
};

archive_entry* Unpacking::next() {
  archive_entry* entry = nullptr;
  const int code = archive_read_next_header(in_, &entry);
  UMM_CHECK_INPUT(code == ARCHIVE_OK || code == ARCHIVE_EOF, file_.string(),
                  ": cannot be read: ", archive_error_string(in_), "; is it damaged, or cut off?");
  UMM_CHECK_INPUT(++entries_ <= kMostEntries, file_.string(), ": has more than ", kMostEntries,
                  " entries; no bundle has so many");
  return code == ARCHIVE_EOF ? nullptr : entry;
}

void Unpacking::check(archive_entry* entry, const std::string& name) {
  const std::string which = file_.string() + ": entry \"" + shown(name) + "\" ";
  UMM_CHECK_INPUT(is_safe_name(name), which,
                  "would leave the folder that it is unpacked to; nobody should unpack this archive");
  const bool is_link = archive_entry_hardlink(entry) != nullptr || archive_entry_symlink(entry) != nullptr;
  UMM_CHECK_INPUT(!is_link && archive_entry_filetype(entry) == AE_IFREG, which, "is ",
                  is_link ? "a link" : "no plain file", "; a bundle holds plain files alone");
  UMM_CHECK_INPUT(names_.insert(name).second, which, "comes twice");
  UMM_CHECK_INPUT(names_.size() > 1 || name == limits_.first, which, "comes first, expected ", limits_.first,
                  "; this is no bundle of ummbench");
  UMM_CHECK_INPUT(archive_entry_size_is_set(entry) != 0, which, "does not say its size");
  const int64_t size = archive_entry_size(entry);
  const int64_t most = names_.size() == 1 ? limits_.first_bytes : limits_.bytes - bytes_;
  UMM_CHECK_INPUT(size >= 0 && size <= most, which, "has ", size, " bytes, which makes more than the ",
                  names_.size() == 1 ? limits_.first_bytes : limits_.bytes, " bytes that are allowed");
  bytes_ += size;
}

void Unpacking::extract(archive_entry* entry, const std::string& name) {
  const fs::path target = folder_ / name;
  std::error_code failed;
  fs::create_directories(target.parent_path(), failed);
  const Descriptor out = open_file(target, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW);
  UMM_CHECK_INPUT(out.get() >= 0, target.string(), ": cannot be written: ", std::strerror(errno));
  std::array<char, kPiece> piece{};
  for (int64_t left = archive_entry_size(entry); left > 0;) {
    const la_ssize_t got = archive_read_data(in_, piece.data(), piece.size());
    UMM_CHECK_INPUT(got > 0 && got <= left, file_.string(), ": entry \"", name,
                    "\" cannot be read to its end; the archive is damaged, or cut off");
    for (la_ssize_t done = 0; done < got;) {
      const ssize_t put =
          TEMP_FAILURE_RETRY(write(out.get(), piece.data() + done, static_cast<size_t>(got - done)));
      UMM_CHECK_INPUT(put > 0, target.string(), ": cannot be written: ", std::strerror(errno));
      done += put;
    }
    left -= got;
  }
}

void Unpacking::run() {
  while (archive_entry* entry = next()) {
    const char* given = archive_entry_pathname(entry);
    const std::string name = given == nullptr ? "" : given;
    if (archive_entry_filetype(entry) == AE_IFDIR &&
        is_safe_name(name.substr(0, name.find_last_not_of('/') + 1)))
      continue;  // whoever packs by hand has those, too
    check(entry, name);
    extract(entry, name);
  }
  UMM_CHECK_INPUT(!names_.empty(), file_.string(), ": is empty, expected a bundle of ummbench");
}

}  // namespace

bool is_safe_name(const std::string& name) {
  for (size_t begin = 0; begin <= name.size();) {
    const size_t slash = std::min(name.find('/', begin), name.size());
    const std::string part = name.substr(begin, slash - begin);
    if (part.empty() || part == "." || part == ".." || part.find('\\') != std::string::npos) return false;
    for (const char c : part)
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return false;
    begin = slash + 1;
  }
  return true;
}

void check_archive_name(const fs::path& archive) {
  UMM_CHECK_INPUT(!fs::exists(fs::symlink_status(archive)), archive.string(),
                  ": exists; nothing is overwritten. Name another, or move it away");
  const std::string name = archive.filename().string();
  UMM_CHECK_INPUT(name.ends_with(".tar.zst") || name.ends_with(".tar.gz") || name.ends_with(".tar"),
                  archive.string(), ": expected a name that ends with .tar.zst, .tar.gz or .tar");
}

void pack(const fs::path& folder, const std::vector<std::string>& names, const fs::path& archive) {
  check_archive_name(archive);
  const Removed pending{archive.parent_path() /
                        (".pending-" + std::to_string(getpid()) + "-" + archive.filename().string())};
  {
    const std::unique_ptr<::archive, int (*)(::archive*)> out(archive_write_new(), archive_write_free);
    choose_format(out.get(), archive);
    const auto check = [&](int code) {
      UMM_CHECK_INPUT(code == ARCHIVE_OK, archive.string(),
                      ": cannot be written: ", archive_error_string(out.get()));
    };
    check(archive_write_open_filename(out.get(), pending.file.c_str()));
    for (const auto& name : names) add_file(out.get(), folder / name, name);
    check(archive_write_close(out.get()));
  }
  const Descriptor written = open_file(pending.file, O_RDONLY);
  const bool on_disk = written.get() >= 0 && fsync(written.get()) == 0;
  // A link, unlike a renaming, fails where somebody else took the name meanwhile.
  UMM_CHECK_INPUT(on_disk && link(pending.file.c_str(), archive.c_str()) == 0, archive.string(),
                  ": cannot be written: ", std::strerror(errno));
}

void unpack(const fs::path& archive, const fs::path& folder, const ArchiveLimits& limits) {
  const std::unique_ptr<::archive, int (*)(::archive*)> in(archive_read_new(), archive_read_free);
  archive_read_support_filter_zstd(in.get());
  archive_read_support_filter_gzip(in.get());
  archive_read_support_format_tar(in.get());
  UMM_CHECK_INPUT(archive_read_open_filename(in.get(), archive.c_str(), kPiece) == ARCHIVE_OK,
                  archive.string(), ": cannot be read as a bundle: ", archive_error_string(in.get()));
  Unpacking(in.get(), archive, folder, limits).run();
}

}  // namespace umm
