// Text for HTML: nothing that a spec, a prompt or an error says can become markup.
#pragma once

#include <string>
#include <string_view>

namespace umm::results {

// For element content and for attribute values in double quotes. What is no UTF-8 becomes U+FFFD.
std::string escaped_html(std::string_view text);

}  // namespace umm::results
