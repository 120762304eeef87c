// Every prompt with the pictures, detections and reasons of every row: compact JSON, in columns, that the
// page's script unfolds when it is looked at. Its fields: prompts.cpp and evidence_columns.h.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "results/report/report.h"
#include "results/store.h"

namespace umm::results {

// The section with its data. `bytes`: what it may take, small pictures included.
std::string prompts_section(const Store& store, const ReportOptions& options,
                            const std::vector<std::string>& labels, int64_t bytes);

}  // namespace umm::results
