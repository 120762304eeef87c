#include "published_judgements.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "umm/error.h"

namespace umm::gedit {
namespace {

using Json = nlohmann::json;

std::vector<double> scores_of(const Json& judgement, const char* role, const std::string& where) {
  auto scores = judgement.at(role).at("score").get<std::vector<double>>();
  UMM_CHECK_INPUT(!scores.empty(), where, ": expected scores for ", role, ", found an empty list");
  return scores;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

Rating parse_rating(const std::string& text, const std::string& where) {
  const Json value = Json::parse(text, nullptr, false);
  const bool is_pair = value.is_array() && value.size() == 2 && value[0].is_number() && value[1].is_number();
  UMM_CHECK_INPUT(is_pair, where, ": expected a rating [SC, PQ], found ", text.substr(0, 40));
  const Rating rating{value[0].get<double>(), value[1].get<double>()};
  for (const double part : {rating.semantic_consistency, rating.perceptual_quality})
    UMM_CHECK_INPUT(part == 0 || part == 0.5 || part == 1, where,
                    ": expected a rating's parts to be 0, 0.5 or 1, found ", part);
  return rating;
}

}  // namespace

Judgement parse_judgement(const std::string& text, const std::string& where) {
  try {
    const Json value = Json::parse(text);
    Judgement judgement{value.at("model").get<std::string>(), value.at("item").get<std::string>(),
                        score_of(scores_of(value, "SC", where), scores_of(value, "PQ", where))};
    UMM_CHECK_INPUT(judgement.score.status == judge::Status::ok, where,
                    ": expected scores that can be used, found ", judgement.score.reason);
    return judgement;
  } catch (const Json::exception& error) {
    throw InputError(detail::concat(where,
                                    ": expected {\"model\", \"item\", \"SC\": {\"score\": [...]}, \"PQ\": "
                                    "{\"score\": [...]}}, found something else: ",
                                    error.what()));
  }
}

std::map<std::string, std::map<std::string, Rating>> parse_ratings(std::string_view table,
                                                                   const std::string& where) {
  std::map<std::string, std::map<std::string, Rating>> ratings;
  std::vector<std::string> header;
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
      continue;
    }
    UMM_CHECK_INPUT(cells.size() == header.size(), here, ": expected ", header.size(),
                    " cells as in the head, found ", cells.size());
    UMM_CHECK_INPUT(!ratings.contains(cells[0]), here, ": the item ", cells[0], " was rated before");
    for (size_t column = 1; column < cells.size(); ++column)
      ratings[cells[0]][header[column]] = parse_rating(cells[column], here + ": " + header[column]);
  }
  UMM_CHECK_INPUT(!ratings.empty(), where, ": expected ratings, found none");
  return ratings;
}

PictureScore mean_rating(const std::vector<Rating>& ratings) {
  UMM_CHECK(!ratings.empty(), "expected ratings to average, found none");
  PictureScore mean;
  mean.status = judge::Status::ok;
  for (const Rating& rating : ratings) {
    mean.semantic_consistency += rating.semantic_consistency;
    mean.perceptual_quality += rating.perceptual_quality;
    mean.overall += std::sqrt(rating.semantic_consistency * rating.perceptual_quality);
  }
  const auto count = static_cast<double>(ratings.size());
  mean.semantic_consistency /= count;
  mean.perceptual_quality /= count;
  mean.overall /= count;
  return mean;
}

}  // namespace umm::gedit
