// A sweep as one HTML file that needs nothing from the network: summary, tables with intervals, score against
// cost, training curves, every prompt with the pictures of every row, failures, costs, provenance.
//
// Tables and charts are there without JavaScript; scripts filter, sort and show prompts. By the page's policy
// no script runs but the two that are compiled in, and nothing is asked for but pictures.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "results/report/spec_report.h"
#include "results/store.h"

namespace umm::results {

struct ReportOptions {
  std::string sweep;                       // name
  std::string program_version;             // of who writes it
  std::filesystem::path page_folder = {};  // where the page will lie; pictures are named relative to it
  int64_t page_bytes = 24'000'000;         // the page is kept below this, full-size pictures apart
  int64_t thumbnail_bytes = 10'000'000;    // of these, at most, for small pictures; 0: none
  std::string pictures_address = {};       // "": relative files; else where a server has them: "files/"
  SpecReport asked = {};                   // by the spec
  std::string live_html = {};              // of a server: what stands above the results, and
  std::string status_address = {};         // what to ask how things stand; "": it is a file
};

// StoreError: no such sweep, or results that contradict each other.
std::string report_page(const Store& store, const ReportOptions& options);

// Replaces the file at once. StoreError: it cannot be written.
void write_page(const std::string& page, const std::filesystem::path& file);

}  // namespace umm::results
