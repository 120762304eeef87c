// What charts share: scales, ticks and the frame, as SVG without any script.
#pragma once

#include <string>
#include <vector>

namespace umm::results {

struct Range {
  double low = 0, high = 1;
  void include(double value);
  static Range none();  // of nothing yet
  bool empty() const { return low > high; }
};

// From values to pixels along one side of a chart.
class Scale {
 public:
  // Logarithmic where all values are positive and span more than `log_from`; `log_from` 0: never.
  Scale(Range values, double pixels_from, double pixels_to, double log_from = 0);

  double operator()(double value) const;
  std::vector<double> ticks(int about) const;
  bool logarithmic() const { return logarithmic_; }

 private:
  Range range_;
  double from_, to_;
  bool logarithmic_;
};

struct Frame2D {
  double left, top, right, bottom;  // pixels
};

struct Axis {
  Scale scale;
  std::string title;
  int num_ticks = 5;  // about
};

// Grid lines, tick labels and axis titles.
std::string axes(const Frame2D& frame, const Axis& x, const Axis& y);

// Of the ticks of one axis, in order: "12k", "0.25", with as many digits as it takes to tell them apart.
std::vector<std::string> tick_texts(const std::vector<double>& ticks);

}  // namespace umm::results
