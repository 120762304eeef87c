// Where a sweep was started last, and the plugins and inputs that it then had.
#pragma once

#include <string>

#include "results/store.h"

namespace umm::results {

// HTML for the provenance; "": the database does not record it.
std::string start_html(const Store& store, const std::string& sweep);

}  // namespace umm::results
