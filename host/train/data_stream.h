// The samples of one flow as an endless row of micro-batches. Its whole state is a cursor, how many samples
// it took, and which of them could not be read.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "umm/batch.h"
#include "umm/dataset.h"
#include "umm/random.h"

namespace umm {

// How a stream takes samples; none of it changes which ones it gives.
struct SampleReading {
  std::string flow;            // for messages
  int64_t max_unreadable = 0;  // different samples that may be passed over; one more is an error
  int64_t threads = 1;
};

struct StreamPosition {
  int64_t cursor = 0;                 // samples taken, those passed over included
  std::set<int64_t> unreadable = {};  // indices

  bool operator==(const StreamPosition&) const = default;
};

using StreamPositions = std::map<std::string, StreamPosition>;  // by flow

class DataStream {
 public:
  // `order`: draws the order of each epoch of a finite dataset, and where an infinite one starts.
  // `dataset` must outlive the stream.
  DataStream(const Dataset& dataset, int64_t batch_size, Rng order, SampleReading reading = {});

  // A sample that throws InputError is passed over, and the one behind it in the order takes its place.
  Batch next();

  const StreamPosition& position() const { return position_; }
  void seek(StreamPosition position) { position_ = std::move(position); }

 private:
  int64_t index_at(int64_t cursor);
  std::vector<int64_t> take_readable(int64_t count);
  void pass_over(int64_t index, const std::string& reason);

  const Dataset& dataset_;
  int64_t batch_size_;
  SampleReading reading_;
  StreamPosition position_;
  int64_t start_ = 0;  // of an infinite dataset
  Rng order_;
  int64_t epoch_ = -1;  // whose permutation is held
  Tensor permutation_;  // int64 [size]
};

}  // namespace umm
