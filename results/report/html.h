// Text for a page, beside escaped_html.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "results/escaped_html.h"

namespace umm::results {

// JSON inside a script element: '<' is written as \u003c, so that nothing ends the element early.
std::string json_element(const std::string& id, const std::string& json);

std::string base64(std::string_view bytes);

// What a Content-Security-Policy calls the hash of an inline script or style: "'sha256-...'".
std::string policy_hash(std::string_view text);

// A relative path as an address, each segment percent-encoded.
std::string encoded_path(const std::string& path);

// Three significant digits, never in exponents: "0.00123", "12.3", "4560".
std::string number_text(double value);

}  // namespace umm::results
