#include "evaluate/collect.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include "images/picture_file.h"
#include "loader/guard.h"
#include "loader/hash.h"
#include "train/files.h"
#include "train/stop.h"
#include "umm/error.h"

namespace umm {
namespace {

Image cell_of(const Image& whole, const SubmittedPicture& picture) {
  UMM_CHECK_INPUT(whole.width % picture.grid == 0 && whole.height % picture.grid == 0, picture.file.string(),
                  ": expected a grid of ", picture.grid, " x ", picture.grid, " pictures, found ",
                  whole.width, " x ", whole.height, " pixels, which do not divide");
  Image cell = make_image(whole.width / picture.grid, whole.height / picture.grid);
  const int64_t left = picture.cell % picture.grid * cell.width,
                top = picture.cell / picture.grid * cell.height;
  for (int64_t y = 0; y < cell.height; ++y)
    std::copy_n(whole.pixel(left, top + y), cell.width * 3, cell.pixel(0, y));
  return cell;
}

// Counts what is asked and replied.
class CountedJudge final : public Judge {
 public:
  explicit CountedJudge(Judge* judge) : judge_(judge) {}

  std::string version() const override { return judge_->version(); }
  int64_t max_parallel() const override { return judge_->max_parallel(); }
  JudgeReply ask(const JudgeRequest& request) override {
    JudgeReply reply = judge_->ask(request);
    ++calls_;
    tokens_in_ += reply.tokens_in;
    tokens_out_ += reply.tokens_out;
    return reply;
  }

  void count(Collected& collected) const {
    collected.judge_calls = calls_;
    collected.judge_tokens_in = tokens_in_;
    collected.judge_tokens_out = tokens_out_;
  }

 private:
  Judge* judge_;
  std::atomic<int64_t> calls_ = 0, tokens_in_ = 0, tokens_out_ = 0;
};

class Collector {
 public:
  Collector(const Benchmark& benchmark, const std::vector<SubmittedPicture>& pictures, Progress& progress,
            bool pass_over_unreadable)
      : benchmark_(benchmark),
        pictures_(pictures),
        progress_(progress),
        pass_over_unreadable_(pass_over_unreadable),
        judge_(benchmark.judge.get()),
        providers_(benchmark.providers()),
        looks_(pictures.size()) {
    if (benchmark.judge) providers_.judge = &judge_;
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

  // What was seen in a picture, or why it cannot be read.
  struct Look {
    results::EvidenceRow row;
    std::string unreadable;
  };
  std::vector<Look>& looks() { return looks_; }

  void count(Collected& collected) const { judge_.count(collected); }

 private:
  void work() {
    for (size_t index = next_++; index < pictures_.size() && !stop_requested(); index = next_++) {
      try {
        look_at(pictures_[index], looks_[index]);
      } catch (...) {
        if (stop_requested()) return;  // who waited gave up; what failed will fail again
        const std::lock_guard lock(mutex_);
        if (index < failed_at_) failure_ = std::current_exception(), failed_at_ = index;
        next_ = pictures_.size();  // those that are being looked at are finished
        return;
      }
      const std::lock_guard lock(mutex_);
      progress_.update(static_cast<int64_t>(++done_));
    }
  }

  static PictureFile read(const SubmittedPicture& picture) {
    PictureFile file{picture.file.string(), read_text_file(picture.file), {}};
    file.image = images::decode_picture(
        {reinterpret_cast<const uint8_t*>(file.bytes.data()), file.bytes.size()}, file.path);
    if (picture.grid > 1) file.image = cell_of(file.image, picture);
    return file;
  }

  void look_at(const SubmittedPicture& picture, Look& look) const {
    const EvaluationItem& item = benchmark_.items[picture.item];
    PictureFile file;
    try {
      file = read(picture);
    } catch (const InputError& error) {
      if (!pass_over_unreadable_) throw;
      look.unreadable = error.what();
      return;
    }
    results::EvidenceRow& row = look.row;
    row.item_id = item.id;
    row.image_index = picture.image;
    row.image_path = picture.shown_path;
    row.image_sha256 = hash_text(file.bytes);
    row.evidence_json = guarded(benchmark_.name, "looking at " + row.image_path,
                                [&] { return benchmark_.evaluator->collect(item, file, providers_); });
  }

  const Benchmark& benchmark_;
  const std::vector<SubmittedPicture>& pictures_;
  Progress& progress_;
  bool pass_over_unreadable_;
  CountedJudge judge_;
  EvidenceProviders providers_;
  std::vector<Look> looks_;
  std::atomic<size_t> next_ = 0;
  std::mutex mutex_;  // of what follows, and of progress_
  size_t done_ = 0;
  size_t failed_at_ = SIZE_MAX;
  std::exception_ptr failure_;
};

}  // namespace

void Collected::add_to(results::CostRow& cost) const {
  cost.judge_calls += judge_calls;
  cost.judge_tokens_in += judge_tokens_in;
  cost.judge_tokens_out += judge_tokens_out;
}

std::optional<Collected> collect_evidence(const Benchmark& benchmark,
                                          const std::vector<SubmittedPicture>& pictures, Progress& progress,
                                          Unreadable unreadable) {
  Collector collector(benchmark, pictures, progress, unreadable == Unreadable::pass_over);
  if (!collector.run()) return std::nullopt;
  Collected collected;
  for (size_t i = 0; i < pictures.size(); ++i) {
    auto& look = collector.looks()[i];
    if (look.unreadable.empty())
      collected.evidence.push_back(std::move(look.row));
    else
      collected.unreadable.push_back({pictures[i].shown_path, std::move(look.unreadable)});
  }
  collector.count(collected);
  return collected;
}

}  // namespace umm
