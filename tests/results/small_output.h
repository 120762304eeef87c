// Output folders as runs leave them, with journals whose every byte a test decides.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "results/dump.h"
#include "results/frames.h"
#include "results/ingest.h"
#include "results/run_folder.h"
#include "tests/results/small_database.h"

namespace umm::results {

// The text of a journal. One frame each second from the start.
class JournalText {
 public:
  explicit JournalText(int64_t start_seconds = 0);  // after 2026-01-01T00:00:00Z

  template <typename FrameType>
  JournalText& add(const FrameType& frame, const char* type = FrameType::kType) {
    return add_line(type, to_payload(frame));
  }
  JournalText& add_line(const std::string& type, const std::string& payload);
  JournalText& wait(int64_t seconds);

  const std::string& text() const { return text_; }
  const std::vector<size_t>& ends() const { return ends_; }  // offset behind the header and each frame

 private:
  int64_t sequence_ = 0, seconds_;
  std::string text_;
  std::vector<size_t> ends_;
};

AttemptFrame small_attempt(const std::string& label, int64_t seed, int64_t number,
                           const std::string& host = "node7");
StageEnd small_stage_end(const StageRow& stage, double seconds);
EvaluationFrame small_evaluation_frame(const std::string& name, const std::vector<int>& right);
SubmittedSweep small_sweep(const std::vector<std::pair<std::string, int64_t>>& runs,
                           const std::string& name = "small");

struct SmallJournal {
  std::string label;
  int64_t seed, number;
  JournalText text;
};

class OutputFolder {
 public:
  explicit OutputFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}

  std::filesystem::path attempt(const std::string& label, int64_t seed, int64_t number) const;
  // Replaces the file. Its process is dead unless the test says otherwise.
  void put_journal(const std::string& label, int64_t seed, int64_t number, const std::string& text) const;
  void grow_journal(const SmallJournal& journal, size_t size) const;  // to that many bytes
  void put_exit(const std::string& label, int64_t seed, int64_t number, const std::string& text) const;
  void put_sweep(const SubmittedSweep& sweep) const;
  void revive(const std::string& label, int64_t seed, int64_t number);
  void bury(const std::string& label, int64_t seed, int64_t number);

  Ingester ingester() const;  // not synchronous
  IngestReport take_in() const { return ingester().take_in(); }
  Store store() const { return Store::open_read_only(database_file(folder_).string()); }
  std::string dump() const;         // canonical_dump of the database
  std::string dump_of_new() const;  // the same when it is deleted and made again
  const std::filesystem::path& path() const { return folder_; }

 private:
  std::filesystem::path folder_;
  std::set<std::filesystem::path> alive_;
};

// Five processes: one was killed, one failed, two found what others did, in the order of their times.
std::vector<SmallJournal> small_journals();
OutputFolder small_output(const TemporaryFolder& folder);  // all of them, their sweep and an exit.txt

std::string canonical_dump(const Store& store);  // results/dump.h

}  // namespace umm::results
