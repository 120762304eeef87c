// The database that a command's argument names.
#pragma once

#include <string>

namespace umm::cli {

// A database, or the output folder that holds one. InputError where there is none.
std::string database_of(const std::string& place);

}  // namespace umm::cli
