// What a server shows of an output folder: for each sweep its report, made again when there are new results,
// and how its runs stand now.
#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "launch/status.h"
#include "launch/sweep_records.h"
#include "results/store.h"

namespace umm {

struct PagesOptions {
  std::filesystem::path output;
  std::string program_version;
  std::chrono::milliseconds look_every{5'000};      // for new results
  std::chrono::milliseconds rebuild_every{15'000};  // at most; longer where making pages takes long
};

class Pages {
 public:
  explicit Pages(PagesOptions options);  // InputError: no sweep was started in the folder
  ~Pages();
  Pages(const Pages&) = delete;
  Pages& operator=(const Pages&) = delete;

  std::vector<std::string> sweeps() const;
  // nullopt: there is no such sweep. Where no report can be made, or not yet, a page that asks again.
  std::optional<std::string> page(const std::string& sweep);
  std::string index();
  // JSON: version (of the page), line, runs. nullopt: there is no such sweep.
  std::optional<std::string> status(const std::string& sweep);

 private:
  struct Page {
    std::string html, version;
    std::string stamp;  // of the content that it was made from; "": it could not be made
  };
  void work();                       // of the thread
  std::chrono::milliseconds look();  // for new results; how long to wait then
  // False: one could not be made, and says why.
  bool make_pages(const results::Store& store, const std::string& stamp);
  bool is_made_from(const std::string& stamp, const std::string& sweep) const;
  void refresh_status();  // with status_mutex_ held
  SweepStatus status_of(const std::string& sweep);

  PagesOptions options_;
  SweepRecords records_;       // the thread's
  std::string first_version_;  // of this process: pages of an earlier one are never taken for current
  int64_t num_made_ = 0;
  std::string stamp_;     // of the database's content that all pages were made from
  std::string journals_;  // of the files that were taken in

  mutable std::mutex mutex_;
  std::map<std::string, Page> pages_;
  bool stop_ = false;
  std::condition_variable wake_;

  std::mutex status_mutex_;
  std::vector<SweepStatus> status_;
  std::chrono::steady_clock::time_point status_until_{};

  std::thread worker_;
};

}  // namespace umm
