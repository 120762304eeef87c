#include "tables/recipe_file.h"

#include <algorithm>

#include "spec/fields.h"
#include "spec/read.h"

namespace umm {
namespace {

using namespace results;
using spec::Entry;
using spec::Fields;
using spec::Value;
using Home = Fields::Home;

const std::vector<std::pair<std::string, Emphasis>> kEmphases = {
    {"none", Emphasis::kNone}, {"bold", Emphasis::kBold}, {"underline", Emphasis::kUnderline}};
const std::vector<std::pair<std::string, IntervalStyle>> kIntervals = {
    {"none", IntervalStyle::kNone},
    {"plus_minus", IntervalStyle::kPlusMinus},
    {"brackets", IntervalStyle::kBrackets}};
const std::vector<std::pair<std::string, Better>> kBetter = {{"higher", Better::kHigher},
                                                             {"lower", Better::kLower}};
const std::vector<std::pair<std::string, ValueSource>> kSources = {
    {"measured", ValueSource::kMeasured}, {"reported", ValueSource::kReported}, {"both", ValueSource::kBoth}};

constexpr double kLargest = 1e12;
constexpr int64_t kMostDigits = 9;

class Reader {
 public:
  Reader(RecipeFile& file, spec::Problems& problems)
      : file_(file), recipe_(file.recipe), problems_(problems) {}

  void read(const Value::Table& root);

 private:
  void read_table(Fields& table);
  void read_reported(Fields& reported);
  void read_row(Fields& row);
  void read_column(Fields& column);
  void style(Fields& fields, RecipeColumn& column, const RecipeColumn& defaults);
  void check_measure(const RecipeColumn& column, Fields& fields);
  void check_names();
  void report(const char* code, const spec::Position& at, const std::string& message,
              const std::vector<std::string>& notes = {}) {
    problems_.add({code, at, message, "", notes});
  }

  // Calls read(fields) for the table `key`, or for each of the tables of a list.
  template <typename Read>
  void each(Fields& root, const std::string& key, bool list, Read read);

  RecipeFile& file_;
  Recipe& recipe_;
  spec::Problems& problems_;
  RecipeColumn defaults_{.place = "", .name = ""};
  RecipeRow row_defaults_{.place = "", .name = ""};
  std::vector<spec::Position> row_places_, column_places_;
};

template <typename Read>
void Reader::each(Fields& root, const std::string& key, bool list, Read read) {
  const std::string header = list ? "[[" + key + "]]" : "[" + key + "]";
  const Value* value = root.find(key);
  if (value == nullptr) {
    if (list) root.report_missing(key);
    return;
  }
  const auto* tables = value->get<Value::List>();
  const Value::List found = list ? (tables == nullptr ? Value::List() : *tables) : Value::List{*value};
  for (const Value& table : found) {
    if (table.get<Value::Table>() == nullptr) {
      root.report_type(table, key, "a table, written " + header);
      continue;
    }
    Fields fields(table, header, problems_);
    read(fields);
    fields.finish(Home::file_of_its_own);
  }
  if (list && found.empty()) root.report_type(*value, key, "tables, each written " + header);
}

void Reader::style(Fields& fields, RecipeColumn& column, const RecipeColumn& defaults) {
  column.digits = static_cast<int>(fields.integer("digits", defaults.digits, 0, kMostDigits));
  column.scale = fields.number("scale", defaults.scale, -kLargest, kLargest);
  column.better = fields.choice("better", defaults.better, kBetter);
  column.best = fields.choice("best", defaults.best, kEmphases);
  column.second_best = fields.choice("second_best", defaults.second_best, kEmphases);
  column.interval = fields.choice("interval", defaults.interval, kIntervals);
  column.significance = fields.flag("significance", defaults.significance);
}

void Reader::read_table(Fields& table) {
  recipe_.place = problems_.place(table.at());
  recipe_.title = table.text("title", "");
  recipe_.label = table.text("label", "");
  recipe_.source = table.choice("source", ValueSource::kMeasured, kSources);
  recipe_.alpha = table.number("alpha", 0.05, 0, 1);
  row_defaults_.sweep = table.text("sweep", "");
  row_defaults_.weights = table.text("weights", "");
  row_defaults_.baseline = table.text("baseline", "");
  style(table, defaults_, RecipeColumn{.place = "", .name = ""});
}

void Reader::read_reported(Fields& reported) {
  const auto folder = std::filesystem::path(file_.path).parent_path();
  for (const std::string& name : reported.texts("files")) file_.reported.push_back(folder / name);
  if (file_.reported.empty()) reported.report_missing("files");
  row_defaults_.reported.paper = reported.text("paper", "");
  row_defaults_.reported.version = reported.text("version", "");
  row_defaults_.reported.place = reported.text("place", "");
}

void Reader::read_row(Fields& row) {
  RecipeRow read = row_defaults_;
  read.place = problems_.place(row.at());
  read.name = row.text("name");
  read.sweep = row.text("sweep", row_defaults_.sweep);
  read.label = row.text("label", read.name);
  if (!row.flag("measured", true)) read.sweep.clear();
  read.weights = row.text("weights", row_defaults_.weights);
  read.sampling = row.texts("sampling");
  read.baseline = row.text("baseline", row_defaults_.baseline);
  read.line_above = row.flag("line_above");
  read.reported.row = row.text("reported", "");
  read.reported.paper = row.text("paper", row_defaults_.reported.paper);
  read.reported.version = row.text("version", row_defaults_.reported.version);
  read.reported.place = row.text("place", row_defaults_.reported.place);
  recipe_.rows.push_back(std::move(read));
  row_places_.push_back(row.at());
}

void Reader::read_column(Fields& column) {
  RecipeColumn read{.place = problems_.place(column.at()), .name = column.text("name")};
  read.group = column.text("group", "");
  read.benchmark = column.text("benchmark", "");
  read.metric = column.text("metric", "");
  read.protocol = column.text("protocol", "");
  read.cost = column.text("cost", "");
  const std::string measure = read.cost.empty() ? read.benchmark + "." + read.metric : "cost." + read.cost;
  read.reported_named = column.find("reported") != nullptr;
  read.reported = column.text("reported", measure == "." ? "" : measure);
  read.reported_scale = column.number("reported_scale", 0, -kLargest, kLargest);
  style(column, read, defaults_);
  check_measure(read, column);
  recipe_.columns.push_back(std::move(read));
  column_places_.push_back(column.at());
}

void Reader::check_measure(const RecipeColumn& column, Fields& fields) {
  const bool measures = !column.benchmark.empty() || !column.metric.empty();
  if (measures && !column.cost.empty()) {
    report("S113", fields.find("cost")->at,
           "a column shows a metric or a cost, and `" + column.name + "` names both");
  }
  if (column.benchmark.empty() != column.metric.empty()) {
    fields.report_missing(column.benchmark.empty() ? "benchmark" : "metric");
  }
  if (!measures && column.cost.empty() && column.reported.empty()) {
    report("S107", fields.at(), "column `" + column.name + "` shows nothing",
           {"name `benchmark` and `metric`, or `cost`, or what is `reported`"});
  }
  const auto& costs = cost_names();
  if (!column.cost.empty() && std::find(costs.begin(), costs.end(), column.cost) == costs.end()) {
    problems_.add({"S122",
                   fields.find("cost")->at,
                   "there is no cost `" + column.cost + "`",
                   spec::did_you_mean(column.cost, costs),
                   {"costs: " + spec::join(costs)}});
  }
}

void Reader::check_names() {
  std::vector<std::string> names;
  for (const RecipeRow& row : recipe_.rows) names.push_back(row.name);
  for (size_t i = 0; i < recipe_.rows.size(); ++i) {
    const RecipeRow& row = recipe_.rows[i];
    if (std::find(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(i), row.name) !=
        names.begin() + static_cast<std::ptrdiff_t>(i)) {
      report("S106", row_places_[i], "two rows are named `" + row.name + "`");
    }
    if (!row.baseline.empty() && std::find(names.begin(), names.end(), row.baseline) == names.end()) {
      problems_.add({"S122",
                     row_places_[i],
                     "row `" + row.name + "` has the baseline `" + row.baseline + "`, which is no row",
                     spec::did_you_mean(row.baseline, names),
                     {}});
    }
    const bool asks = recipe_.source != ValueSource::kMeasured && !row.reported.row.empty();
    if (asks && file_.reported.empty()) {
      report("S107", row_places_[i],
             "row `" + row.name + "` shows reported values, but no file of them is named",
             {"write [reported] with `files = [...]`"});
    }
  }
}

void Reader::read(const Value::Table& root) {
  Value whole;
  whole.at = {0, 1, 1, 1};
  whole.data = root;
  Fields fields(whole, "the recipe", problems_);
  fields.check_schema("recipes");
  if (fields.find("table") == nullptr) fields.report_missing("table");
  each(fields, "table", false, [&](Fields& table) { read_table(table); });
  each(fields, "reported", false, [&](Fields& reported) { read_reported(reported); });
  each(fields, "row", true, [&](Fields& row) { read_row(row); });
  each(fields, "column", true, [&](Fields& column) { read_column(column); });
  fields.finish(Home::file_of_its_own);
  check_names();
}

}  // namespace

RecipeFile read_recipe(const std::string& path) {
  const auto text = spec::file_text(path);
  UMM_CHECK_INPUT(text, path, ": no such recipe; docs/tables.md says how to write one");
  RecipeFile file{.path = path, .text = *text, .recipe = {}, .reported = {}};
  spec::Problems problems;
  const int source = problems.add_source(path, file.text);
  if (const auto root = spec::parse_toml(file.text, source, problems)) Reader(file, problems).read(*root);
  if (problems.any_error()) throw SpecError(problems);
  return file;
}

}  // namespace umm
