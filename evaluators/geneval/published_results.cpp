#include "published_results.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "json.h"
#include "json/shallow.h"
#include "umm/error.h"

namespace umm::geneval {
namespace {

using evaluators::excerpt;
using evaluators::Json;
using evaluators::text_field;

// Which of a folder's pictures a line speaks of, and what it says.
struct Result {
  std::string where = {}, metadata = {}, evidence = {};
  Record record = {};
};
using Results = std::map<std::pair<int64_t, int64_t>, Result>;  // by prompt and picture

std::optional<int64_t> number_of(std::string_view digits) {
  int64_t number = -1;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (read.ec != std::errc() || read.ptr != digits.data() + digits.size() || number < 0) return std::nullopt;
  return number;
}

// {17, 0} of ".../00017/samples/00000.png".
std::pair<int64_t, int64_t> place_of(const std::string& filename, const std::string& where) {
  constexpr int64_t kMostPrompts = 100'000;  // their folders' names have five digits
  constexpr std::string_view kBetween = "/samples/", kExtension = ".png";
  const size_t between = filename.rfind(kBetween);
  const std::string_view name(filename);
  std::optional<int64_t> prompt, picture;
  if (between != std::string::npos && name.ends_with(kExtension)) {
    const std::string_view folder = name.substr(0, between);
    prompt = number_of(folder.substr(folder.rfind('/') + 1));
    const size_t start = between + kBetween.size();
    picture = number_of(name.substr(start, name.size() - kExtension.size() - start));
  }
  UMM_CHECK_INPUT(prompt && picture && *prompt < kMostPrompts, where,
                  ": expected \"filename\" to be a picture in GenEval's folders, "
                  ".../00017/samples/00000.png, found ",
                  excerpt(filename));
  return {*prompt, *picture};
}

float kept_above(const Record& record, const Thresholds& thresholds) {
  return record.tag == "counting" ? thresholds.counting_score : thresholds.score;
}

std::vector<Evidence> detections_of(const Json& details, float threshold, const std::string& where) {
  UMM_CHECK_INPUT(details.is_object(), where, ": expected an object of classes, found ", excerpt(details));
  std::vector<Evidence> detections;
  for (const auto& [label, boxes] : details.items()) {
    UMM_CHECK_INPUT(boxes.is_array(), where, ": expected a list of boxes of ", label, ", found ",
                    excerpt(boxes));
    for (const Json& box : boxes) {
      const bool is_box =
          box.is_array() && box.size() == 5 && std::all_of(box.begin(), box.end(), [](const Json& x) {
            return x.is_number() && fits_float(x.get<double>());
          });
      UMM_CHECK_INPUT(is_box, where, ": expected a box [x1, y1, x2, y2, score] of ", label, ", found ",
                      excerpt(box));
      const auto at = [&](size_t i) { return static_cast<float>(box[i].get<double>()); };
      UMM_CHECK_INPUT(at(4) > threshold, where, ": holds a ", label, " with the score ", at(4),
                      ", which the threshold ", threshold,
                      " would not have kept: say with --set which one the file was made with");
      detections.push_back(
          {.label = label, .score = at(4), .box = {at(0), at(1), at(2), at(3)}, .color_scores = {}});
    }
  }
  return detections;
}

std::string evidence_of(const std::vector<Evidence>& detections, const PublishedVerdict& verdict) {
  Json evidence = Json::parse(evidence_text(detections));
  evidence["verdict"] = {{"correct", verdict.correct}, {"reason", verdict.reason}};
  return evidence.dump();
}

std::string joined(const std::vector<std::string>& reasons) {
  std::string text;
  for (const std::string& reason : reasons) text += (text.empty() ? "" : "; ") + reason;
  return text;
}

PublishedVerdict verdict_of(const Json& line, const std::string& where) {
  const Json correct = line.value("correct", Json()), reason = line.value("reason", Json());
  UMM_CHECK_INPUT(correct.is_boolean() && reason.is_string(), where,
                  ": expected \"correct\" to be true or false and \"reason\" to be text, found ",
                  excerpt(correct), " and ", excerpt(reason));
  return {correct.get<bool>(), reason.get<std::string>()};
}

Result result_of(const Json& line, const std::string& where, const Thresholds& thresholds) {
  Result result{.where = where, .metadata = text_field(line, "metadata", where)};
  result.record = parse_record(result.metadata, where + ": metadata");
  const std::string details = where + ": details";
  const auto detections = detections_of(evaluators::parse_json(text_field(line, "details", where), details),
                                        kept_above(result.record, thresholds), details);
  const PublishedVerdict published = verdict_of(line, where);
  const Verdict verdict = judge(result.record, detections, published, thresholds);
  UMM_CHECK_INPUT(verdict.correct == published.correct, where,
                  ": expected the verdict that its details give, ",
                  verdict.correct ? "correct" : joined(verdict.reasons),
                  "; found \"correct\": ", published.correct ? "true" : "false, " + excerpt(published.reason),
                  ". Was it made with other thresholds? Say with --set which; else line and pictures do not "
                  "belong together");
  result.evidence = evidence_of(detections, published);
  return result;
}

Results read_lines(std::string_view text, const std::string& where, const Thresholds& thresholds) {
  Results results;
  size_t number = 0;
  for (size_t start = 0; start < text.size();) {
    const size_t end = std::min(text.find('\n', start), text.size());
    const std::string_view line = text.substr(start, end - start);
    start = end + 1;
    const std::string here = detail::concat(where, ":", ++number);
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const Json value = evaluators::parse_json(line, here);
    const auto place = place_of(text_field(value, "filename", here), here);
    const auto [known, is_new] = results.emplace(place, result_of(value, here, thresholds));
    UMM_CHECK_INPUT(is_new, here, ": the picture ", place.second, " of prompt ",
                    id_of_line(static_cast<size_t>(place.first)), " is there twice, first in ",
                    known->second.where);
  }
  UMM_CHECK_INPUT(!results.empty(), where,
                  ": expected results of GenEval's evaluate_images.py, one JSON object per line, found none");
  return results;
}

}  // namespace

std::optional<PublishedVerdict> published_verdict(const std::string& evidence) {
  if (evidence.ends_with("]}")) return std::nullopt;  // a detector's own, which has nothing behind its list
  const Json value = json::parse_or_discard(evidence);
  if (!value.is_object() || !value.contains("verdict")) return std::nullopt;
  const Json& verdict = value["verdict"];
  UMM_CHECK(verdict.is_object() && verdict.contains("correct") && verdict["correct"].is_boolean() &&
                verdict.contains("reason") && verdict["reason"].is_string(),
            "expected a verdict {\"correct\", \"reason\"} in GenEval's evidence, found ", excerpt(verdict),
            ": read the published file again");
  return PublishedVerdict{verdict["correct"], verdict["reason"]};
}

Verdict judge(const Record& record, const std::vector<Evidence>& detections, const PublishedVerdict& verdict,
              const Thresholds& thresholds) {
  Record colorless = record;
  bool asks_color = false;
  for (Clause& clause : colorless.include) {
    asks_color = asks_color || clause.color.has_value();
    clause.color.reset();
  }
  Verdict found = judge(colorless, detections, thresholds);
  if (!asks_color || !found.correct || verdict.correct) return found;
  std::string reason = verdict.reason;
  std::replace(reason.begin(), reason.end(), '\n', ';');
  return {.correct = false, .reasons = {"published verdict: " + reason}};
}

EvidenceLog read_results(std::string_view text, const std::string& where, const Thresholds& thresholds,
                         std::optional<Published> published) {
  EvidenceLog log;
  log.items_are_checked = published.has_value();
  std::vector<std::string> records;
  const Results results = read_lines(text, where, thresholds);
  const Result* first = nullptr;  // of the prompt
  size_t next = 0;                // behind it
  for (const auto& [place, result] : results) {
    const auto prompt = static_cast<size_t>(place.first);
    const std::string id = id_of_line(prompt);
    if (prompt >= next) {
      first = &result;
      records.push_back(result.metadata);
      UMM_CHECK_INPUT(!published || prompt == next, where,
                      ": expected the pictures of every published prompt, found none of ", id_of_line(next));
      for (; next < prompt; ++next) {
        log.items.push_back({.id = id_of_line(next), .metadata = kNoRecord});
        log.evidence.emplace_back();
      }
      ++next;
    }
    UMM_CHECK_INPUT(result.metadata == first->metadata, result.where, ": expected the record of prompt ", id,
                    " to be that of ", first->where, ", found another");
    log.items.push_back(
        {.id = id, .tag = result.record.tag, .prompt = result.record.prompt, .metadata = result.metadata});
    log.evidence.push_back(result.evidence);
  }
  if (published) expect_published(records, *published, where);
  return log;
}

}  // namespace umm::geneval
