// Evidence about pictures that lie on disk.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "evaluate/benchmark.h"
#include "meter/progress.h"
#include "results/store.h"

namespace umm {

struct SubmittedPicture {
  size_t item = 0;    // index into the benchmark's items
  int64_t image = 0;  // which of the prompt's pictures
  std::filesystem::path file;
  std::string shown_path;  // in the database and in messages
  int64_t grid = 1;        // rows and columns of pictures in the file
  int64_t cell = 0;        // which of them, left to right, then down
};

struct UnreadablePicture {
  std::string path, reason;
};

struct Collected {
  std::vector<results::EvidenceRow> evidence;  // in the order of the pictures
  std::vector<UnreadablePicture> unreadable;
  // Questions to the judge, replies that were stored before among them, and their tokens.
  int64_t judge_calls = 0, judge_tokens_in = 0, judge_tokens_out = 0;

  void add_to(results::CostRow& cost) const;
};

enum class Unreadable { stop, pass_over };

// What the benchmark's providers see in each picture; several at once where a judge takes as many. nullopt:
// stopped by request. Throws what the first failing picture in their order threw; but those that cannot be
// read are passed over where that is asked.
std::optional<Collected> collect_evidence(const Benchmark& benchmark,
                                          const std::vector<SubmittedPicture>& pictures, Progress& progress,
                                          Unreadable unreadable = Unreadable::stop);

}  // namespace umm
