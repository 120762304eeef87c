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
  std::string stored_path;  // in the database: relative to its folder
  int64_t grid = 1;         // rows and columns of pictures in the file
  int64_t cell = 0;         // which of them, left to right, then down
};

// Of which there is no evidence: the file cannot be read, or what it is compared with, or it is too small to
// be looked at.
struct UnreadablePicture {
  std::string path, reason;
};

struct Collected {
  std::vector<results::EvidenceRow> evidence;  // in the order of the pictures
  std::vector<UnreadablePicture> unreadable;   // a file of several pictures once
  // Questions to the judge, replies that were stored before among them, and their tokens.
  int64_t judge_calls = 0, judge_tokens_in = 0, judge_tokens_out = 0;

  void add_to(results::CostRow& cost) const;
};

enum class Unreadable { stop, pass_over };

// What the benchmark's providers see in each picture, turned as its Exif orientation says; several at once
// where a judge takes as many. Pictures of one file stand one behind the other. nullopt: stopped by request.
// Throws what the first failing picture in their order threw; but those that cannot be looked at are passed
// over where that is asked, unless it was the judge that gave up.
std::optional<Collected> collect_evidence(const Benchmark& benchmark,
                                          const std::vector<SubmittedPicture>& pictures, Progress& progress,
                                          Unreadable unreadable = Unreadable::stop);

}  // namespace umm
