// Cells as aligned text and as Markdown, and the quoting that formats need.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace umm::results {

using Cells = std::vector<std::vector<std::string>>;

// Characters of UTF-8 text, as many as a terminal's columns for most scripts.
size_t width_of(std::string_view text);

std::vector<std::string> lines_of(const std::string& text);

// The first column to the left, the others to the right. A header cell may have several lines; a rule stands
// below them, and above each row that `rules` names.
std::string aligned_text(const std::vector<std::string>& header, const Cells& rows,
                         const std::vector<size_t>& rules = {});

// Cells must be escaped.
std::string markdown_table(const std::vector<std::string>& header, const Cells& rows);
std::string escape_pipes(const std::string& text);

std::string short_identity(const std::string& identity);  // the first twelve digits

// The text with spaces for line breaks and other control characters, which would end a row.
std::string on_one_line(std::string text);

// As few digits as give the same number when they are read again.
std::string exact(double value);

// One field of a CSV file, quoted where it must be.
std::string csv_field(std::string_view text);

}  // namespace umm::results
