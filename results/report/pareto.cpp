#include <fmt/format.h>

#include <algorithm>

#include "results/report/chart.h"
#include "results/report/charts.h"
#include "results/report/html.h"

namespace umm::results {
namespace {

struct Shape {
  const char* name;
  double width, height;
  int x_ticks;
};
constexpr Shape kShapes[] = {{"wide", 860, 400, 8}, {"narrow", 350, 330, 4}};

std::string front_line(const Table& table, const std::vector<bool>& front, const Scale& x, const Scale& y) {
  std::vector<const TableRow*> on;
  for (size_t i = 0; i < front.size(); ++i)
    if (front[i]) on.push_back(&table.rows[i]);
  std::sort(on.begin(), on.end(), [](const TableRow* a, const TableRow* b) {
    return a->train_device_hours < b->train_device_hours;
  });
  std::string points;
  for (size_t i = 0; i < on.size(); ++i) {
    if (i > 0) points += fmt::format("{:.1f},{:.1f} ", x(on[i]->train_device_hours), y(on[i - 1]->overall));
    points += fmt::format("{:.1f},{:.1f} ", x(on[i]->train_device_hours), y(on[i]->overall));
  }
  return fmt::format("<polyline class=\"front\" points=\"{}\"/>", points);
}

std::string draw(const Table& table, const std::vector<std::string>& labels, const std::vector<bool>& front,
                 const Shape& shape) {
  Range hours = Range::none(), scores = Range::none();
  for (const TableRow& row : table.rows) {
    hours.include(row.train_device_hours);
    const Interval interval = row.interval.value_or(Interval{row.overall, row.overall});
    for (const double score : {row.overall, interval.low, interval.high}) scores.include(score);
  }
  const double margin = std::max(0.01, (scores.high - scores.low) * 0.08);
  scores = {scores.low - margin, scores.high + margin};
  const Frame2D frame{46, 30, shape.width - 16, shape.height - 42};
  const Scale x(hours, frame.left + 16, frame.right - 18, 50), y(scores, frame.bottom, frame.top);
  std::string out = fmt::format(
      "<svg class=\"chart pareto {0}\" viewBox=\"0 0 {1} {2}\" width=\"{1}\" height=\"{2}\" role=\"img\" "
      "aria-label=\"Overall score against device-hours of training; the table above has the numbers\">",
      shape.name, shape.width, shape.height);
  const std::string hours_title = "device-hours of training, per run";
  out += axes(frame, {x, hours_title + (x.logarithmic() ? " (log)" : ""), shape.x_ticks},
              {y, "overall, 95 % interval"});
  out += front_line(table, front, x, y);
  for (size_t i = 0; i < table.rows.size(); ++i) {
    const TableRow& row = table.rows[i];
    const double at = x(row.train_device_hours);
    const Interval interval = row.interval.value_or(Interval{row.overall, row.overall});
    const std::string bounds =
        row.interval ? fmt::format(" [{:.3f}, {:.3f}]", interval.low, interval.high) : std::string();
    out += fmt::format(
        "<g class=\"point {}{}\"><title>{}: {:.3f}{}, {} device-hours</title>"
        "<line x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>"
        "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"8\"/>"
        "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text></g>",
        row_class(place_of(labels, row.sweep_label)), front[i] ? " best" : "", escaped_html(row.label),
        row.overall, bounds, number_text(row.train_device_hours), at, at, y(interval.low), y(interval.high),
        at, y(row.overall), at, y(row.overall) + 4, i + 1);
  }
  return out + "</svg>\n";
}

}  // namespace

std::string row_class(size_t row) {
  const size_t dash = row / kNumColours % 3;
  return fmt::format("c{}{}", row % kNumColours, dash == 0 ? "" : fmt::format(" d{}", dash));
}

size_t place_of(const std::vector<std::string>& labels, const std::string& label) {
  return static_cast<size_t>(std::find(labels.begin(), labels.end(), label) - labels.begin());
}

std::vector<bool> pareto_front(const std::vector<TableRow>& rows) {
  std::vector<bool> front;
  for (const TableRow& row : rows) {
    front.push_back(std::none_of(rows.begin(), rows.end(), [&](const TableRow& other) {
      return other.overall >= row.overall && other.train_device_hours <= row.train_device_hours &&
             (other.overall > row.overall || other.train_device_hours < row.train_device_hours);
    }));
  }
  return front;
}

std::string pareto_chart(const Table& table, const std::vector<std::string>& labels) {
  const std::vector<bool> front = pareto_front(table.rows);
  std::string out = "<figure class=\"pareto\">\n";
  for (const Shape& shape : kShapes) out += draw(table, labels, front, shape);
  out += "<figcaption><ol class=\"key\">";
  for (size_t i = 0; i < table.rows.size(); ++i) {
    out += fmt::format("<li class=\"{}\"><span class=\"dot\">{}</span>{}{}</li>",
                       row_class(place_of(labels, table.rows[i].sweep_label)), i + 1,
                       escaped_html(table.rows[i].label), front[i] ? " <em>front</em>" : "");
  }
  return out +
         "</ol><p class=\"fine\">Front: no other row scores at least as much for at most as many hours. "
         "Evaluation, and attempts that were lost, are not in the hours.</p></figcaption></figure>\n";
}

std::string interval_plot(double value, const Interval& interval, double low, double high) {
  const Scale x({low, high}, 5, 85);
  return fmt::format(
      "<svg class=\"interval\" viewBox=\"0 0 90 16\" width=\"90\" height=\"16\" aria-hidden=\"true\">"
      "<line x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"8\" y2=\"8\"/><circle cx=\"{:.1f}\" cy=\"8\" r=\"3.5\"/></svg>",
      x(interval.low), x(interval.high), x(value));
}

}  // namespace umm::results
