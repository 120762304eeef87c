// Tables in CSV, see csv.h.
#include "csv.h"

#include <algorithm>

#include "umm/error.h"

namespace umm::evaluators {

CsvReader::CsvReader(std::string_view text, std::string_view source) : text_(text), source_(source) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text_.starts_with(kByteOrderMark)) at_ = kByteOrderMark.size();
}

std::string CsvReader::where(int64_t line) const {
  return detail::concat(source_, ":", line);
}

// From behind the opening quote to behind the closing one.
std::string CsvReader::quoted_field() {
  const int64_t start_line = line_;
  std::string value;
  while (true) {
    const size_t quote = text_.find('"', at_);
    UMM_CHECK_INPUT(quote != std::string_view::npos, where(start_line),
                    ": expected a closing quote for the field that starts here, found the end of the file");
    const std::string_view part = text_.substr(at_, quote - at_);
    value += part;
    line_ += std::count(part.begin(), part.end(), '\n');
    at_ = quote + 1;
    if (at_ == text_.size() || text_[at_] != '"') return value;
    value += '"';
    ++at_;
  }
}

// One field; stops at the comma or LF behind it.
std::string CsvReader::field() {
  const bool quoted = at_ < text_.size() && text_[at_] == '"';
  std::string value;
  if (quoted) {
    ++at_;
    value = quoted_field();
  }
  const size_t end = std::min(text_.find_first_of(",\n", at_), text_.size());
  std::string_view rest = text_.substr(at_, end - at_);
  if (rest.ends_with('\r') && end < text_.size() && text_[end] == '\n') rest.remove_suffix(1);
  UMM_CHECK_INPUT(
      !quoted || rest.empty(), where(line_),
      ": expected a comma or the end of the row behind a closing quote, found other text; a quote "
      "inside a quoted field is written twice");
  at_ = end;
  return quoted ? value : std::string(rest);
}

bool CsvReader::next(CsvRow& row) {
  while (at_ < text_.size()) {
    row.line = line_;
    row.fields.clear();
    const size_t start = at_;
    row.fields.push_back(field());
    while (at_ < text_.size() && text_[at_] == ',') {
      ++at_;
      row.fields.push_back(field());
    }
    const bool blank = row.fields.size() == 1 && row.fields[0].empty() && text_[start] != '"';
    if (at_ < text_.size()) ++at_, ++line_;
    if (!blank) return true;
  }
  return false;
}

CsvTable::CsvTable(std::string_view text, std::string_view source, const std::vector<std::string>& columns)
    : source_(source) {
  CsvReader reader(text, source);
  CsvRow names;
  UMM_CHECK_INPUT(reader.next(names), source,
                  ": expected a table whose first row names the columns, found none");
  for (size_t index = 0; index < names.fields.size(); ++index) {
    const bool is_new = column_of_.emplace(names.fields[index], index).second;
    UMM_CHECK_INPUT(is_new, reader.where(names.line), ": the column ", names.fields[index],
                    " is there twice");
  }
  for (const std::string& column : columns) {
    UMM_CHECK_INPUT(column_of_.contains(column), reader.where(names.line), ": expected a column ", column,
                    ", found none of that name among ", names.fields.size());
  }
  for (CsvRow row; reader.next(row); rows_.push_back(std::move(row))) {
    UMM_CHECK_INPUT(row.fields.size() == names.fields.size(), reader.where(row.line), ": expected ",
                    names.fields.size(), " fields as in the first row, found ", row.fields.size());
  }
}

std::string CsvTable::where(const CsvRow& row) const {
  return detail::concat(source_, ":", row.line);
}

}  // namespace umm::evaluators
