// What the exception in flight says.
#pragma once

#include <string>

namespace umm {

// LibTorch's own errors without their stack trace, which helps nobody in a table; "something that is no
// std::exception" of any other type. [within a catch block, or a terminate handler]
std::string exception_text();

}  // namespace umm
