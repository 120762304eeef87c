// Evidence about pictures that lie on disk.
#pragma once

#include <filesystem>
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

// What the benchmark's providers see in each picture, in the order of `pictures`; several at once where a
// judge takes as many. False: stopped by request. Throws what the first failing picture in that order threw;
// but those that cannot be read go into `unreadable`, where it is given, and have no row.
bool collect_evidence(const Benchmark& benchmark, const std::vector<SubmittedPicture>& pictures,
                      Progress& progress, std::vector<results::EvidenceRow>& evidence,
                      std::vector<UnreadablePicture>* unreadable = nullptr);

}  // namespace umm
