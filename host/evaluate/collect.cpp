#include "evaluate/collect.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include "images/picture_file.h"
#include "loader/guard.h"
#include "loader/hash.h"
#include "train/stop.h"
#include "umm/error.h"
#include "umm/file.h"

namespace umm {
namespace {

// A file, and the pictures in it: indices of the first, and of the one behind the last.
struct Sheet {
  size_t first = 0, end = 0;
};

std::vector<Sheet> sheets_of(const std::vector<SubmittedPicture>& pictures) {
  std::vector<Sheet> sheets;
  for (size_t i = 0; i < pictures.size(); ++i) {
    if (i == 0 || pictures[i].file != pictures[i - 1].file) sheets.push_back({i, i});
    sheets.back().end = i + 1;
  }
  return sheets;
}

void check_grid(const Image& whole, const SubmittedPicture& picture) {
  UMM_CHECK_INPUT(whole.width % picture.grid == 0 && whole.height % picture.grid == 0, picture.file.string(),
                  ": expected a grid of ", picture.grid, " x ", picture.grid, " pictures, found ",
                  whole.width, " x ", whole.height, " pixels, which do not divide");
}

Image cell_of(const Image& whole, const SubmittedPicture& picture) {
  Image cell = make_image(whole.width / picture.grid, whole.height / picture.grid);
  const int64_t left = picture.cell % picture.grid * cell.width,
                top = picture.cell / picture.grid * cell.height;
  for (int64_t y = 0; y < cell.height; ++y)
    std::copy_n(whole.pixel(left, top + y), cell.width * 3, cell.pixel(0, y));
  return cell;
}

// Counts what is asked about one picture, and knows whether the judge itself gave up.
class CountedJudge final : public Judge {
 public:
  explicit CountedJudge(Judge* judge) : judge_(judge) {}

  std::string version() const override { return judge_->version(); }
  int64_t max_parallel() const override { return judge_->max_parallel(); }
  JudgeReply ask(const JudgeRequest& request) override {
    try {
      JudgeReply reply = judge_->ask(request);
      ++calls_;
      tokens_in_ += reply.tokens_in;
      tokens_out_ += reply.tokens_out;
      return reply;
    } catch (...) {
      gave_up_ = true;
      throw;
    }
  }

  bool gave_up() const { return gave_up_; }

  void add_to(Collected& collected) const {
    collected.judge_calls += calls_;
    collected.judge_tokens_in += tokens_in_;
    collected.judge_tokens_out += tokens_out_;
  }

 private:
  Judge* judge_;
  std::atomic<bool> gave_up_ = false;
  std::atomic<int64_t> calls_ = 0, tokens_in_ = 0, tokens_out_ = 0;
};

class Collector {
 public:
  Collector(const Benchmark& benchmark, const std::vector<SubmittedPicture>& pictures, Progress& progress,
            bool pass_over)
      : benchmark_(benchmark),
        pictures_(pictures),
        progress_(progress),
        pass_over_(pass_over),
        sheets_(sheets_of(pictures)),
        looks_(pictures.size()) {}

  // False: stopped by request.
  bool run() {
    const int64_t parallel = benchmark_.judge ? benchmark_.judge->max_parallel() : 1;
    const size_t threads = std::min(sheets_.size(), static_cast<size_t>(std::max<int64_t>(parallel, 1)));
    {
      std::vector<std::jthread> workers;
      for (size_t i = 1; i < threads; ++i) workers.emplace_back([this] { work(); });
      work();
    }
    if (failure_) std::rethrow_exception(failure_);
    return done_ == pictures_.size();
  }

  Collected take() {
    for (const Sheet& sheet : sheets_) {
      for (size_t i = sheet.first; i < sheet.end; ++i) {
        auto& [row, problem] = looks_[i];
        if (problem.empty())
          collected_.evidence.push_back(std::move(row));
        else if (i == sheet.first || problem != looks_[i - 1].problem)
          collected_.unreadable.push_back({pictures_[i].file.string(), problem});
      }
    }
    return std::move(collected_);
  }

 private:
  // What was seen in a picture, or why nothing was.
  struct Look {
    results::EvidenceRow row;
    std::string problem;
  };

  void work() {
    for (size_t index = next_++; index < sheets_.size() && !stop_requested(); index = next_++) {
      try {
        look_at(sheets_[index]);
      } catch (...) {
        if (stop_requested()) return;  // who waited gave up; what failed will fail again
        const std::lock_guard lock(mutex_);
        if (index < failed_at_) failure_ = std::current_exception(), failed_at_ = index;
        next_ = sheets_.size();  // those that are being looked at are finished
        return;
      }
    }
  }

  void look_at(const Sheet& sheet) {
    const SubmittedPicture& first = pictures_[sheet.first];
    PictureFile file{first.file.string(), {}, {}};
    Image whole;
    try {
      file.bytes = read_file(first.file);
      whole = images::decode_picture({reinterpret_cast<const uint8_t*>(file.bytes.data()), file.bytes.size()},
                                     file.path, {.upright = true});
      check_grid(whole, first);
    } catch (const InputError& error) {
      if (!pass_over_) throw;
      for (size_t i = sheet.first; i < sheet.end; ++i) looks_[i].problem = error.what(), finished();
      return;
    }
    const std::string hash = hash_text(file.bytes);
    for (size_t i = sheet.first; i < sheet.end && !stop_requested(); ++i) {
      file.image = first.grid > 1 ? cell_of(whole, pictures_[i]) : std::move(whole);
      look_at(file, hash, i);
      finished();
    }
  }

  void look_at(const PictureFile& file, const std::string& hash, size_t index) {
    const SubmittedPicture& picture = pictures_[index];
    const EvaluationItem& item = benchmark_.items[picture.item];
    results::EvidenceRow& row = looks_[index].row;
    row.item_id = item.id;
    row.image_index = picture.image;
    row.image_path = picture.stored_path;
    row.image_sha256 = hash;
    CountedJudge judge(benchmark_.judge.get());
    EvidenceProviders providers = benchmark_.providers();
    if (benchmark_.judge) providers.judge = &judge;
    try {
      row.evidence_json = guarded(benchmark_.name, "looking at " + file.path,
                                  [&] { return benchmark_.evaluator->collect(item, file, providers); });
    } catch (const Error& error) {
      if (!pass_over_ || judge.gave_up() || stop_requested()) throw;
      looks_[index].problem = error.what();
    }
    const std::lock_guard lock(mutex_);
    judge.add_to(collected_);
  }

  void finished() {
    const std::lock_guard lock(mutex_);
    progress_.update(static_cast<int64_t>(++done_));
  }

  const Benchmark& benchmark_;
  const std::vector<SubmittedPicture>& pictures_;
  Progress& progress_;
  bool pass_over_;
  std::vector<Sheet> sheets_;
  std::vector<Look> looks_;
  std::atomic<size_t> next_ = 0;
  std::mutex mutex_;  // of what follows, and of progress_
  Collected collected_;
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
  return collector.take();
}

}  // namespace umm
