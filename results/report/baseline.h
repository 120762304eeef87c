// Which rows a report compares: what [report] of a sweep's spec says of it.
#pragma once

#include <string>

#include "results/report/report.h"
#include "results/store.h"
#include "results/table.h"

namespace umm::results {

// Leaves of the table's comparisons those with a row of the baseline, as the other row minus this one where
// both agree in all other axes that both have, and corrects them anew. Without a baseline, or where no row
// is one, all stay. Returns how they were made, in a sentence or two.
std::string compare_with_baseline(const Store& store, const ReportOptions& options, Table& table);

}  // namespace umm::results
