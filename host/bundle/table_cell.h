// A cell as a paper names it: by the recipe of its table, and the row and column that a reader sees there.
#pragma once

#include <filesystem>
#include <string>

#include "bundle/manifest.h"
#include "results/cell.h"

namespace umm {

struct TableCell {
  std::string recipe;  // name of its file in the bundle, or the end of it: "t01", "t01.toml"; "": no recipe
  std::string row, column;
};

// What is asked of the bundle's sweep. InputError with what there is, where there is no such cell, or none
// that runs of the sweep have a score for.
results::CellQuestion question_of(const TableCell& cell, const BundleManifest& manifest,
                                  const std::filesystem::path& bundle);

}  // namespace umm
