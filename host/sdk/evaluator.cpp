#include "umm/evaluator.h"

#include "umm/error.h"

namespace umm {

void ScoreMean::add(const ItemScore& score) {
  ++num_images;
  if (score.status != ScoreStatus::scored) {
    ++num_unscored;
    return;
  }
  sum += score.value;
  ++weight;
}

void ScoreMean::add(const ScoreMean& group) {
  num_images += group.num_images;
  num_unscored += group.num_unscored;
  if (group.empty()) return;
  sum += group.value();
  ++weight;
}

OfficialPicture Evaluator::official_picture(const EvaluationItem& item, int64_t image_index,
                                            int64_t images_per_prompt) const {
  return {.stem = images_per_prompt == 1 ? item.id : item.id + "_" + std::to_string(image_index)};
}

std::vector<EvidenceLog> Evaluator::read_log(const std::string&, const std::string& where) const {
  throw InputError(where +
                   ": this benchmark reads no published evidence; expected JSON lines of "
                   "{\"item\", \"image\", \"evidence\"}");
}

std::vector<HumanRating> Evaluator::read_ratings(const std::string&, const std::string& where) const {
  throw InputError(where + ": this benchmark reads no ratings of people");
}

const char* to_text(ReplyStatus status) {
  switch (status) {
    case ReplyStatus::answered:
      return "answered";
    case ReplyStatus::refused:
      return "refused";
    case ReplyStatus::failed:
      return "failed";
  }
  return "?";
}

const char* to_text(ScoreStatus status) {
  switch (status) {
    case ScoreStatus::scored:
      return "scored";
    case ScoreStatus::unparsable:
      return "unparsable";
    case ScoreStatus::refused:
      return "refused";
    case ScoreStatus::failed:
      return "failed";
    case ScoreStatus::missing:
      return "missing";
  }
  return "?";
}

}  // namespace umm
