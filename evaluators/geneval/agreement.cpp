// Verdicts against people, see agreement.h.
#include "agreement.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "csv.h"
#include "umm/error.h"

namespace umm::geneval {
namespace {

using evaluators::CsvRow;
using evaluators::CsvTable;

// A whole number; tables that passed through pandas write "3.0" in columns with gaps.
int64_t whole_number(const std::string& field, const char* column, const std::string& where) {
  double value = -1;
  const auto read = std::from_chars(field.data(), field.data() + field.size(), value);
  const bool whole = read.ec == std::errc() && read.ptr == field.data() + field.size() && value >= 0 &&
                     value < 1e9 && value == std::floor(value);
  UMM_CHECK_INPUT(whole, where, ": expected ", column, " to be a whole number, found \"", field.substr(0, 40),
                  "\"");
  return static_cast<int64_t>(value);
}

std::set<std::string> split_choices(const std::string& field) {
  std::set<std::string> choices;
  for (size_t start = 0; start < field.size();) {
    const size_t end = std::min(field.find('|', start), field.size());
    choices.insert(field.substr(start, end - start));
    start = end + 1;
  }
  return choices;
}

const Record& record_of(const std::vector<Record>& records, int64_t prompt) {
  UMM_CHECK_INPUT(prompt >= 0 && static_cast<size_t>(prompt) < records.size(), "annotations name prompt ",
                  prompt, "; the prompt file has ", records.size(), ": they belong to the published file");
  return records[static_cast<size_t>(prompt)];
}

bool stands(const Position& position, const Annotation& annotation) {
  const std::string relation = kRelations[static_cast<size_t>(position.relation)];
  return std::any_of(annotation.direction.begin(), annotation.direction.end(),
                     [&](const std::string& seen) { return !seen.empty() && relation.starts_with(seen); });
}

}  // namespace

std::vector<Annotation> read_annotations(std::string_view text, const std::string& source) {
  const CsvTable table(
      text, source,
      {"Input.prompt_id", "Input.image_id", "Answer.task-color-0", "Answer.task-color-1",
       "Answer.task-count-0", "Answer.task-count-1", "Answer.task-position-x", "Answer.task-position-y"});
  std::vector<Annotation> annotations;
  for (const CsvRow& row : table.rows()) {
    const auto field = [&](const char* name) -> const std::string& { return row.fields[table.column(name)]; };
    const auto number = [&](const char* name) { return whole_number(field(name), name, table.where(row)); };
    Annotation& annotation = annotations.emplace_back();
    annotation.prompt = number("Input.prompt_id");
    annotation.image = number("Input.image_id");
    constexpr std::array<const char*, 2> kCounts = {"Answer.task-count-0", "Answer.task-count-1"};
    constexpr std::array<const char*, 2> kColorFields = {"Answer.task-color-0", "Answer.task-color-1"};
    for (size_t object = 0; object < 2; ++object) {
      if (!field(kCounts[object]).empty()) annotation.counts[object] = number(kCounts[object]);
      annotation.colors[object] = split_choices(field(kColorFields[object]));
    }
    annotation.direction = {field("Answer.task-position-x"), field("Answer.task-position-y")};
  }
  return annotations;
}

bool holds(const Record& record, const Annotation& annotation) {
  const bool counting = record.tag == "counting";
  UMM_CHECK(record.include.size() <= annotation.counts.size(),
            "people were asked about at most two objects, the "
            "prompt has ",
            record.include.size(), " clauses");
  for (size_t object = 0; object < record.include.size(); ++object) {
    const Clause& clause = record.include[object];
    const int64_t seen = annotation.counts[object].value_or(0);
    const auto wanted = static_cast<int64_t>(clause.count);
    if (counting ? seen != wanted : seen < wanted) return false;
    if (clause.color && !annotation.colors[object].contains(kColors[*clause.color])) return false;
    if (clause.position && !stands(*clause.position, annotation)) return false;
  }
  return true;
}

std::vector<Label> majority(const std::vector<Record>& records, const std::vector<Annotation>& annotations) {
  std::map<std::pair<int64_t, int64_t>, std::pair<int64_t, int64_t>> votes;  // for "correct", all
  for (const Annotation& annotation : annotations) {
    auto& [correct, all] = votes[{annotation.prompt, annotation.image}];
    if (holds(record_of(records, annotation.prompt), annotation)) ++correct;
    ++all;
  }
  std::vector<Label> labels;
  for (const auto& [picture, vote] : votes) {
    const auto [correct, all] = vote;
    const int64_t most = std::max(correct, all - correct);
    labels.push_back({.prompt = picture.first,
                      .image = picture.second,
                      .correct = 2 * correct > all,
                      .share = static_cast<double>(most) / static_cast<double>(all)});
  }
  return labels;
}

Agreement agreement(const std::vector<Record>& records, const std::vector<Label>& labels,
                    const std::map<std::pair<int64_t, int64_t>, bool>& verdicts) {
  std::map<std::string, std::pair<double, double>> tags;  // pictures agreed on, all
  std::array<std::array<double, 2>, 2> table = {};        // [people][detector]
  for (const Label& label : labels) {
    const auto verdict = verdicts.find({label.prompt, label.image});
    if (verdict == verdicts.end()) continue;
    auto& [agreed, all] = tags[record_of(records, label.prompt).tag];
    agreed += verdict->second == label.correct ? 1 : 0;
    all += 1;
    table[label.correct ? 1 : 0][verdict->second ? 1 : 0] += 1;
  }
  const double total = table[0][0] + table[0][1] + table[1][0] + table[1][1];
  UMM_CHECK(total > 0, "expected the detector's verdict on at least one annotated picture, found none");
  Agreement result;
  for (const auto& [tag, counts] : tags) result.by_tag[tag] = counts.first / counts.second;
  result.num_images = static_cast<int64_t>(total);
  result.overall = (table[0][0] + table[1][1]) / total;
  double chance = 0;
  for (size_t side = 0; side < 2; ++side) {
    chance += (table[side][0] + table[side][1]) * (table[0][side] + table[1][side]) / (total * total);
  }
  if (chance < 1) result.kappa = (result.overall - chance) / (1 - chance);
  return result;
}

}  // namespace umm::geneval
