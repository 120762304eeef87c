#include "train/data_stream.h"

#include "umm/error.h"

namespace umm {
namespace {

// Starts are so far apart that runs of different seeds share no sample.
constexpr int64_t kNumStarts = int64_t{1} << 40;

}  // namespace

DataStream::DataStream(const Dataset& dataset, int64_t batch_size, Rng order)
    : dataset_(dataset), batch_size_(batch_size), order_(order) {
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

Batch DataStream::next() {
  std::vector<Sample> samples;
  for (int64_t i = 0; i < batch_size_; ++i) samples.push_back(dataset_.sample(index_at(cursor_++)));
  return collate(samples);
}

}  // namespace umm
