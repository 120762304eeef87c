// Replies that were paid for, kept in files that are only appended to. Every process has a file of its own,
// so none needs a lock and a kill at any byte costs the last record alone; all read the files of all. Of
// several to one request the first counts, but for those that failed: these count where there is no other.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "reply_record.h"

namespace umm::openai {

class ReplyStore {
 public:
  // "": nothing is kept. Neither reads nor makes anything yet.
  explicit ReplyStore(std::filesystem::path folder);
  ~ReplyStore();
  ReplyStore(const ReplyStore&) = delete;
  ReplyStore& operator=(const ReplyStore&) = delete;

  // On any thread. What another process adds is seen after kLookEvery.
  std::optional<JudgeReply> find(const ReplyKey& key);

  // On any thread. In the system's hands when it returns; on the disk soon after. Throws Error where it
  // cannot be written; the file is then as it was.
  void add(const ReplyRecord& record);

  static constexpr std::chrono::milliseconds kLookEvery{1000};

 private:
  struct Source {
    std::filesystem::path file;
    uint64_t bytes_read = 0;  // of whole lines
  };
  struct Place {
    size_t source = 0;
    uint64_t offset = 0, bytes = 0;
    bool has_failed = false;
  };

  // [mutex_ held]
  void look_for_more();
  void read_on(size_t source);
  void keep(const ReplyKey& key, const Place& place);
  JudgeReply read(const Place& place, const ReplyKey& key) const;
  void open_own();
  void sync(bool now);

  std::filesystem::path folder_;
  std::mutex mutex_;
  std::vector<Source> sources_;
  std::map<std::filesystem::path, size_t> source_of_;
  std::map<ReplyKey, Place> places_;
  std::optional<std::chrono::steady_clock::time_point> looked_;
  int file_ = -1;  // this process's own
  size_t own_ = 0;
  std::chrono::steady_clock::time_point synced_ = {};
};

}  // namespace umm::openai
