#pragma once

#include <string>

namespace umm::results {

// Errors that differ in numbers, names of files and addresses alone have one signature: 8 hex digits.
std::string failure_signature(const std::string& error);

}  // namespace umm::results
