// DPG-Bench's rules, see rules.h.
#include "rules.h"

#include <algorithm>

#include "umm/error.h"

namespace umm::dpg {
namespace {

// The published loop over the table passes over row 0.
size_t first_question(const Item& item, Variant variant) {
  return variant == Variant::reference && item.is_first ? 1 : 0;
}

void add_categories(Summary& summary, const Item& item, const YesAnswers& yes, size_t first) {
  for (size_t index = first; index < item.questions.size(); ++index) {
    const double value = yes[index] ? 1 : 0;
    summary.broad[item.questions[index].broad_category].add(value);
    summary.categories[item.questions[index].category].add(value);
  }
}

}  // namespace

bool is_yes(std::string_view answer) {
  return answer == "yes";
}

std::optional<double> crop_score(const Item& item, const YesAnswers& yes, Variant variant) {
  UMM_CHECK(yes.size() == item.questions.size(), "expected ", item.questions.size(),
            " answers for the prompt ", item.id, ", found ", yes.size());
  const size_t first = first_question(item, variant);
  YesAnswers counts = yes;
  int64_t num_yes = 0;
  for (size_t index = first; index < counts.size(); ++index) {
    for (const size_t parent : item.questions[index].parents) {
      if (parent < first) return std::nullopt;
      if (counts[parent]) continue;
      counts[index] = false;
      break;
    }
  }
  for (size_t index = first; index < counts.size(); ++index) num_yes += counts[index] ? 1 : 0;
  if (first == counts.size()) return std::nullopt;
  return static_cast<double>(num_yes) / static_cast<double>(counts.size() - first);
}

std::optional<double> picture_score(const Picture& picture, Variant variant) {
  Mean mean;
  for (const YesAnswers& yes : picture.crops) {
    const std::optional<double> score = crop_score(*picture.item, yes, variant);
    if (!score) return std::nullopt;
    mean.add(*score);
  }
  if (mean.count == 0) return std::nullopt;
  return mean.value();
}

Summary summarize(std::span<const Picture> pictures, Variant variant, size_t num_crops) {
  Summary summary;
  for (const Picture& picture : pictures) {
    const Item& item = *picture.item;
    const std::optional<double> score = picture_score(picture, variant);
    const size_t first = first_question(item, variant);
    if (score) {
      summary.overall.add(*score);
      summary.scored.add(*score);
      const size_t first_crop = variant == Variant::reference ? picture.crops.size() - 1 : 0;
      for (size_t crop = first_crop; crop < picture.crops.size(); ++crop) {
        add_categories(summary, item, picture.crops[crop], first);
      }
      continue;
    }
    ++summary.num_failed;
    if (variant == Variant::reference) continue;
    summary.overall.add(0);
    for (size_t crop = 0; crop < num_crops; ++crop) {
      add_categories(summary, item, YesAnswers(item.questions.size(), false), first);
    }
  }
  return summary;
}

}  // namespace umm::dpg
