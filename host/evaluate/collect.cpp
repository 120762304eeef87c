#include "evaluate/collect.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include "loader/guard.h"
#include "loader/hash.h"
#include "train/files.h"
#include "train/stop.h"

namespace umm {
namespace {

class Collector {
 public:
  Collector(const Benchmark& benchmark, const std::vector<SubmittedPicture>& pictures, Progress& progress,
            std::vector<results::EvidenceRow>& evidence)
      : benchmark_(benchmark), pictures_(pictures), progress_(progress), evidence_(evidence) {
    evidence_.assign(pictures_.size(), {});
  }

  bool run() {
    const int64_t parallel = benchmark_.judge ? benchmark_.judge->max_parallel() : 1;
    const size_t threads = std::min(pictures_.size(), static_cast<size_t>(std::max<int64_t>(parallel, 1)));
    {
      std::vector<std::jthread> workers;
      for (size_t i = 1; i < threads; ++i) workers.emplace_back([this] { work(); });
      work();
    }
    if (failure_) std::rethrow_exception(failure_);
    return done_ == pictures_.size();
  }

 private:
  void work() {
    for (size_t index = next_++; index < pictures_.size() && !stop_requested(); index = next_++) {
      try {
        evidence_[index] = look_at(pictures_[index]);
      } catch (...) {
        const std::lock_guard lock(mutex_);
        if (index < failed_at_) failure_ = std::current_exception(), failed_at_ = index;
        next_ = pictures_.size();  // those that are being looked at are finished
        return;
      }
      const std::lock_guard lock(mutex_);
      progress_.update(static_cast<int64_t>(++done_));
    }
  }

  results::EvidenceRow look_at(const SubmittedPicture& picture) const {
    const EvaluationItem& item = benchmark_.items[picture.item];
    PictureFile file{picture.file.string(), read_text_file(picture.file), read_png(picture.file.string())};
    results::EvidenceRow row;
    row.item_id = item.id;
    row.image_index = picture.image;
    row.image_path = picture.shown_path;
    row.image_sha256 = hash_text(file.bytes);
    row.evidence_json = guarded(benchmark_.name, "looking at " + row.image_path, [&] {
      return benchmark_.evaluator->collect(item, file, benchmark_.providers());
    });
    return row;
  }

  const Benchmark& benchmark_;
  const std::vector<SubmittedPicture>& pictures_;
  Progress& progress_;
  std::vector<results::EvidenceRow>& evidence_;
  std::atomic<size_t> next_ = 0;
  std::mutex mutex_;  // of what follows, and of progress_
  size_t done_ = 0;
  size_t failed_at_ = SIZE_MAX;
  std::exception_ptr failure_;
};

}  // namespace

bool collect_evidence(const Benchmark& benchmark, const std::vector<SubmittedPicture>& pictures,
                      Progress& progress, std::vector<results::EvidenceRow>& evidence) {
  return Collector(benchmark, pictures, progress, evidence).run();
}

}  // namespace umm
