// The charts of a report, each an SVG that stands in the page as it is.
#pragma once

#include <string>
#include <vector>

#include "results/report/sweep_facts.h"
#include "results/table.h"

namespace umm::results {

// Colours and dashes repeat after this many rows; numbers tell rows apart all the same.
constexpr size_t kNumColours = 8;

// "c3", "c3 d1": the classes of a row's colour and dash.
std::string row_class(size_t row);

// The row that a sweep's label stands for.
size_t place_of(const std::vector<std::string>& labels, const std::string& label);

// Overall with its interval against hours of training, the rows that no other beats joined; a wide and a
// narrow form, of which the page shows one, and the list of the rows by number.
std::string pareto_chart(const Table& table, const std::vector<std::string>& labels);

// Which rows no other row beats: at least as good, at most as dear, and one of these strictly.
std::vector<bool> pareto_front(const std::vector<TableRow>& rows);

// One chart for each name of a curve, with all runs in it.
std::string curve_charts(const std::vector<RunCurve>& curves, const std::vector<std::string>& labels);

// At most 2 * `buckets` points: the least and the greatest of each part.
std::vector<std::pair<double, double>> thinned(const std::vector<std::pair<double, double>>& points,
                                               size_t buckets);

// A dot with its interval, on the scale that all rows of a table share.
std::string interval_plot(double value, const Interval& interval, double low, double high);

}  // namespace umm::results
