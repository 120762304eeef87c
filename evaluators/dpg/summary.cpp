#include "summary.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "evidence.h"

namespace umm::dpg {
namespace {

using Means = std::map<std::string, ScoreMean>;

constexpr std::array<const char*, 5> kPublishedOrder = {"global", "entity", "attribute", "relation", "other"};

// One picture's questions of each category into its mean; `yes` is empty where there are no answers.
void add_questions(const Item& item, size_t first, const YesAnswers& yes, Means& broad, Means& detailed) {
  std::set<ScoreMean*> touched;
  for (size_t index = first; index < item.questions.size(); ++index) {
    const Question& question = item.questions[index];
    for (ScoreMean* mean : {&broad[question.broad_category], &detailed[question.category]}) {
      touched.insert(mean);
      if (yes.empty()) continue;
      mean->sum += yes[index] ? 1 : 0;
      ++mean->weight;
    }
  }
  for (ScoreMean* mean : touched) {
    ++mean->num_images;
    mean->num_unscored += yes.empty() ? 1 : 0;
  }
}

// Of each prompt the last picture that was asked about, else any: what the published categories are of.
std::vector<const ScoredImage*> last_of_each_prompt(const std::vector<ScoredImage>& images) {
  std::map<const EvaluationItem*, const ScoredImage*> last;
  for (const ScoredImage& image : images) {
    const ScoredImage*& known = last[image.item];
    const bool later = known == nullptr || (image.evidence != nullptr) > (known->evidence != nullptr) ||
                       (image.evidence != nullptr && image.image_index > known->image_index);
    if (later) known = &image;
  }
  std::vector<const ScoredImage*> found;
  for (const auto& [item, image] : last) found.push_back(image);
  return found;
}

// Those over which the published code breaks off leave no trace in its means. It does so per file: where that
// is a grid, the prompt's other pictures are lost with that one.
std::vector<ScoredImage> without_lost(const std::vector<ScoredImage>& images, Layout layout) {
  std::set<const EvaluationItem*> broken_off;
  const auto lost = [](const ScoredImage& image) { return image.score.status == ScoreStatus::unparsable; };
  for (const ScoredImage& image : images)
    if (lost(image) && layout == Layout::grid) broken_off.insert(image.item);
  std::vector<ScoredImage> counted;
  for (const ScoredImage& image : images)
    if (!lost(image) && !broken_off.contains(image.item)) counted.push_back(image);
  return counted;
}

void append(const std::string& prefix, const std::string& name, const Means& means,
            std::vector<NamedScore>& scores) {
  const auto found = means.find(name);
  if (found != means.end() && !found->second.empty()) scores.push_back(found->second.named(prefix + name));
}

}  // namespace

std::vector<NamedScore> summarize(const std::vector<ScoredImage>& images,
                                  const std::map<const EvaluationItem*, Item>& items, Variant variant,
                                  Layout layout) {
  const std::vector<ScoredImage> counted = without_lost(images, layout);
  ScoreMean overall;
  for (const ScoredImage& image : counted) overall.add(image.score);
  if (overall.empty()) return {};

  std::vector<const ScoredImage*> asked;
  if (variant == Variant::reference && layout == Layout::grid) {
    asked = last_of_each_prompt(counted);
  } else {
    for (const ScoredImage& image : counted) asked.push_back(&image);
  }
  Means broad, detailed;
  for (const ScoredImage* image : asked) {
    const Item& item = items.at(image->item);
    const YesAnswers yes = image->evidence == nullptr ? YesAnswers() : yes_answers(item, *image->evidence);
    add_questions(item, first_question(item, variant), yes, broad, detailed);
  }

  std::vector<NamedScore> scores;
  for (const char* name : kPublishedOrder) append("", name, broad, scores);
  for (const auto& [name, mean] : broad)
    if (std::count(kPublishedOrder.begin(), kPublishedOrder.end(), name) == 0)
      append("", name, broad, scores);
  for (const auto& [name, mean] : detailed) append("category: ", name, detailed, scores);
  scores.push_back(overall.named("overall"));
  return scores;
}

}  // namespace umm::dpg
