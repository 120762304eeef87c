// GenEval's records and our evidence as JSON, see record.h.
#include "record.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <set>
#include <type_traits>

#include "json.h"
#include "json/shallow.h"
#include "published_items.h"
#include "umm/error.h"

namespace umm::geneval {
namespace {

using evaluators::excerpt;
using evaluators::Json;
using evaluators::text_field;

size_t parse_color(const Json& value, const std::string& where) {
  const auto found =
      std::find(kColors.begin(), kColors.end(), value.is_string() ? value.get<std::string>() : "");
  UMM_CHECK_INPUT(found != kColors.end(), where,
                  ": expected \"color\" to be one of red, orange, yellow, green, "
                  "blue, purple, pink, brown, black, white, found ",
                  excerpt(value));
  return static_cast<size_t>(found - kColors.begin());
}

Position parse_position(const Json& value, size_t clause_index, const std::string& where) {
  const bool is_pair = value.is_array() && value.size() == 2 && value[0].is_string();
  UMM_CHECK_INPUT(is_pair, where,
                  ": expected \"position\" to be [relation, index of an earlier clause], found ",
                  excerpt(value));
  const auto found = std::find(kRelations.begin(), kRelations.end(), value[0].get<std::string>());
  UMM_CHECK_INPUT(found != kRelations.end(), where,
                  ": expected the relation to be left of, right of, above or "
                  "below, found ",
                  excerpt(value[0]));
  const bool is_earlier = value[1].is_number_unsigned() && value[1].get<uint64_t>() < clause_index;
  UMM_CHECK_INPUT(is_earlier, where, ": expected \"position\" to refer to a clause before clause ",
                  clause_index, ", counted from 0, found ", excerpt(value[1]));
  return {static_cast<Relation>(found - kRelations.begin()), value[1].get<size_t>()};
}

Clause parse_clause(const Json& value, size_t index, const std::set<std::string>& keys,
                    const std::string& where) {
  UMM_CHECK_INPUT(value.is_object(), where, ": expected an object with \"class\" and \"count\", found ",
                  excerpt(value));
  for (const auto& [key, unused] : value.items()) {
    UMM_CHECK_INPUT(keys.contains(key), where, ": unknown key \"", key, "\"; a clause here has ",
                    keys.contains("color") ? "class, count, color, position" : "class, count");
  }
  Clause clause;
  clause.label = text_field(value, "class", where);
  const Json count = value.value("count", Json());
  UMM_CHECK_INPUT(count.is_number_unsigned() && count.get<uint64_t>() > 0, where,
                  ": expected \"count\" to be a positive integer, found ", excerpt(count));
  clause.count = count.get<size_t>();
  if (value.contains("color")) clause.color = parse_color(value["color"], where);
  if (value.contains("position")) clause.position = parse_position(value["position"], index, where);
  return clause;
}

std::vector<Clause> parse_clauses(const Json& record, const char* key, const std::set<std::string>& keys,
                                  const std::string& where) {
  std::vector<Clause> clauses;
  if (!record.contains(key)) return clauses;
  const Json& list = record.at(key);
  UMM_CHECK_INPUT(list.is_array(), where, ": expected \"", key, "\" to be a list of clauses, found ",
                  excerpt(list));
  for (size_t index = 0; index < list.size(); ++index) {
    clauses.push_back(
        parse_clause(list[index], index, keys, detail::concat(where, ": ", key, "[", index, "]")));
  }
  return clauses;
}

float parse_float(const Json& value) {
  const auto number = value.get<double>();
  UMM_CHECK(fits_float(number), "expected GenEval evidence of finite numbers, found ", number,
            ": collect this picture's evidence again");
  return static_cast<float>(number);
}

Evidence parse_detection(const Json& value) {
  const Json& box = value.at("box");
  UMM_CHECK(box.is_array() && box.size() == 4, "expected a box of 4 numbers, found ", excerpt(box));
  Evidence object;
  object.label = value.at("label").get<std::string>();
  object.score = parse_float(value.at("score"));
  object.box = {parse_float(box[0]), parse_float(box[1]), parse_float(box[2]), parse_float(box[3])};
  if (value.contains("color_scores")) object.color_scores = value["color_scores"].get<std::vector<double>>();
  return object;
}

// Takes apart what evidence_text() writes, whose keys stand in one order and without blanks; every member is
// false at any other text. Rationale: 6636 pictures with 100 detections each are 0.1 GB, which a tree of JSON
// values takes ten times as long for.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool take(std::string_view expected) {
    if (!text_.starts_with(expected)) return false;
    text_.remove_prefix(expected.size());
    return true;
  }

  bool done() const { return text_.empty(); }

  template <typename Number>
  bool number(Number& value) {
    const size_t sign = text_.starts_with('-') ? 1 : 0;
    if (text_.size() <= sign || text_[sign] < '0' || text_[sign] > '9') return false;
    double read = 0;  // as JSON's numbers are read: float directly could round otherwise
    const auto end = std::from_chars(text_.data(), text_.data() + text_.size(), read);
    if (end.ec != std::errc() || (std::is_same_v<Number, float> && !fits_float(read))) return false;
    text_.remove_prefix(static_cast<size_t>(end.ptr - text_.data()));
    value = static_cast<Number>(read);
    return true;
  }

  // Up to the closing quote; ASCII without escapes.
  bool label(std::string& value) {
    size_t size = 0;
    while (size < text_.size() && text_[size] >= ' ' && text_[size] < 0x7F && text_[size] != '"' &&
           text_[size] != '\\')
      ++size;
    value.assign(text_.substr(0, size));
    text_.remove_prefix(size);
    return take("\"");
  }

 private:
  std::string_view text_;
};

bool scan_detection(Scanner& scanner, Evidence& object) {
  Box& box = object.box;
  const bool has_box = scanner.take("{\"box\":[") && scanner.number(box.x1) && scanner.take(",") &&
                       scanner.number(box.y1) && scanner.take(",") && scanner.number(box.x2) &&
                       scanner.take(",") && scanner.number(box.y2) && scanner.take("],");
  if (!has_box) return false;
  if (scanner.take("\"color_scores\":[")) {
    object.color_scores.reserve(kColors.size());
    do {
      if (!scanner.number(object.color_scores.emplace_back())) return false;
    } while (scanner.take(","));
    if (!scanner.take("],")) return false;
  }
  return scanner.take("\"label\":\"") && scanner.label(object.label) && scanner.take(",\"score\":") &&
         scanner.number(object.score) && scanner.take("}");
}

std::optional<std::vector<Evidence>> scan_evidence(std::string_view text) {
  constexpr size_t kLeastBytes = 64;  // of a detection, about
  Scanner scanner(text);
  std::vector<Evidence> evidence;
  evidence.reserve(text.size() / kLeastBytes);
  if (!scanner.take("{\"detections\":[")) return std::nullopt;
  if (!scanner.take("]")) {
    do {
      if (!scan_detection(scanner, evidence.emplace_back())) return std::nullopt;
    } while (scanner.take(","));
    if (!scanner.take("]")) return std::nullopt;
  }
  if (!scanner.take("}") || !scanner.done()) return std::nullopt;
  return evidence;
}

}  // namespace

Record parse_record(const std::string& text, const std::string& where) {
  const Json value = evaluators::parse_json(text, where);
  UMM_CHECK_INPUT(value.is_object(), where, ": expected one JSON object, found ", excerpt(value));
  Record record;
  record.tag = text_field(value, "tag", where);
  record.prompt = text_field(value, "prompt", where);
  record.include = parse_clauses(value, "include", {"class", "count", "color", "position"}, where);
  record.exclude = parse_clauses(value, "exclude", {"class", "count"}, where);
  UMM_CHECK_INPUT(!record.include.empty() || !record.exclude.empty(), where,
                  ": expected \"include\" to hold at least one clause, found none");
  return record;
}

std::string id_of_line(size_t line) {
  std::string digits = std::to_string(line);
  digits.insert(0, digits.size() < 5 ? 5 - digits.size() : 0, '0');
  return digits;
}

void expect_published(const std::vector<std::string>& records, Published which, const std::string& where) {
  // Of the two files whose own SHA-256 README.md has.
  constexpr std::string_view kPlain = "06b1f470abd52dbd1dc94a41a37115a7d929e40efe8a995f5fd20631de988b4a",
                             kRewritten = "52a782160cc8f74e7a18abcbbe361354a16f67af3ed9e4ab5af431da76d44191";
  std::vector<std::string> items;
  for (const std::string& record : records)
    items.push_back(Json{id_of_line(items.size()), evaluators::parse_json(record, where)}.dump());
  const bool is_plain = which == Published::plain;
  evaluators::expect_published_items(std::move(items), is_plain ? kPlain : kRewritten,
                                     is_plain ? "GenEval's 553 prompts" : "RecA's 553 rewritten prompts",
                                     where);
}

bool fits_float(double value) {
  return std::abs(value) <= std::numeric_limits<float>::max();
}

std::string evidence_text(const std::vector<Evidence>& evidence) {
  Json detections = Json::array();
  for (const Evidence& object : evidence) {
    const Box& box = object.box;
    Json value = {
        {"label", object.label}, {"score", object.score}, {"box", {box.x1, box.y1, box.x2, box.y2}}};
    if (!object.color_scores.empty()) value["color_scores"] = object.color_scores;
    detections.push_back(std::move(value));
  }
  return Json{{"detections", std::move(detections)}}.dump();
}

std::vector<Evidence> parse_evidence(const std::string& text) {
  if (auto scanned = scan_evidence(text)) return std::move(*scanned);
  std::vector<Evidence> evidence;
  try {
    const Json value = json::parse_shallow(text);
    for (const Json& detection : value.at("detections")) evidence.push_back(parse_detection(detection));
  } catch (const Json::exception& error) {
    throw Error(detail::concat("expected GenEval evidence {\"detections\": [...]}, found something else (",
                               error.what(), "): collect this picture's evidence again"));
  }
  return evidence;
}

}  // namespace umm::geneval
