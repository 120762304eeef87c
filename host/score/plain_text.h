// Text that others wrote, as it may stand in a table and on a terminal.
#pragma once

#include <string>

namespace umm {

// On one line: line ends become blanks; other control characters, and what is no UTF-8, become U+FFFD.
std::string plain_text(const std::string& text);

}  // namespace umm
