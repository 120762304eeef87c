// [[axis]]: one key with its values, or several keys with rows that hold a value for each.
#pragma once

#include "spec/outline.h"

namespace umm::spec {

void read_axis(Context& context, Outline& outline, const Value& table);

// Names the choices of an axis without `labels`: a value by itself; a row by its first value where these tell
// the rows apart, else by all.
void name_choices(std::vector<Choice>& choices, bool coupled);

}  // namespace umm::spec
