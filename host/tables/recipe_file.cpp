#include "tables/recipe_file.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "spec/read.h"
#include "tables/recipe_fields.h"

namespace umm {
namespace {

using namespace results;
using spec::Entry;
using spec::Fields;
using spec::OptionalFields;
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
  void check_schema(Fields& root);
  void read_table(Fields& table);
  void read_reported(Fields& reported);
  void read_row(Fields& row);
  void read_column(Fields& column);
  void style(OptionalFields& optional, RecipeColumn& column, const RecipeColumn& defaults);
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

void Reader::check_schema(Fields& root) {
  const Value* schema = root.find("schema");
  const auto* version = schema == nullptr ? nullptr : schema->get<int64_t>();
  if (version != nullptr && *version == 1) return;
  report("S112", schema == nullptr ? root.at() : schema->at,
         schema == nullptr ? "`schema` is missing"
                           : "this program reads recipes of schema 1, found " + spec::plain_text(*schema),
         {"write `schema = 1` in the first line"});
}

void Reader::style(OptionalFields& optional, RecipeColumn& column, const RecipeColumn& defaults) {
  column.digits = static_cast<int>(optional.integer("digits", defaults.digits, 0, kMostDigits));
  column.scale = optional.number("scale", defaults.scale, -kLargest, kLargest);
  column.better = optional.choice("better", defaults.better, kBetter);
  column.best = optional.choice("best", defaults.best, kEmphases);
  column.second_best = optional.choice("second_best", defaults.second_best, kEmphases);
  column.interval = optional.choice("interval", defaults.interval, kIntervals);
  column.significance = optional.flag("significance", defaults.significance);
}

void Reader::read_table(Fields& table) {
  OptionalFields optional(table, "[table]", problems_);
  recipe_.place = problems_.place(table.at());
  recipe_.title = optional.text("title", "");
  recipe_.label = optional.text("label", "");
  recipe_.source = optional.choice("source", ValueSource::kMeasured, kSources);
  recipe_.alpha = optional.number("alpha", 0.05, 0, 1);
  row_defaults_.sweep = optional.text("sweep", "");
  row_defaults_.weights = optional.text("weights", "");
  row_defaults_.baseline = optional.text("baseline", "");
  style(optional, defaults_, RecipeColumn{.place = "", .name = ""});
}

void Reader::read_reported(Fields& reported) {
  OptionalFields optional(reported, "[reported]", problems_);
  const auto folder = std::filesystem::path(file_.path).parent_path();
  for (const std::string& name : optional.texts("files")) file_.reported.push_back(folder / name);
  if (file_.reported.empty()) reported.report_missing("files");
  row_defaults_.reported.paper = optional.text("paper", "");
  row_defaults_.reported.version = optional.text("version", "");
  row_defaults_.reported.place = optional.text("place", "");
}

void Reader::read_row(Fields& row) {
  OptionalFields optional(row, "[[row]]", problems_);
  RecipeRow read = row_defaults_;
  read.place = problems_.place(row.at());
  read.name = row.text("name");
  read.sweep = optional.text("sweep", row_defaults_.sweep);
  read.label = optional.text("label", read.name);
  if (const Value* measured = row.find("measured")) {
    if (measured->get<bool>() == nullptr) row.report_type(*measured, "measured", "true or false");
    if (measured->get<bool>() != nullptr && !*measured->get<bool>()) read.sweep.clear();
  }
  read.weights = optional.text("weights", row_defaults_.weights);
  read.sampling = optional.texts("sampling");
  read.baseline = optional.text("baseline", row_defaults_.baseline);
  read.line_above = optional.flag("line_above", false);
  read.reported.row = optional.text("reported", "");
  read.reported.paper = optional.text("paper", row_defaults_.reported.paper);
  read.reported.version = optional.text("version", row_defaults_.reported.version);
  read.reported.place = optional.text("place", row_defaults_.reported.place);
  recipe_.rows.push_back(std::move(read));
  row_places_.push_back(row.at());
}

void Reader::read_column(Fields& column) {
  OptionalFields optional(column, "[[column]]", problems_);
  RecipeColumn read{.place = problems_.place(column.at()), .name = column.text("name")};
  read.group = optional.text("group", "");
  read.benchmark = optional.text("benchmark", "");
  read.metric = optional.text("metric", "");
  read.protocol = optional.text("protocol", "");
  read.cost = optional.text("cost", "");
  const std::string measure = read.cost.empty() ? read.benchmark + "." + read.metric : "cost." + read.cost;
  read.reported_named = column.find("reported") != nullptr;
  read.reported = optional.text("reported", measure == "." ? "" : measure);
  read.reported_scale = optional.number("reported_scale", 0, -kLargest, kLargest);
  style(optional, read, defaults_);
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
  check_schema(fields);
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
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  UMM_CHECK_INPUT(std::filesystem::is_regular_file(path) && in && !in.bad(), path,
                  ": no such recipe; docs/tables.md says how to write one");
  RecipeFile file{.path = path, .text = text.str(), .recipe = {}, .reported = {}};
  spec::Problems problems;
  const int source = problems.add_source(path, file.text);
  if (const auto root = spec::parse_toml(file.text, source, problems)) Reader(file, problems).read(*root);
  if (problems.any_error()) throw SpecError(problems);
  return file;
}

}  // namespace umm
