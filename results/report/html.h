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

// A header cell by which a script may sort; numbers are right-aligned.
std::string sorted_header(const std::string& text, bool number = true);

std::string text_cell(const std::string& text);
std::string number_cell(double value, const std::string& html);  // sorted by the value, shown as `html`

// Of HTML rows. It scrolls sideways where it is too wide, by keyboard too.
std::string sortable_table(const std::string& name, const std::string& head, const std::string& rows,
                           const std::string& more_classes = "");

// A text that is looked at when it is asked for. `title`: HTML.
std::string folded_text(const std::string& title, const std::string& text);

}  // namespace umm::results
