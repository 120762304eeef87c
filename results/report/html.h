// Text for a page: nothing that a spec, a prompt or an error says can become markup.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace umm::results {

// For element content and for attribute values in double quotes. What is no UTF-8 becomes U+FFFD.
std::string escaped_html(std::string_view text);

// JSON inside a script element: '<' is written as \u003c, so that nothing ends the element early.
std::string json_element(const std::string& id, const std::string& json);

std::string base64(std::string_view bytes);

// What a Content-Security-Policy calls the hash of an inline script or style: "'sha256-...'".
std::string policy_hash(std::string_view text);

// A relative path as an address, each segment percent-encoded.
std::string encoded_path(const std::string& path);

// Three significant digits, never in exponents: "0.00123", "12.3", "4560".
std::string number_text(double value);
std::string short_identity(const std::string& identity);  // the first twelve digits

}  // namespace umm::results
