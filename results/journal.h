// What one process did for one run, as it happens: an append-only file that survives the death of its writer
// at any byte. The database is made from journals (ingest.h); nothing else writes to it.
//
//   ummbench journal 1
//   <crc32, 8 hex digits> <sequence> <wall clock, ns> <monotonic clock, ns> <type> <JSON object>
//
// One line is one frame; the checksum covers everything behind it up to the end of the line. Sequences count
// from 0. Types and their objects: frames.h.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace umm::results {

struct Frame {
  int64_t sequence = 0;
  int64_t wall_ns = 0;       // since 1970, UTC; may jump
  int64_t monotonic_ns = 0;  // of the machine that wrote it; never jumps
  std::string_view type;
  std::string_view payload;  // JSON; valid while the callback runs
};

class JournalWriter {
 public:
  // StoreError where the file exists or cannot be made.
  explicit JournalWriter(std::filesystem::path file);
  ~JournalWriter();
  JournalWriter(const JournalWriter&) = delete;
  JournalWriter& operator=(const JournalWriter&) = delete;

  // `sync`: on disk when the call returns. StoreError (disk full, ...): then no later frame is written.
  void write(std::string_view type, std::string_view payload, bool sync = true);

 private:
  std::filesystem::path file_;
  int descriptor_;
  int64_t next_ = 0;
  bool broken_ = false;
};

// Where reading came to an end, and why.
struct JournalEnd {
  int64_t offset = 0;    // behind the last whole frame
  int64_t sequence = 0;  // of the next frame
  enum Tail {
    kWhole,    // nothing follows
    kTorn,     // the beginning of a frame follows: its writer died, or is writing it
    kDamaged,  // bytes that no writer left there: frames follow that are not read
  } tail = kWhole;
};

// Every whole frame from `from` on, in order. StoreError: not a journal, or unreadable.
JournalEnd read_journal(const std::filesystem::path& file, const std::function<void(const Frame&)>& each,
                        const JournalEnd& from = {});

// The same over what lies behind `from`, for tests and fuzzers. `name` is for messages.
JournalEnd parse_journal(std::string_view text, const std::string& name,
                         const std::function<void(const Frame&)>& each, const JournalEnd& from = {});

// What tells this journal from every other, also from one that has taken its name; "": it has no frame.
std::string journal_stamp(const std::filesystem::path& file);

// "2026-01-31T12:00:00Z"
std::string utc_text(int64_t wall_ns);
int64_t wall_clock_ns();

}  // namespace umm::results
