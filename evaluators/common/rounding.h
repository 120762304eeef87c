// Numbers as published tables round them.
#pragma once

namespace umm::evaluators {

// Python's round(value, 2): to the nearest hundredth of the double's exact value; an exact tie goes to the
// even one. So 2.675, which is stored a little below, becomes 2.67, and 0.125 becomes 0.12.
double round_to_hundredths(double value);

}  // namespace umm::evaluators
