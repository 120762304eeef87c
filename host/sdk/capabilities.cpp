// Key functions of the SDK's interfaces, so that every shared library agrees on one type_info for each.
#include "umm/capabilities.h"

#include <ATen/TensorOperators.h>

#include "umm/dataset.h"
#include "umm/error.h"
#include "umm/evaluator.h"
#include "umm/method.h"
#include "umm/plugin.h"

namespace umm {

Architecture::~Architecture() = default;
ImageEncoder::~ImageEncoder() = default;
GenerationObjective::~GenerationObjective() = default;
TextObjective::~TextObjective() = default;
ImageGenerator::~ImageGenerator() = default;
TextGenerator::~TextGenerator() = default;
ImageCodec::~ImageCodec() = default;
OfficialWeights::~OfficialWeights() = default;
Method::~Method() = default;
Dataset::~Dataset() = default;
PromptSet::~PromptSet() = default;
ObjectDetector::~ObjectDetector() = default;
QuestionAnswerer::~QuestionAnswerer() = default;
Judge::~Judge() = default;
Evaluator::~Evaluator() = default;
Registry::~Registry() = default;

Tensor TokenLoss::mean() const {
  return sum.sum() / count.sum().clamp_min(1);
}
Tensor TokenLoss::per_sample() const {
  return sum / count.clamp_min(1);
}

std::vector<std::string> Method::trained_groups(Architecture& model) const {
  std::vector<std::string> names;
  for (const auto& group : model.parameter_groups()) {
    if (group.trained_by_default) names.push_back(group.name);
  }
  return names;
}

namespace {

template <typename Capability>
void append_if_present(const Architecture& model, std::vector<std::string>& names) {
  if (dynamic_cast<const Capability*>(&model) != nullptr) names.emplace_back(Capability::kName);
}

}  // namespace

std::vector<std::string> capabilities(const Architecture& model) {
  std::vector<std::string> names;
  append_if_present<ImageEncoder>(model, names);
  append_if_present<GenerationObjective>(model, names);
  append_if_present<TextObjective>(model, names);
  append_if_present<ImageGenerator>(model, names);
  append_if_present<TextGenerator>(model, names);
  append_if_present<ImageCodec>(model, names);
  append_if_present<OfficialWeights>(model, names);
  return names;
}

void throw_missing_capability(const Architecture& model, const char* capability) {
  std::string offered;
  for (const auto& name : capabilities(model)) offered += (offered.empty() ? "" : ", ") + name;
  throw Error(detail::concat("the architecture does not offer `", capability,
                             "`; it offers: ", offered.empty() ? "nothing" : offered));
}

const char* to_text(PluginKind kind) {
  switch (kind) {
    case PluginKind::architecture:
      return "architecture";
    case PluginKind::method:
      return "method";
    case PluginKind::dataset:
      return "dataset";
    case PluginKind::prompt_set:
      return "prompt_set";
    case PluginKind::detector:
      return "detector";
    case PluginKind::answerer:
      return "answerer";
    case PluginKind::judge:
      return "judge";
    case PluginKind::evaluator:
      return "evaluator";
  }
  return "?";
}

}  // namespace umm
