#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "results/report/chart.h"
#include "results/report/charts.h"
#include "results/report/html.h"

namespace umm::results {
namespace {

constexpr double kWidth = 400, kHeight = 260;
constexpr Frame2D kFrame{62, 28, kWidth - 10, kHeight - 42};
constexpr size_t kBuckets = 75;
constexpr double kLogFrom = 10;  // of losses, whose first updates would flatten all others

using Points = std::vector<std::pair<double, double>>;

// Values that are no numbers leave a gap.
std::string path_of(const Points& points, const Scale& x, const Scale& y) {
  std::string path;
  bool pen_down = false;
  for (const auto& [update, value] : points) {
    if (!std::isfinite(value)) {
      pen_down = false;
      continue;
    }
    path += fmt::format("{}{:.1f} {:.1f}", pen_down ? "L" : "M", x(update), y(value));
    pen_down = true;
  }
  return path;
}

std::string draw(const std::vector<const RunCurve*>& curves, const std::vector<std::string>& labels) {
  Range updates = Range::none(), values = Range::none();
  for (const RunCurve* curve : curves) {
    for (const auto& [update, value] : curve->points) {
      updates.include(update);
      values.include(value);
    }
  }
  const std::string& name = curves.front()->name;
  const Scale x(updates, kFrame.left, kFrame.right);
  const Scale y(values, kFrame.bottom, kFrame.top, name.starts_with("loss") ? kLogFrom : 0);
  std::string out = fmt::format(
      "<figure class=\"curve\" data-curve=\"{0}\"><svg class=\"chart\" viewBox=\"0 0 {1} {2}\" width=\"{1}\" "
      "height=\"{2}\" role=\"img\" aria-label=\"{0} against optimizer updates, {3} runs\">",
      escaped_html(name), kWidth, kHeight, curves.size());
  out += axes(kFrame, {x, "updates", 4}, {y, name + (y.logarithmic() ? " (log)" : "")});
  for (const RunCurve* curve : curves) {
    const Points points = thinned(curve->points, kBuckets);
    out += fmt::format(
        "<path class=\"run {}\" data-row=\"{}\" data-seed=\"{}\" d=\"{}\"><title>{}, seed {}{}"
        "</title></path>",
        row_class(curve->row), curve->row, curve->seed, path_of(points, x, y),
        escaped_html(labels[curve->row]), curve->seed,
        curve->status == "complete" ? "" : " (" + curve->status + ")");
  }
  return out + "</svg></figure>\n";
}

}  // namespace

Points thinned(const Points& points, size_t buckets) {
  if (points.size() <= 2 * buckets) return points;
  Points kept;
  for (size_t bucket = 0; bucket < buckets; ++bucket) {
    const auto from = points.begin() + static_cast<std::ptrdiff_t>(bucket * points.size() / buckets);
    const auto to = points.begin() + static_cast<std::ptrdiff_t>((bucket + 1) * points.size() / buckets);
    auto least = to, greatest = to;
    for (auto point = from; point != to; ++point) {
      if (!std::isfinite(point->second)) continue;
      if (least == to || point->second < least->second) least = point;
      if (greatest == to || point->second > greatest->second) greatest = point;
    }
    if (least == to) {
      kept.push_back(*from);  // nothing but gaps
      continue;
    }
    kept.push_back(*std::min(least, greatest));
    if (least != greatest) kept.push_back(*std::max(least, greatest));
  }
  return kept;
}

std::string curve_charts(const std::vector<RunCurve>& curves, const std::vector<std::string>& labels) {
  std::string out;
  out += "<fieldset class=\"pick\" id=\"curve-rows\" disabled><legend>Rows</legend>";
  for (size_t i = 0; i < labels.size(); ++i) {
    if (std::none_of(curves.begin(), curves.end(), [&](const RunCurve& c) { return c.row == i; })) continue;
    out += fmt::format(
        "<label class=\"{0}\"><input type=\"checkbox\" checked data-row=\"{1}\">"
        "<svg class=\"line\" viewBox=\"0 0 24 8\" width=\"24\" height=\"8\" aria-hidden=\"true\">"
        "<path class=\"run {0}\" d=\"M0 4L24 4\"/></svg>{2}</label>",
        row_class(i), i, escaped_html(labels[i]));
  }
  out += "</fieldset>\n";
  std::string names = "<fieldset class=\"pick\" id=\"curve-names\" disabled><legend>Curves</legend>", charts;
  for (size_t from = 0, to = 0; from < curves.size(); from = to) {
    std::vector<const RunCurve*> of_name;
    for (; to < curves.size() && curves[to].name == curves[from].name; ++to) of_name.push_back(&curves[to]);
    names += fmt::format("<label><input type=\"checkbox\" checked data-curve=\"{0}\">{0}</label>",
                         escaped_html(curves[from].name));
    charts += draw(of_name, labels);
  }
  return out + names + "</fieldset>\n<div class=\"curves\">\n" + charts + "</div>\n";
}

}  // namespace umm::results
