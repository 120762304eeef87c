// A cell of a published table, made again: its runs are trained and evaluated here, and what comes out is
// held against what is stored (docs/bundle.md).
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "bundle/reader_judge.h"
#include "bundle/table_cell.h"
#include "loader/catalogue.h"
#include "results/cell.h"

namespace umm {

struct ReproduceRequest {
  std::filesystem::path place;           // a bundle, a database or the output folder that holds one
  results::CellQuestion question;        // sweep "": there is one only
  TableCell cell = {};                   // with a recipe, it says what the question is but for its sweep
  size_t num_seeds = 0;                  // the row's first ones; 0: all
  std::filesystem::path folder;          // for all that is made; "": reproduction_folder(place)
  std::vector<std::string> inputs = {};  // files and folders here that runs may read, known by their content
  int64_t largest = 0;                   // bytes of an unpacked bundle
  int64_t parallel = -1;                 // processes at once; -1: as the spec says
  ReaderJudge judge = {};                // the bundle's is not asked
  std::string program_version = {};
};

struct Reproduction {
  std::string sweep, metric;
  std::filesystem::path folder;
  results::Cell stored, here;                        // runs in the same order
  std::vector<results::PictureComparison> pictures;  // of each run
  std::vector<std::string> differences;              // in what made it: "method reca: version 1.0, here 1.1"
  bool same_build = false;                           // equal identities: plugins, settings and inputs
  bool stopped = false;                              // by a signal; the same request goes on
  std::vector<std::string> failed;                   // runs, with their errors

  bool identical() const;  // every picture has the same bytes, and every score is equal
  bool inside() const;     // of the stored interval; equal where there is none
};

// "paper-reproduced" beside "paper.tar.zst".
std::filesystem::path reproduction_folder(const std::filesystem::path& place);

// Trains in `<folder>/run`, from what lies in `<folder>/bundle`; a folder with the same bundle goes on.
// Throws InputError: what is awaited, what does not fit, and what is not whole; then nothing is left in a new
// folder.
Reproduction reproduce(const ReproduceRequest& request, const Catalogue& catalogue);

std::string to_text(const Reproduction& result);
std::string to_json(const Reproduction& result);

}  // namespace umm
