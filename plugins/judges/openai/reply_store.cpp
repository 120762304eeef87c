#include "reply_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <ctime>
#include <fstream>

#include "umm/error.h"
#include "umm/log.h"

namespace umm::openai {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

constexpr const char* kEnding = ".jsonl";

// "20260131T120000Z-node3-4711": sorted by name, older files come first.
std::string own_name() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  char date[32] = "", host[256] = "";
  std::strftime(date, sizeof date, "%Y%m%dT%H%M%SZ", &utc);
  gethostname(host, sizeof host - 1);
  return std::string(date) + "-" + host + "-" + std::to_string(getpid());
}

}  // namespace

ReplyStore::ReplyStore(fs::path folder) : folder_(std::move(folder)) {}

ReplyStore::~ReplyStore() {
  if (file_ < 0) return;
  sync(/*now=*/true);
  close(file_);
}

std::optional<JudgeReply> ReplyStore::find(const ReplyKey& key) {
  if (folder_.empty()) return std::nullopt;
  const std::lock_guard lock(mutex_);
  auto found = places_.find(key);
  if (found == places_.end() || found->second.has_failed) {
    look_for_more();
    found = places_.find(key);
  }
  if (found == places_.end()) return std::nullopt;
  return read(found->second, key);
}

void ReplyStore::look_for_more() {
  const auto now = steady_clock::now();
  if (looked_ && now < *looked_ + kLookEvery) return;
  looked_ = now;
  std::error_code error;
  std::vector<fs::path> files;
  if (fs::is_regular_file(folder_, error))
    files.push_back(folder_);  // of another machine's replies, to be read alone
  else
    for (fs::directory_iterator entry(folder_, error), end; !error && entry != end; entry.increment(error))
      if (entry->path().extension() == kEnding) files.push_back(entry->path());
  UMM_CHECK_INPUT(!error || error == std::errc::no_such_file_or_directory, folder_.string(),
                  ": the judge's stored replies cannot be listed: ", error.message());
  std::sort(files.begin(), files.end());  // of two replies to one request, the older counts
  for (const fs::path& file : files)
    if (source_of_.try_emplace(file, sources_.size()).second) sources_.push_back({file});
  for (size_t source = 0; source < sources_.size(); ++source)
    if (file_ < 0 || source != own_) read_on(source);
}

// The end without newline is a record that is being written, or was when its process died.
void ReplyStore::read_on(size_t number) {
  Source& source = sources_[number];
  std::error_code error;
  if (fs::file_size(source.file, error) <= source.bytes_read || error) return;
  std::ifstream in(source.file, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(source.bytes_read));
  for (std::string line; std::getline(in, line) && !in.eof();) {
    const uint64_t offset = source.bytes_read;
    source.bytes_read += line.size() + 1;
    if (const auto record = record_of(line))
      keep(record->key, {number, offset, line.size(), record->reply.status == ReplyStatus::failed});
    else
      log_warning(detail::concat(source.file.string(), ": at byte ", offset,
                                 " a line is no stored reply and is passed over"));
  }
}

void ReplyStore::keep(const ReplyKey& key, const Place& place) {
  const auto [known, is_new] = places_.try_emplace(key, place);
  if (!is_new && known->second.has_failed && !place.has_failed) known->second = place;
}

JudgeReply ReplyStore::read(const Place& place, const ReplyKey& key) const {
  const fs::path& file = sources_[place.source].file;
  std::ifstream in(file, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(place.offset));
  std::string line(place.bytes, '\0');
  in.read(line.data(), static_cast<std::streamsize>(line.size()));
  const auto record = in ? record_of(line) : std::nullopt;
  UMM_CHECK(record && record->key == key, file.string(), ": the stored reply at byte ", place.offset,
            " is another than it was when the file was read; these files must stay as they are");
  return record->reply;
}

void ReplyStore::open_own() {
  std::error_code error;
  fs::create_directories(folder_, error);
  const std::string name = own_name();
  fs::path path;
  for (int number = 0; file_ < 0 && (number == 0 || errno == EEXIST); ++number) {
    path = folder_ / (name + (number > 0 ? "-" + std::to_string(number) : "") + kEnding);
    file_ = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0644);
  }
  UMM_CHECK(file_ >= 0, path.string(), ": cannot be made for the judge's replies: ", std::strerror(errno));
  own_ = sources_.size();
  sources_.push_back({path});
  source_of_.emplace(path, own_);
}

void ReplyStore::add(const ReplyRecord& record) {
  if (folder_.empty()) return;
  const std::string line = to_line(record);
  const std::lock_guard lock(mutex_);
  if (file_ < 0) open_own();
  Source& own = sources_[own_];
  size_t written = 0;
  while (written < line.size()) {
    const ssize_t count = TEMP_FAILURE_RETRY(write(file_, line.data() + written, line.size() - written));
    if (count <= 0) {
      const std::string problem = std::strerror(errno);
      const bool restored = ftruncate(file_, static_cast<off_t>(own.bytes_read)) == 0;
      throw Error(detail::concat(own.file.string(), ": a judge's reply cannot be stored: ", problem,
                                 restored ? "" : "; the file's end is torn", "; make room, and start again"));
    }
    written += static_cast<size_t>(count);
  }
  keep(record.key, {own_, own.bytes_read, line.size() - 1, record.reply.status == ReplyStatus::failed});
  own.bytes_read += line.size();
  sync(/*now=*/false);
}

// A kill loses nothing that was written; what a power cut may lose is what was paid in the last second.
void ReplyStore::sync(bool now) {
  const auto time = steady_clock::now();
  if (!now && time < synced_ + std::chrono::seconds(1)) return;
  fdatasync(file_);
  synced_ = time;
}

}  // namespace umm::openai
