// Files of reported values, and which of them a cell shows.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "results/recipe.h"
#include "results/recipe_table.h"
#include "results/store.h"

namespace umm::results {
namespace {

constexpr const char* kColumns[] = {"paper", "version", "table", "row", "metric",
                                    "value", "unit",    "trust", "note"};

// RFC 4180; a quoted field may hold line ends.
class CsvReader {
 public:
  explicit CsvReader(std::istream& in) : in_(in) {}

  // The next record; empty at the end.
  std::vector<std::string> next() {
    std::string line;
    do {
      if (!std::getline(in_, line)) return {};
      first_line_ = ++line_;
      trim(line);
    } while (line.empty() || line.front() == '#');
    std::vector<std::string> fields(1);
    bool quoted = false;
    for (size_t i = 0;; ++i) {
      if (i == line.size()) {
        std::string more;
        if (!quoted || !std::getline(in_, more)) break;
        ++line_;
        trim(more);
        line += "\n" + more;
      }
      const char c = line[i];
      if (quoted && c == '"' && i + 1 < line.size() && line[i + 1] == '"') {
        fields.back() += line[++i];
      } else if (c == '"' && (quoted || fields.back().empty())) {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        fields.emplace_back();
      } else {
        fields.back() += c;
      }
    }
    return fields;
  }

  int64_t line() const { return first_line_; }

 private:
  static void trim(std::string& line) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
  }

  std::istream& in_;
  int64_t line_ = 0, first_line_ = 0;
};

std::map<std::string, size_t> read_header(const std::string& path, const std::vector<std::string>& header) {
  std::map<std::string, size_t> places;
  for (size_t i = 0; i < header.size(); ++i) places.emplace(header[i], i);
  for (const char* name : kColumns) {
    if (places.contains(name)) continue;
    throw StoreError(fmt::format("{}: its header has no column `{}`; expected are {}", path, name,
                                 fmt::join(kColumns, ", ")));
  }
  return places;
}

double number(const std::string& place, const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size()) return value;
  throw StoreError(fmt::format("{}: `value` must be a number, found \"{}\"", place, text));
}

bool fits(const std::string& asked, const std::string& found) {
  return asked.empty() || asked == found;
}

bool fits(const ReportedKey& key, const ReportedValue& value) {
  return fits(key.paper, value.paper) && fits(key.version, value.version) && fits(key.table, value.table) &&
         key.row == value.row;
}

std::string where(const ReportedValue& value) {
  std::string text = value.paper;
  if (!value.version.empty()) text += " " + value.version;
  if (!value.table.empty())
    text += fmt::format(", {}{}",
                        value.table.find_first_not_of("0123456789") == std::string::npos ? "table " : "",
                        value.table);
  return value.trust.empty() ? text : fmt::format("{} (trust: {})", text, value.trust);
}

double scale_of(const RecipeColumn& column, const ReportedValue& value) {
  if (column.reported_scale != 0) return column.reported_scale;
  return value.unit == "percent" || value.unit == "%" ? column.scale / 100 : column.scale;
}

}  // namespace

std::vector<ReportedValue> read_reported(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw StoreError(fmt::format("{}: cannot be read; it should be a file of reported values", path));
  CsvReader reader(in);
  const std::vector<std::string> header = reader.next();
  const std::map<std::string, size_t> places = read_header(path, header);
  std::vector<ReportedValue> values;
  for (auto fields = reader.next(); !fields.empty(); fields = reader.next()) {
    const std::string place = fmt::format("{}:{}", path, reader.line());
    if (fields.size() != header.size()) {
      throw StoreError(
          fmt::format("{}: {} fields, but the header has {}", place, fields.size(), header.size()));
    }
    const auto field = [&](const char* name) { return fields[places.at(name)]; };
    values.push_back({place, field("paper"), field("version"), field("table"), field("row"), field("metric"),
                      number(place, field("value")), field("unit"), field("trust"), field("note")});
  }
  return values;
}

void check_reported(const Recipe& recipe, const std::vector<ReportedValue>& values) {
  const auto any = [&](const auto& matches) { return std::any_of(values.begin(), values.end(), matches); };
  for (const RecipeRow& row : recipe.rows) {
    if (row.reported.row.empty() || any([&](const auto& value) { return fits(row.reported, value); }))
      continue;
    std::set<std::string> rows;
    for (const ReportedValue& value : values) {
      ReportedKey key = row.reported;
      key.row = value.row;
      if (fits(key, value)) rows.insert("`" + value.row + "`");
    }
    throw StoreError(fmt::format("{}: the files of reported values have no row `{}`{}{}{}; they have {}",
                                 row.place, row.reported.row,
                                 row.reported.paper.empty() ? "" : " of paper " + row.reported.paper,
                                 row.reported.version.empty() ? "" : ", version " + row.reported.version,
                                 row.reported.table.empty() ? "" : ", table " + row.reported.table,
                                 rows.empty() ? "none there" : fmt::format("{}", fmt::join(rows, ", "))));
  }
  for (const RecipeColumn& column : recipe.columns) {
    if (column.reported.empty() || any([&](const auto& value) { return value.metric == column.reported; }))
      continue;
    std::set<std::string> metrics;
    for (const ReportedValue& value : values) metrics.insert("`" + value.metric + "`");
    throw StoreError(fmt::format("{}: the files of reported values have no metric `{}`; they have {}",
                                 column.place, column.reported, fmt::join(metrics, ", ")));
  }
}

void fill_reported(const RecipeRow& row, const RecipeColumn& column, const std::vector<ReportedValue>& values,
                   RecipeCell& cell) {
  if (row.reported.row.empty() || column.reported.empty()) return;
  const ReportedValue* found = nullptr;
  for (const ReportedValue& value : values) {
    if (value.metric != column.reported || !fits(row.reported, value)) continue;
    if (found != nullptr) {
      throw StoreError(fmt::format(
          "{}: two reported values of `{}` fit row `{}`: {} at {} and {} at {}; name `paper`, `version` or "
          "`table`",
          row.place, column.reported, row.name, found->value, found->place, value.value, value.place));
    }
    found = &value;
  }
  if (found == nullptr) return;
  cell.reported = found->value * scale_of(column, *found);
  cell.reported_where = where(*found);
}

}  // namespace umm::results
