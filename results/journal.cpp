#include "results/journal.h"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <fstream>
#include <optional>

#include "results/run_folder.h"
#include "results/store.h"

namespace umm::results {
namespace {

constexpr std::string_view kHeader = "ummbench journal 1\n";
constexpr size_t kChecksumDigits = 8;

std::string checksum(std::string_view text) {
  const auto value = crc32_z(0, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  return fmt::format("{:08x}", value);
}

// Takes the next word of `text`, which ends at a space.
std::string_view take_word(std::string_view& text) {
  const size_t end = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return word;
}

std::optional<int64_t> take_number(std::string_view& text) {
  const std::string_view word = take_word(text);
  int64_t value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc() || end != word.data() + word.size()) return std::nullopt;
  return value;
}

// `line` without its end. nullopt: not a frame.
std::optional<Frame> parse_frame(std::string_view line) {
  if (line.size() < kChecksumDigits + 2 || line[kChecksumDigits] != ' ') return std::nullopt;
  std::string_view rest = line.substr(kChecksumDigits + 1);
  if (checksum(rest) != line.substr(0, kChecksumDigits)) return std::nullopt;
  const auto sequence = take_number(rest), wall = take_number(rest), monotonic = take_number(rest);
  if (!sequence || !wall || !monotonic) return std::nullopt;
  Frame frame{*sequence, *wall, *monotonic, take_word(rest), rest};
  if (frame.type.empty() || frame.payload.empty()) return std::nullopt;
  return frame;
}

// Whether a whole frame lies anywhere in `text`, which begins with something that is none.
bool holds_frame(std::string_view text) {
  for (size_t begin = text.find('\n'); begin != std::string_view::npos; begin = text.find('\n')) {
    text.remove_prefix(begin + 1);
    const size_t end = text.find('\n');
    if (end != std::string_view::npos && parse_frame(text.substr(0, end))) return true;
  }
  return false;
}

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& what) {
  throw StoreError(fmt::format("{}: {}", file.string(), what));
}

// All of `text`, or the reason why not.
std::string write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return std::strerror(errno);
    text.remove_prefix(static_cast<size_t>(written));
  }
  return "";
}

// A new file's name is on disk only when its folder is. What cannot sync a folder needs none of it.
void sync_folder_of(const std::filesystem::path& file) {
  const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace

JournalWriter::JournalWriter(std::filesystem::path file)
    : file_(std::move(file)),
      descriptor_(::open(file_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0644)) {
  if (descriptor_ < 0) fail(file_, fmt::format("the journal cannot be made: {}", std::strerror(errno)));
  const std::string problem = write_all(descriptor_, kHeader);
  if (!problem.empty()) {
    ::close(descriptor_);
    fail(file_, fmt::format("the journal cannot be written: {}", problem));
  }
  sync_folder_of(file_);
}

JournalWriter::~JournalWriter() {
  ::close(descriptor_);
}

void JournalWriter::write(std::string_view type, std::string_view payload, bool sync) {
  if (broken_) fail(file_, "an earlier frame could not be written, so no further one is");
  if (type.empty() || payload.empty() || type.find_first_of(" \n") != type.npos ||
      payload.find('\n') != payload.npos)
    fail(file_, fmt::format("\"{}\" with {} bytes is no frame: a frame is one line", type, payload.size()));
  const auto monotonic = std::chrono::steady_clock::now().time_since_epoch();
  const std::string body = fmt::format("{} {} {} {} {}", next_, wall_clock_ns(),
                                       std::chrono::nanoseconds(monotonic).count(), type, payload);
  std::string problem = write_all(descriptor_, checksum(body) + " " + body + "\n");
  // Some file systems (pipes, some network ones) cannot sync; what they took is theirs.
  if (problem.empty() && sync && fdatasync(descriptor_) != 0 && errno != EINVAL)
    problem = std::strerror(errno);
  broken_ = !problem.empty();
  if (broken_) fail(file_, fmt::format("the journal cannot be written: {}", problem));
  ++next_;
}

JournalEnd parse_journal(std::string_view text, const std::string& name,
                         const std::function<void(const Frame&)>& each, const JournalEnd& from) {
  JournalEnd end = from;
  if (end.offset == 0) {
    const std::string_view begin = text.substr(0, kHeader.size());
    if (begin != kHeader.substr(0, begin.size()))
      throw StoreError(fmt::format("{}: this is not a journal of this version: it does not begin with \"{}\"",
                                   name, kHeader.substr(0, kHeader.size() - 1)));
    if (begin.size() < kHeader.size()) {
      end.tail = begin.empty() ? JournalEnd::kWhole : JournalEnd::kTorn;
      return end;
    }
    end.offset = static_cast<int64_t>(kHeader.size());
    text.remove_prefix(kHeader.size());
  }
  while (!text.empty()) {
    const size_t size = text.find('\n');
    const auto frame = size == std::string_view::npos ? std::nullopt : parse_frame(text.substr(0, size));
    if (!frame || frame->sequence != end.sequence) {
      end.tail = size != std::string_view::npos && (frame || holds_frame(text)) ? JournalEnd::kDamaged
                                                                                : JournalEnd::kTorn;
      return end;
    }
    each(*frame);
    end.offset += static_cast<int64_t>(size) + 1;
    ++end.sequence;
    text.remove_prefix(size + 1);
  }
  end.tail = JournalEnd::kWhole;
  return end;
}

JournalEnd read_journal(const std::filesystem::path& file, const std::function<void(const Frame&)>& each,
                        const JournalEnd& from) {
  const std::string text = read_from(file, from.offset);
  return parse_journal(text, file.string(), each, from);
}

// Checksum, number and times of the first frame.
std::string journal_stamp(const std::filesystem::path& file) {
  std::error_code failed;
  if (!std::filesystem::is_regular_file(file, failed)) return "";
  std::ifstream in(file, std::ios::binary);
  std::string header, stamp, word;
  std::getline(in, header);
  for (int i = 0; i < 4 && in >> word; ++i) stamp += word + " ";
  return in ? stamp : "";
}

std::string utc_text(int64_t wall_ns) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(static_cast<std::time_t>(wall_ns / 1'000'000'000)));
}

int64_t wall_clock_ns() {
  return std::chrono::nanoseconds(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace umm::results
