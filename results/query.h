// Questions in SQL, and their answers as text. Nothing that a question says can change the database, another
// file or this process.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;

namespace umm::results {

enum class QueryFormat { kTable, kCsv, kJson, kMarkdown };
std::optional<QueryFormat> query_format(std::string_view name);  // "table", "csv", "json", "markdown"

using Sink = std::function<void(std::string_view)>;

// Runs one statement that reads, and writes its rows to `sink`; returns how many there were. Formats:
//   table     aligned, for eyes; long text is cut where "..." stands
//   csv       RFC 4180 with a line of names; NULL is nothing, empty text is "", numbers are not rounded
//   json      an array of objects; a name that comes twice gets ":2" behind it
//   markdown  a table
// StoreError: no statement, several, one that would write, or a mistake, with line and column.
int64_t print_query(sqlite3* database, std::string_view sql, QueryFormat format, const Sink& sink);

}  // namespace umm::results
