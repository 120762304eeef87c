// Tables as RFC 4180 writes them: fields parted by commas, quoted where they hold a comma, a quote or a line
// end.
//
// Rows end with LF or CRLF. A CR alone is part of its field: published annotation tables hold such text
// unquoted. Rationale: libcsv (Debian) drops blanks around fields, ends rows at CR and knows no lines; the
// other readers are not packaged.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace umm::evaluators {

struct CsvRow {
  int64_t line = 0;  // where it starts, counted from 1
  std::vector<std::string> fields;
};

// Reads a text row by row. Blank lines are passed over, and a UTF-8 byte order mark at the start.
class CsvReader {
 public:
  // `source` names the file in messages; both views must outlive the reader.
  CsvReader(std::string_view text, std::string_view source);

  // False at the end. Throws InputError at a quote that does not end, or text behind one that did.
  bool next(CsvRow& row);

  std::string where(int64_t line) const;  // "questions.csv:7"

 private:
  std::string quoted_field();
  std::string field();

  std::string_view text_;
  std::string_view source_;
  size_t at_ = 0;
  int64_t line_ = 1;
};

// A table whose first row names its columns, every row as long as that. Columns may stand in any order.
class CsvTable {
 public:
  // Throws InputError where one of `columns` is absent, a name is there twice or a row has another length.
  CsvTable(std::string_view text, std::string_view source, const std::vector<std::string>& columns);

  const std::vector<CsvRow>& rows() const { return rows_; }
  size_t column(const std::string& name) const { return column_of_.at(name); }
  std::string where(const CsvRow& row) const;

 private:
  std::string source_;
  std::map<std::string, size_t> column_of_;
  std::vector<CsvRow> rows_;
};

}  // namespace umm::evaluators
