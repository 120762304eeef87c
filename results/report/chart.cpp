#include "results/report/chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "results/report/html.h"

namespace umm::results {

Range Range::none() {
  return {std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
}

void Range::include(double value) {
  if (!std::isfinite(value)) return;
  low = std::min(low, value);
  high = std::max(high, value);
}

Scale::Scale(Range values, double pixels_from, double pixels_to, double log_from)
    : range_(values), from_(pixels_from), to_(pixels_to) {
  if (range_.empty()) range_ = {0, 1};
  logarithmic_ = log_from > 0 && range_.low > 0 && range_.high / range_.low > log_from;
  if (range_.low == range_.high) {
    const double margin = range_.low == 0 ? 1 : std::abs(range_.low) * 0.1;
    range_ = {range_.low - margin, range_.high + margin};
  }
  if (logarithmic_) range_ = {std::log10(range_.low), std::log10(range_.high)};
}

double Scale::operator()(double value) const {
  const double at = logarithmic_ ? std::log10(std::max(value, 1e-300)) : value;
  return from_ + (to_ - from_) * (at - range_.low) / (range_.high - range_.low);
}

std::vector<double> Scale::ticks(int about) const {
  std::vector<double> ticks;
  if (logarithmic_) {
    const int low = static_cast<int>(std::ceil(range_.low - 1e-9));
    const int high = static_cast<int>(std::floor(range_.high + 1e-9));
    const int step = std::max(1, (high - low + about) / about);
    for (int power = low; power <= high; power += step) ticks.push_back(std::pow(10, power));
    if (ticks.size() < 3) {
      ticks.clear();
      for (int power = low - 1; power <= high; ++power)
        for (const double digit : {1.0, 2.0, 5.0}) {
          const double value = digit * std::pow(10, power), at = std::log10(value);
          if (at >= range_.low - 1e-9 && at <= range_.high + 1e-9) ticks.push_back(value);
        }
    }
    return ticks;
  }
  const double rough = (range_.high - range_.low) / about,
               power = std::pow(10, std::floor(std::log10(rough)));
  double step = 10 * power;
  for (const double digit : {5.0, 2.0, 1.0})
    if (digit * power >= rough * 0.999) step = digit * power;
  const auto first = static_cast<int64_t>(std::ceil(range_.low / step - 1e-9));
  const auto last = static_cast<int64_t>(std::floor(range_.high / step + 1e-9));
  for (int64_t i = first; i <= last; ++i) ticks.push_back(static_cast<double>(i) * step);
  return ticks;
}

namespace {

constexpr int kMostDigits = 12;
constexpr double kDigitWidth = 7, kBeyond = 4;  // pixels; what a text may stand behind the frame

struct TickText {
  std::string text;
  double value;  // that it reads as
};

// "12k", "0.25", "9e-04"; `more` digits than usual.
TickText tick_text(double value, int more) {
  const double size = std::abs(value);
  const auto in_units = [&](double unit, const char* name) {
    const std::string text = fmt::format("{:.{}g}", value / unit, 3 + more);
    return TickText{text + name, std::stod(text) * unit};
  };
  if (size >= 1e6) return in_units(1e6, "M");
  if (size >= 1e4) return in_units(1e3, "k");
  const std::string text =
      size > 0 && size < 1e-3 ? fmt::format("{:.{}e}", value, more) : fmt::format("{:.{}g}", value, 4 + more);
  return {text, std::stod(text)};
}

}  // namespace

std::vector<std::string> tick_texts(const std::vector<double>& ticks) {
  double gap = std::numeric_limits<double>::infinity();
  for (size_t i = 1; i < ticks.size(); ++i) gap = std::min(gap, ticks[i] - ticks[i - 1]);
  std::vector<std::string> texts;
  for (int more = 0; more < kMostDigits; ++more) {
    texts.clear();
    bool exact = true;
    for (const double tick : ticks) {
      const TickText told = tick_text(tick, more);
      exact &= std::abs(told.value - tick) < gap / 100;
      texts.push_back(told.text);
    }
    if (exact) break;
  }
  return texts;
}

std::string axes(const Frame2D& frame, const Axis& x, const Axis& y) {
  std::string out = "<g class=\"axes\">";
  const auto rows = y.scale.ticks(y.num_ticks), columns = x.scale.ticks(x.num_ticks);
  const auto row_texts = tick_texts(rows), column_texts = tick_texts(columns);
  for (size_t i = 0; i < rows.size(); ++i) {
    const double at = y.scale(rows[i]);
    out += fmt::format("<line x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>", frame.left,
                       frame.right, at, at);
    out += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>", frame.left - 6,
                       at + 4, row_texts[i]);
  }
  for (size_t i = 0; i < columns.size(); ++i) {
    const double at = x.scale(columns[i]);
    out += fmt::format("<line x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1:.1f}\" y2=\"{2:.1f}\"/>", at,
                       frame.bottom, frame.bottom + 4);
    // Centred below its tick, unless it would be cut off behind the frame.
    const double half = kDigitWidth / 2 * static_cast<double>(column_texts[i].size());
    const bool beyond = at + half > frame.right + kBeyond;
    out += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>",
                       beyond ? frame.right + kBeyond : at, frame.bottom + 17, beyond ? "end" : "middle",
                       column_texts[i]);
  }
  out += fmt::format("<line class=\"base\" x1=\"{}\" x2=\"{}\" y1=\"{}\" y2=\"{}\"/>", frame.left,
                     frame.right, frame.bottom, frame.bottom);
  out += fmt::format("<text class=\"title\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>",
                     frame.right, frame.bottom + 34, escaped_html(x.title));
  out += fmt::format("<text class=\"title\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>", 2.0, frame.top - 10,
                     escaped_html(y.title));
  return out + "</g>";
}

}  // namespace umm::results
