#include "results/query_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "results/table_layout.h"

namespace umm::results {
namespace {

constexpr size_t kWidest = 80;  // characters of a cell that is looked at

bool is_number(const QueryValue& value) {
  return value.kind == QueryValue::kInteger || value.kind == QueryValue::kReal;
}

// The first `count` characters.
std::string_view first_characters(std::string_view text, size_t count) {
  size_t end = 0;
  for (; end < text.size(); ++end) {
    const bool begins = (static_cast<unsigned char>(text[end]) & 0xC0) != 0x80;
    if (begins && count-- == 0) break;
  }
  return text.substr(0, end);
}

// On one line, and not too long.
std::string shown(const QueryValue& value) {
  if (value.kind == QueryValue::kNull) return "NULL";
  std::string text;
  for (const char c : value.text) {
    if (c == '\n')
      text += "\\n";
    else
      text += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  }
  return width_of(text) <= kWidest ? text : std::string(first_characters(text, kWidest - 3)) + "...";
}

class TablePrinter : public RowPrinter {
 public:
  TablePrinter(std::vector<std::string> names, Sink sink)
      : names_(std::move(names)), sink_(std::move(sink)), numbers_(names_.size(), true) {}

  void row(const std::vector<QueryValue>& values) override {
    std::vector<std::string> cells;
    for (size_t i = 0; i < values.size(); ++i) {
      if (values[i].kind == QueryValue::kText) numbers_[i] = false;
      cells.push_back(shown(values[i]));
    }
    rows_.push_back(std::move(cells));
  }

  void end() override {
    std::vector<size_t> widths;
    for (size_t i = 0; i < names_.size(); ++i) {
      widths.push_back(width_of(names_[i]));
      for (const auto& cells : rows_) widths[i] = std::max(widths[i], width_of(cells[i]));
    }
    print(names_, widths);
    std::string rule;
    for (const size_t width : widths) rule += (rule.empty() ? "" : "  ") + std::string(width, '-');
    sink_(rule + "\n");
    for (const auto& cells : rows_) print(cells, widths);
  }

 private:
  void print(const std::vector<std::string>& cells, const std::vector<size_t>& widths) {
    std::string line;
    for (size_t i = 0; i < cells.size(); ++i) {
      const std::string space(widths[i] - width_of(cells[i]), ' ');
      line += (i == 0 ? "" : "  ") + (numbers_[i] ? space + cells[i] : cells[i] + space);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    sink_(line + "\n");
  }

  std::vector<std::string> names_;
  Sink sink_;
  std::vector<bool> numbers_;  // columns without text: to the right
  std::vector<std::vector<std::string>> rows_;
};

// A number that is no integer looks like none.
std::string with_point(const std::string& number) {
  return number.find_first_not_of("-0123456789") == std::string::npos ? number + ".0" : number;
}

class CsvPrinter : public RowPrinter {
 public:
  CsvPrinter(const std::vector<std::string>& names, Sink sink) : sink_(std::move(sink)) {
    std::string line;
    for (const auto& name : names) line += (line.empty() ? "" : ",") + csv_field(name);
    sink_(line + "\n");
  }
  void row(const std::vector<QueryValue>& values) override {
    std::string line;
    for (size_t i = 0; i < values.size(); ++i) {
      if (i > 0) line += ',';
      if (values[i].kind == QueryValue::kReal)
        line += with_point(exact(values[i].real));
      else if (values[i].kind != QueryValue::kNull)
        line += values[i].text.empty() ? "\"\"" : csv_field(values[i].text);
    }
    sink_(line + "\n");
  }
  void end() override {}

 private:
  Sink sink_;
};

class JsonPrinter : public RowPrinter {
 public:
  JsonPrinter(std::vector<std::string> names, Sink sink) : names_(std::move(names)), sink_(std::move(sink)) {
    std::map<std::string, int> times;
    for (auto& name : names_)
      if (const int time = ++times[name]; time > 1) name += fmt::format(":{}", time);
  }
  void row(const std::vector<QueryValue>& values) override {
    nlohmann::ordered_json object = nlohmann::ordered_json::object();
    for (size_t i = 0; i < values.size(); ++i) {
      auto& field = object[names_[i]];
      if (values[i].kind == QueryValue::kInteger) field = values[i].integer;
      if (values[i].kind == QueryValue::kReal) field = values[i].real;
      if (values[i].kind == QueryValue::kText) field = values[i].text;
    }
    constexpr auto kReplace = nlohmann::ordered_json::error_handler_t::replace;
    sink_((any_ ? ",\n " : "[") + object.dump(-1, ' ', false, kReplace));
    any_ = true;
  }
  void end() override { sink_(any_ ? "]\n" : "[]\n"); }

 private:
  std::vector<std::string> names_;
  Sink sink_;
  bool any_ = false;
};

class MarkdownPrinter : public RowPrinter {
 public:
  MarkdownPrinter(std::vector<std::string> names, Sink sink)
      : names_(std::move(names)), sink_(std::move(sink)) {}
  void row(const std::vector<QueryValue>& values) override {
    if (!begun_) begin(values);
    std::vector<std::string> cells;
    for (const auto& value : values) cells.push_back(value.kind == QueryValue::kNull ? "" : value.text);
    print(cells);
  }
  void end() override {
    if (!begun_) begin({});
  }

 private:
  // Numbers to the right, as the first row has them.
  void begin(const std::vector<QueryValue>& first) {
    begun_ = true;
    print(names_);
    std::string rule = "|";
    for (size_t i = 0; i < names_.size(); ++i)
      rule += i < first.size() && is_number(first[i]) ? "---:|" : "---|";
    sink_(rule + "\n");
  }
  void print(const std::vector<std::string>& cells) {
    std::string line = "|";
    for (const auto& cell : cells) {
      line += ' ';
      for (const char c : cell) line += c == '|' ? "\\|" : c == '\n' ? "<br>" : std::string(1, c);
      line += " |";
    }
    sink_(line + "\n");
  }

  std::vector<std::string> names_;
  Sink sink_;
  bool begun_ = false;
};

}  // namespace

std::unique_ptr<RowPrinter> make_printer(QueryFormat format, const std::vector<std::string>& names,
                                         const Sink& sink) {
  switch (format) {
    case QueryFormat::kCsv:
      return std::make_unique<CsvPrinter>(names, sink);
    case QueryFormat::kJson:
      return std::make_unique<JsonPrinter>(names, sink);
    case QueryFormat::kMarkdown:
      return std::make_unique<MarkdownPrinter>(names, sink);
    default:
      return std::make_unique<TablePrinter>(names, sink);
  }
}

}  // namespace umm::results
