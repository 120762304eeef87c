// Published figures, kept as CSV files: experiments/paper/reported holds those of the papers that we repeat.
// The ones that lie in `<output>/reported` are in the database of that output folder, apart from all that was
// measured.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "results/store.h"

namespace umm::results {

struct ReportedRow {
  std::string file;  // without its folder
  std::string paper, version, place, row, benchmark, metric;
  double value = 0;
  std::string unit, trust, note;
  std::optional<std::string> sweep, label;  // what measures it

  bool operator==(const ReportedRow&) const = default;
};

// The lines of a file. The first one names the columns of table `reported`, in any order; id and file are not
// among them. StoreError names file, line and what was expected.
std::vector<ReportedRow> read_reported(const std::filesystem::path& file);
std::vector<ReportedRow> reported_from_text(const std::string& text, const std::string& name);

std::filesystem::path reported_folder(const std::filesystem::path& output);
std::vector<std::filesystem::path> reported_files(const std::filesystem::path& folder);  // *.csv, by name

// Puts into table `reported` what the files say, and nothing else. Returns the rows there are. A file that
// cannot be read is a problem, and its rows stay away.
int64_t take_in_reported(const Store& store, const std::filesystem::path& output,
                         std::vector<std::string>& problems);

}  // namespace umm::results
