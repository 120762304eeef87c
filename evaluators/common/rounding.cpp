// Rounding over the decimal text, which the library makes exactly; see rounding.h.
#include "rounding.h"

#include <array>
#include <charconv>
#include <cmath>

namespace umm::evaluators {

double round_to_hundredths(double value) {
  if (!std::isfinite(value)) return value;
  std::array<char, 400> text;  // the largest double has 309 digits
  const auto written = std::to_chars(text.begin(), text.end(), value, std::chars_format::fixed, 2);
  double rounded = 0;
  std::from_chars(text.begin(), written.ptr, rounded);
  return rounded;
}

}  // namespace umm::evaluators
