#include "results/report/evidence_columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "results/picture.h"
#include "results/report/thumbnail.h"

namespace umm::results {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

constexpr size_t kMostReplies = 8;  // of one picture

// "images/ab/00017/samples/00002.png" with item "00017" and number 2.
struct PathForm {
  std::string before, between, behind;
  size_t digits = 0;

  std::string path(const std::string& item, int64_t number) const {
    return before + item + between + fmt::format("{:0{}}", number, digits) + behind;
  }
};

std::optional<PathForm> form_of(const std::string& path, const std::string& item) {
  const size_t at = path.find("/" + item + "/");
  const size_t dot = path.rfind('.');
  if (at == std::string::npos || dot == std::string::npos) return std::nullopt;
  size_t number = dot;
  while (number > at + item.size() + 2 && std::isdigit(static_cast<unsigned char>(path[number - 1])) != 0)
    --number;
  if (number == dot || dot - number > 9) return std::nullopt;
  return PathForm{path.substr(0, at + 1), path.substr(at + 1 + item.size(), number - at - 1 - item.size()),
                  path.substr(dot), dot - number};
}

Json short_number(double value) {
  if (!std::isfinite(value)) return nullptr;
  const double rounded = std::round(value * 1e4) / 1e4;
  if (rounded == std::floor(rounded) && std::abs(rounded) < 1e9) return static_cast<int64_t>(rounded);
  return rounded;
}

}  // namespace

EvidenceColumns::EvidenceColumns(const std::vector<ItemRow>& items, const std::vector<EvidenceRow>& evidence,
                                 TextList& reasons, TextList& labels, ReplyLists& replies)
    : size_(), small_(Json::object()) {
  std::map<std::string, size_t> place;
  for (const ItemRow& item : items) {
    place.emplace(item.item_id, items_.size());
    items_.push_back(item.item_id);
  }
  for (const EvidenceRow& row : evidence) {
    const auto item = place.find(row.item_id);
    if (item == place.end()) continue;
    Picture& picture = pictures_.emplace_back();
    picture.item = item->second;
    if (row.status == "scored")
      picture.score = row.score;
    else
      picture.status = row.status;
    picture.reason = reasons.place(row.reason);
    picture.path = row.image_path;
    picture.index = row.image_index;
    take(picture, row.evidence_json, labels, replies);
  }
  std::stable_sort(pictures_.begin(), pictures_.end(),
                   [](const Picture& a, const Picture& b) { return a.item < b.item; });
  for (size_t item = 0, at = 0; item <= items_.size(); ++item) {
    while (at < pictures_.size() && pictures_[at].item < item) ++at;
    first_.push_back(static_cast<int64_t>(at));
  }
  for (size_t item = 0; item < items_.size(); ++item) {
    double sum = 0, count = 0;
    for (auto i = first_[item]; i < first_[item + 1]; ++i) {
      const auto& score = pictures_[static_cast<size_t>(i)].score;
      if (!score) continue;
      sum += *score;
      ++count;
    }
    means_.push_back(count > 0 ? sum / count : std::numeric_limits<double>::quiet_NaN());
  }
}

void EvidenceColumns::take(Picture& picture, const std::string& evidence, TextList& labels,
                           ReplyLists& replies) {
  const Json json = Json::parse(evidence, nullptr, false);
  if (!json.is_object() || !json.contains("detections") || !json["detections"].is_array()) {
    picture.replies = replies_in(json, evidence, replies);
    return;
  }
  for (const Json& one : json["detections"]) {
    const Json box = one.is_object() ? one.value("box", Json()) : Json();
    if (!box.is_array() || box.size() != 4 ||
        !std::all_of(box.begin(), box.end(), [](const Json& side) { return side.is_number(); }))
      continue;
    const auto side = [&](size_t i) { return std::llround(std::clamp(box[i].get<double>(), -1e5, 1e5)); };
    const Json label = one.value("label", Json()), score = one.value("score", Json());
    const double share = score.is_number() ? score.get<double>() : 0;
    picture.detections.push_back({labels.place(label.is_string() ? label.get<std::string>() : "?"),
                                  std::llround(std::clamp(share, -10.0, 10.0) * 100), side(0), side(1),
                                  side(2), side(3)});
  }
  std::stable_sort(picture.detections.begin(), picture.detections.end(),
                   [](const Detection& a, const Detection& b) { return a.percent > b.percent; });
}

void EvidenceColumns::find_pictures(const fs::path& folder) {
  folder_ = folder;
  std::error_code failed;
  for (Picture& picture : pictures_) {
    picture.there = stays_inside(picture.path) && fs::is_regular_file(folder / picture.path, failed);
    if (!picture.there || !size_.is_null()) continue;
    if (const auto size = png_size(folder / picture.path)) size_ = {size->first, size->second};
  }
}

int64_t EvidenceColumns::picture(size_t item, int64_t index) const {
  for (int64_t at = first_[item]; at < first_[item + 1]; ++at) {
    const Picture& picture = pictures_[static_cast<size_t>(at)];
    if (picture.index == index) return picture.there ? at : -1;
  }
  return -1;
}

int64_t EvidenceColumns::end_of_numbers() const {
  int64_t end = 0;
  for (const Picture& picture : pictures_) end = std::max(end, picture.index + 1);
  return end;
}

fs::path EvidenceColumns::file(int64_t picture) const {
  return folder_ / pictures_[static_cast<size_t>(picture)].path;
}

Json EvidenceColumns::paths() const {
  if (pictures_.empty()) return Json::array();
  const Picture& first = pictures_.front();
  const auto form = form_of(first.path, items_[first.item]);
  const bool all = form && std::all_of(pictures_.begin(), pictures_.end(), [&](const Picture& picture) {
                     return picture.path == form->path(items_[picture.item], picture.index);
                   });
  if (all) return {form->before, form->between, form->digits, form->behind};
  Json paths = Json::array();
  for (const Picture& picture : pictures_) paths.push_back(picture.path);
  return {{"all", paths}};
}

Json EvidenceColumns::numbers() const {
  Json numbers = Json::array();
  bool in_turn = true;
  for (const Picture& picture : pictures_) {
    const auto place = static_cast<int64_t>(numbers.size()) - first_[picture.item];
    in_turn = in_turn && picture.index == place;
    numbers.push_back(picture.index);
  }
  return in_turn ? Json() : numbers;
}

bool EvidenceColumns::only_right_or_wrong() const {
  return std::all_of(pictures_.begin(), pictures_.end(), [](const Picture& picture) {
    return !picture.score || *picture.score == 0 || *picture.score == 1;
  });
}

Json EvidenceColumns::scores() const {
  if (only_right_or_wrong()) {
    std::string text;
    for (const Picture& picture : pictures_) text += !picture.score ? '-' : *picture.score == 1 ? '1' : '0';
    return text;
  }
  Json scores = Json::array();
  for (const Picture& picture : pictures_)
    scores.push_back(picture.score ? short_number(*picture.score) : Json());
  return scores;
}

Json EvidenceColumns::json(size_t most_detections) const {
  Json count = Json::array(), reason = Json::array(), found = Json::array(), boxes = Json::array();
  Json more = Json::array(), said = Json::array(), replies = Json::array(), status = Json::object();
  std::string there;
  for (size_t item = 0; item < items_.size(); ++item) count.push_back(first_[item + 1] - first_[item]);
  if (std::adjacent_find(count.begin(), count.end(), std::not_equal_to<>()) == count.end() && !count.empty())
    count = Json(count[0]);
  bool any_more = false;
  for (const Picture& picture : pictures_) {
    const size_t shown = std::min(most_detections, picture.detections.size());
    const size_t of_replies = std::min(kMostReplies, picture.replies.size());
    const size_t left_out = picture.detections.size() - shown + picture.replies.size() - of_replies;
    if (!picture.score) status[std::to_string(there.size())] = picture.status;
    reason.push_back(picture.reason);
    found.push_back(shown);
    said.push_back(of_replies);
    more.push_back(left_out);
    any_more |= left_out > 0;
    there += picture.there ? '1' : '0';
    for (size_t i = 0; i < shown; ++i) {
      const Detection& d = picture.detections[i];
      for (const int64_t number : {d.label, d.percent, d.x1, d.y1, d.x2, d.y2}) boxes.push_back(number);
    }
    for (size_t i = 0; i < of_replies; ++i)
      for (const int64_t number : {picture.replies[i].head, picture.replies[i].text})
        replies.push_back(number);
  }
  Json json = {{"count", count}, {"score", scores()}, {"reason", reason}, {"found", found},
               {"boxes", boxes}, {"path", paths()},   {"small", small_}};
  if (const Json number = numbers(); !number.is_null()) json["number"] = number;
  if (any_more) json["more"] = more;
  if (!replies.empty()) {
    json["said"] = said;
    json["replies"] = replies;
  }
  if (!status.empty()) json["status"] = status;
  if (there.find('1') != std::string::npos) json["there"] = there;
  if (!size_.is_null()) json["size"] = size_;
  return json;
}

}  // namespace umm::results
