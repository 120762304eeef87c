#include "results/reported.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <set>

#include "results/database.h"
#include "results/run_folder.h"

namespace umm::results {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kColumns = {"paper", "version", "place", "row",  "benchmark", "metric",
                                           "value", "unit",    "trust", "note", "sweep",     "label"};
const std::set<std::string> kTrusts = {"primary", "by_eye", "second_hand", "independent", "derived"};

// RFC 4180: fields, commas, quotes. Fields do not hold line breaks here.
std::vector<std::string> fields_of(const std::string& line, const std::string& place) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quoted && c == '"' && i + 1 < line.size() && line[i + 1] == '"') {
      fields.back() += line[++i];
    } else if (c == '"') {
      if (!quoted && !fields.back().empty())
        throw StoreError(fmt::format("{}: a quote within a field; the whole field must be quoted", place));
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  if (quoted) throw StoreError(fmt::format("{}: a quote is not closed", place));
  return fields;
}

double number_of(const std::string& text, const std::string& place) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
    throw StoreError(fmt::format("{}: value \"{}\": expected a finite number", place, text));
  return value;
}

std::optional<std::string> if_any(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

std::vector<std::string> columns_of(const std::string& line, const std::string& place) {
  auto columns = fields_of(line, place);
  auto sorted = columns, expected = kColumns;
  std::sort(sorted.begin(), sorted.end());
  std::sort(expected.begin(), expected.end());
  if (sorted != expected)
    throw StoreError(
        fmt::format("{}: columns {}: expected {}", place, fmt::join(columns, ","), fmt::join(kColumns, ",")));
  return columns;
}

ReportedRow row_of(const std::vector<std::string>& columns, const std::vector<std::string>& fields,
                   const std::string& place) {
  if (fields.size() != columns.size())
    throw StoreError(fmt::format("{}: {} fields: expected {}", place, fields.size(), columns.size()));
  std::map<std::string, std::string> of;
  for (size_t i = 0; i < fields.size(); ++i) of[columns[i]] = fields[i];
  for (const char* needed : {"paper", "place", "row", "benchmark", "metric", "unit"})
    if (of[needed].empty()) throw StoreError(fmt::format("{}: {} is empty", place, needed));
  if (!kTrusts.contains(of["trust"]))
    throw StoreError(
        fmt::format("{}: trust \"{}\": expected one of {}", place, of["trust"], fmt::join(kTrusts, ", ")));
  if (of["sweep"].empty() != of["label"].empty())
    throw StoreError(fmt::format("{}: sweep and label are given together or not at all", place));
  return {"",
          of["paper"],
          of["version"],
          of["place"],
          of["row"],
          of["benchmark"],
          of["metric"],
          number_of(of["value"], place),
          of["unit"],
          of["trust"],
          of["note"],
          if_any(of["sweep"]),
          if_any(of["label"])};
}

std::string key_of(const ReportedRow& row) {
  return fmt::format("{} {} {}, {}: {} {}", row.paper, row.version, row.place, row.row, row.benchmark,
                     row.metric);
}

std::vector<ReportedRow> stored_rows(sqlite3* database) {
  std::vector<ReportedRow> rows;
  Statement statement(database,
                      "SELECT file, paper, version, place, row, benchmark, metric, value, unit, trust, note, "
                      "sweep, label FROM reported ORDER BY id");
  const auto optional = [&](int column) {
    return statement.is_null(column) ? std::nullopt : std::optional(statement.text(column));
  };
  while (statement.step())
    rows.push_back({statement.text(0), statement.text(1), statement.text(2), statement.text(3),
                    statement.text(4), statement.text(5), statement.text(6), statement.real(7),
                    statement.text(8), statement.text(9), statement.text(10), optional(11), optional(12)});
  return rows;
}

void replace_rows(sqlite3* database, const std::vector<ReportedRow>& rows) {
  Transaction transaction(database, "storing published figures");
  execute(database, "DELETE FROM reported", "storing published figures");
  const char* insert_sql =
      "INSERT INTO reported (file, paper, version, place, row, benchmark, metric, value, unit, trust, note, "
      "sweep, label) VALUES (?,?,?,?,?,?,?,?,?,?,?, nullif(?, ''), nullif(?, ''))";
  Statement insert(database, insert_sql);
  for (const auto& row : rows)
    insert
        .bind(row.file, row.paper, row.version, row.place, row.row, row.benchmark, row.metric, row.value,
              row.unit, row.trust, row.note, row.sweep.value_or(""), row.label.value_or(""))
        .run();
  transaction.commit();
}

}  // namespace

std::vector<ReportedRow> reported_from_text(const std::string& text, const std::string& name) {
  std::vector<ReportedRow> rows;
  std::vector<std::string> columns;
  int64_t number = 0;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    std::string line = text.substr(begin, end - begin);
    begin = end + 1;
    if (line.ends_with('\r')) line.pop_back();
    const std::string place = fmt::format("{}:{}", name, ++number);
    if (line.empty()) continue;
    if (columns.empty()) {
      columns = columns_of(line, place);
      continue;
    }
    rows.push_back(row_of(columns, fields_of(line, place), place));
    rows.back().file = fs::path(name).filename().string();
  }
  if (columns.empty())
    throw StoreError(
        fmt::format("{}: is empty; expected a line of names: {}", name, fmt::join(kColumns, ",")));
  return rows;
}

std::vector<ReportedRow> read_reported(const fs::path& file) {
  return reported_from_text(read_from(file), file.string());
}

fs::path reported_folder(const fs::path& output) {
  return output / "reported";
}

std::vector<fs::path> reported_files(const fs::path& folder) {
  return files_with_ending(folder, ".csv");
}

int64_t take_in_reported(const Store& store, const fs::path& output, std::vector<std::string>& problems) {
  std::vector<ReportedRow> rows;
  std::map<std::string, std::string> files;  // key -> file
  for (const auto& file : reported_files(reported_folder(output))) {
    try {
      for (auto& row : read_reported(file)) {
        const auto [known, is_new] = files.emplace(key_of(row), row.file);
        if (is_new)
          rows.push_back(std::move(row));
        else
          problems.push_back(
              fmt::format("{}: {}: {} has it already", file.string(), known->first, known->second));
      }
    } catch (const StoreError& error) {
      problems.emplace_back(error.what());
    }
  }
  if (rows != stored_rows(store.handle())) replace_rows(store.handle(), rows);
  return static_cast<int64_t>(rows.size());
}

}  // namespace umm::results
