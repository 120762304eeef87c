#include "train/data_stream.h"

#include <algorithm>
#include <future>
#include <optional>

#include "umm/error.h"
#include "umm/log.h"

namespace umm {
namespace {

// Starts are so far apart that runs of different seeds share no sample.
constexpr int64_t kNumStarts = int64_t{1} << 40;

struct Read {
  std::optional<Sample> sample;
  std::string problem;  // where there is none
};

Read read(const Dataset& dataset, int64_t index) {
  try {
    return {dataset.sample(index), ""};
  } catch (const InputError& error) {
    return {std::nullopt, error.what()};
  }
}

// In the order of `indices`; thread t reads every threads-th of them.
std::vector<Read> read_all(const Dataset& dataset, const std::vector<int64_t>& indices, int64_t threads) {
  std::vector<Read> all(indices.size());
  const auto stride = static_cast<size_t>(std::clamp<int64_t>(threads, 1, std::ssize(indices)));
  const auto read_share = [&](size_t first) {
    for (size_t i = first; i < indices.size(); i += stride) all[i] = read(dataset, indices[i]);
  };
  std::vector<std::future<void>> others;
  for (size_t first = 1; first < stride; ++first)
    others.push_back(std::async(std::launch::async, read_share, first));
  read_share(0);
  for (auto& other : others) other.get();
  return all;
}

}  // namespace

DataStream::DataStream(const Dataset& dataset, int64_t batch_size, Rng order, SampleReading reading)
    : dataset_(dataset), batch_size_(batch_size), reading_(std::move(reading)), order_(order) {
  UMM_CHECK_INPUT(batch_size > 0, "batch_size must be positive, found ", batch_size);
  const auto size = dataset.size();
  UMM_CHECK_INPUT(!size || *size > 0, "the dataset is empty");
  if (!size) start_ = order_.fork("start").integer(kNumStarts);
}

int64_t DataStream::index_at(int64_t cursor) {
  const auto size = dataset_.size();
  if (!size) return start_ + cursor;
  const int64_t epoch = cursor / *size;
  if (epoch != epoch_) {
    permutation_ = order_.fork("epoch", static_cast<uint64_t>(epoch)).permutation(*size);
    epoch_ = epoch;
  }
  return permutation_.const_data_ptr<int64_t>()[cursor % *size];
}

// The next indices of the order that are not known to be unreadable.
std::vector<int64_t> DataStream::take_readable(int64_t count) {
  const auto size = dataset_.size();
  UMM_CHECK_INPUT(!size || std::ssize(position_.unreadable) < *size, "none of the ", *size,
                  " samples can be read");
  std::vector<int64_t> indices;
  while (std::ssize(indices) < count) {
    const int64_t index = index_at(position_.cursor++);
    if (!position_.unreadable.contains(index)) indices.push_back(index);
  }
  return indices;
}

void DataStream::pass_over(int64_t index, const std::string& reason) {
  position_.unreadable.insert(index);
  UMM_CHECK_INPUT(std::ssize(position_.unreadable) <= reading_.max_unreadable, "sample ", index,
                  " cannot be read: ", reason, "\n  data.", reading_.flow, ".max_unreadable lets ",
                  reading_.max_unreadable, " samples be passed over; mend the data or raise it");
  log_warning(detail::concat("flow ", reading_.flow, ": sample ", index,
                             " cannot be read and is passed over (", position_.unreadable.size(),
                             " of at most ", reading_.max_unreadable, "): ", reason));
}

Batch DataStream::next() {
  std::vector<Sample> samples;
  while (std::ssize(samples) < batch_size_) {
    const auto indices = take_readable(batch_size_ - std::ssize(samples));
    auto found = read_all(dataset_, indices, reading_.threads);
    for (size_t i = 0; i < found.size(); ++i) {
      if (found[i].sample)
        samples.push_back(std::move(*found[i].sample));
      else if (!position_.unreadable.contains(indices[i]))
        pass_over(indices[i], found[i].problem);
    }
  }
  return collate(samples);
}

}  // namespace umm
