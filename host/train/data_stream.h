// The samples of one flow as an endless row of micro-batches. Its whole state is a cursor: how many samples
// it gave.
#pragma once

#include "umm/batch.h"
#include "umm/dataset.h"
#include "umm/random.h"

namespace umm {

class DataStream {
 public:
  // `order`: draws the order of each epoch of a finite dataset, and where an infinite one starts.
  // `dataset` must outlive the stream.
  DataStream(const Dataset& dataset, int64_t batch_size, Rng order);

  Batch next();
  int64_t cursor() const { return cursor_; }
  void seek(int64_t cursor) { cursor_ = cursor; }

 private:
  int64_t index_at(int64_t cursor);

  const Dataset& dataset_;
  int64_t batch_size_, cursor_ = 0;
  int64_t start_ = 0;  // of an infinite dataset
  Rng order_;
  int64_t epoch_ = -1;  // whose permutation is held
  Tensor permutation_;  // int64 [size]
};

}  // namespace umm
