// DPG-Bench's rules, see rules.h.
#include "rules.h"

#include <algorithm>

#include "umm/error.h"

namespace umm::dpg {

bool is_yes(std::string_view answer) {
  return answer == "yes";
}

size_t first_question(const Item& item, Variant variant) {
  return variant == Variant::reference && item.is_first ? 1 : 0;
}

std::optional<YesAnswers> counted_answers(const Item& item, const YesAnswers& yes, Variant variant) {
  UMM_CHECK(yes.size() == item.questions.size(), "expected ", item.questions.size(),
            " answers for the prompt ", item.id, ", found ", yes.size());
  const size_t first = first_question(item, variant);
  if (first == yes.size()) return std::nullopt;
  YesAnswers counts = yes;
  for (size_t index = first; index < counts.size(); ++index) {
    for (const size_t parent : item.questions[index].parents) {
      if (parent < first) return std::nullopt;
      if (counts[parent]) continue;
      counts[index] = false;
      break;
    }
  }
  return counts;
}

std::optional<double> picture_score(const Item& item, const YesAnswers& yes, Variant variant) {
  const auto counts = counted_answers(item, yes, variant);
  if (!counts) return std::nullopt;
  const auto first = static_cast<int64_t>(first_question(item, variant));
  return static_cast<double>(std::count(counts->begin() + first, counts->end(), true)) /
         static_cast<double>(static_cast<int64_t>(counts->size()) - first);
}

}  // namespace umm::dpg
