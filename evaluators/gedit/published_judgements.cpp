// Published judgements and ratings, see published_judgements.h.
#include "published_judgements.h"

#include <cmath>
#include <map>
#include <set>

#include "json.h"
#include "judge_evidence.h"
#include "record.h"
#include "rules.h"
#include "umm/error.h"

namespace umm::gedit {
namespace {

using evaluators::Json;
using evaluators::text_field;

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

// As gedit's own records have it, so that what is stored can be scored again.
EvaluationItem item_of(const Json& judgement, const std::string& where) {
  EvaluationItem item{.id = text_field(judgement, "item", where),
                      .tag = kPublishedGroup,
                      .prompt = text_field(judgement, "instruction", where)};
  item.metadata = Json{
      {"key", item.id},
      {"task_type", kPublishedGroup},
      {"instruction", item.prompt},
      {"instruction_language", "en"},
      {"input_image", item.id},
      {"intersection_exist",
       false}}.dump();
  parse_record(item.metadata, where);
  return item;
}

std::string evidence_of(const Json& judgement, const std::string& where) {
  evaluators::JudgeEvidence evidence;
  for (const std::string& role : kRoles) {
    UMM_CHECK_INPUT(judgement.contains(role) && judgement.at(role).is_object(), where,
                    ": expected a judgement {\"score\": [...]} under \"", role, "\", found none");
    evidence[role] = {{.reply = {.text = judgement.at(role).dump()}}};
  }
  return evaluators::evidence_text(evidence);
}

std::pair<double, double> parse_rating(const std::string& text, const std::string& where) {
  const Json value = Json::parse(text, nullptr, false);
  const bool is_pair = value.is_array() && value.size() == 2 && value[0].is_number() && value[1].is_number();
  UMM_CHECK_INPUT(is_pair, where, ": expected a rating [SC, PQ], found ", text.substr(0, 40));
  const std::pair<double, double> rating(value[0].get<double>(), value[1].get<double>());
  for (const double part : {rating.first, rating.second})
    UMM_CHECK_INPUT(part == 0 || part == 0.5 || part == 1, where,
                    ": expected a rating's parts to be 0, 0.5 or 1, found ", part);
  return rating;
}

}  // namespace

std::vector<EvidenceLog> read_judgements(std::string_view text, const std::string& where) {
  std::vector<EvidenceLog> logs;
  std::map<std::string, size_t> log_of;
  std::set<std::pair<std::string, std::string>> seen;
  size_t number = 0;
  for (const std::string& line : split(text, '\n')) {
    const std::string here = detail::concat(where, ":", ++number);
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const Json judgement = evaluators::parse_json(line, here);
    const std::string model = text_field(judgement, "model", here);
    if (log_of.emplace(model, logs.size()).second) logs.push_back({.label = model});
    EvidenceLog& log = logs[log_of.at(model)];
    log.items.push_back(item_of(judgement, here));
    UMM_CHECK_INPUT(seen.emplace(model, log.items.back().id).second, here, ": ", model, "'s picture of ",
                    log.items.back().id, " was judged before");
    log.evidence.push_back(evidence_of(judgement, here));
  }
  UMM_CHECK_INPUT(!logs.empty(), where, ": expected judgements, one JSON object per line, found none");
  return logs;
}

std::vector<HumanRating> read_rating_table(std::string_view table, const std::string& where) {
  std::vector<HumanRating> ratings;
  std::vector<std::string> header;
  std::set<std::string> rated;
  size_t number = 0;
  for (std::string line : split(table, '\n')) {
    const std::string here = detail::concat(where, ":", ++number);
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty()) continue;
    std::vector<std::string> cells = split(line, '\t');
    if (header.empty()) {
      UMM_CHECK_INPUT(cells.size() > 1 && cells[0] == "uid", here,
                      ": expected the heads uid and the models' names, divided by tabs");
      header = std::move(cells);
      std::set<std::string> models;
      for (const std::string& name : header)
        UMM_CHECK_INPUT(models.insert(name).second, here, ": expected each model once, found two columns ",
                        name, ": ratings of another person are a table of their own");
      continue;
    }
    UMM_CHECK_INPUT(cells.size() == header.size(), here, ": expected ", header.size(),
                    " cells as in the head, found ", cells.size());
    UMM_CHECK_INPUT(rated.insert(cells[0]).second, here, ": the item ", cells[0], " was rated before");
    for (size_t column = 1; column < cells.size(); ++column) {
      const auto [sc, pq] = parse_rating(cells[column], here + ": " + header[column]);
      ratings.push_back({.label = header[column],
                         .item_id = cells[0],
                         .components = {{"SC", sc}, {"PQ", pq}, {"overall", std::sqrt(sc * pq)}}});
    }
  }
  UMM_CHECK_INPUT(!ratings.empty(), where, ": expected ratings, found none");
  return ratings;
}

}  // namespace umm::gedit
