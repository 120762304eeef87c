#include "conformance/subject.h"

#include <ATen/ops/upsample_bilinear2d.h>

#include <algorithm>
#include <fstream>

#include "conformance/conformance.h"

namespace umm::conformance {
namespace {

namespace fs = std::filesystem;

// tiny/<option>, with any ending; "" where there is none.
std::string tiny_path(const fs::path& tiny, const std::string& option) {
  if (!fs::is_directory(tiny)) return "";
  for (const auto& entry : fs::directory_iterator(tiny))
    if (entry.path().stem() == option) return entry.path().string();
  return "";
}

bool is_complete(const Sample& sample) {
  return sample.image.defined() && !sample.caption.empty() && !sample.question.empty() &&
         !sample.answer.empty();
}

}  // namespace

Options small_options(const PluginEntry& entry, const fs::path& tiny,
                      const std::map<std::string, OptionValue>& values) {
  std::map<std::string, OptionValue> small;
  for (const OptionSpec& spec : entry.options.specs()) {
    const bool has_tiny = std::find(spec.choices.begin(), spec.choices.end(), "tiny") != spec.choices.end();
    if (spec.name == "preset" && has_tiny) small[spec.name] = std::string("tiny");
    if (spec.type == OptionType::path && std::get<std::string>(spec.default_value).empty()) {
      const std::string path = tiny_path(tiny, spec.name);
      if (!path.empty()) small[spec.name] = path;
    }
    if (const auto given = values.find(spec.name); given != values.end()) small[spec.name] = given->second;
  }
  return Options(entry.options, small);
}

Subject::Subject(const LoadedPlugin& plugin, const Catalogue& catalogue, fs::path tiny,
                 const std::map<std::string, OptionValue>& values)
    : plugin_(plugin),
      catalogue_(catalogue),
      tiny_(std::move(tiny)),
      options_(small_options(plugin.entry, tiny_, values)) {}

void Subject::set_prompts(const std::string& file) {
  std::ifstream in(file);
  UMM_CHECK_INPUT(in, file, ": cannot be read");
  for (std::string line; std::getline(in, line);)
    if (!line.empty()) records_.push_back(line);
  UMM_CHECK_INPUT(!records_.empty(), file, ": expected a record on each line, found none");
  records_source_ = file;
}

std::string Subject::name() const {
  return detail::concat(to_text(entry().kind), " `", entry().id, "`");
}

std::vector<const PluginEntry*> Subject::lenders(PluginKind kind) const {
  std::vector<const PluginEntry*> found;
  if (entry().kind == kind) found.push_back(&entry());
  for (const LoadedPlugin& plugin : catalogue_.entries())
    if (plugin.entry.kind == kind && &plugin.entry != &entry()) found.push_back(&plugin.entry);
  return found;
}

Batch Subject::batch(int64_t side) const {
  for (const PluginEntry* lender : lenders(PluginKind::dataset)) {
    std::unique_ptr<Dataset> dataset;
    try {
      dataset = lender->make_dataset(options_of(*lender));
    } catch (const InputError&) {
      continue;  // it needs an option that nobody gave
    }
    if (!is_complete(dataset->sample(0))) continue;
    std::vector<Sample> samples;
    for (int64_t index = 0; index < kBatchSize; ++index) samples.push_back(dataset->sample(index));
    Batch batch = collate(samples);
    if (batch.images.size(-1) != side)
      batch.images = at::upsample_bilinear2d(batch.images, {side, side}, /*align_corners=*/false);
    return batch;
  }
  throw NotApplicable("no dataset here has pictures, captions, questions and answers");
}

std::unique_ptr<Evaluator> Subject::fed_evaluator() const {
  if (!records_.empty())
    return entry().make_evaluator(options_, {.records = records_, .source = records_source_});
  for (const PluginEntry* lender : lenders(PluginKind::prompt_set)) {
    const EvaluatorInput input{.records = lender->make_prompt_set(options_of(*lender))->records(),
                               .source = lender->id};
    try {
      return entry().make_evaluator(options_, input);
    } catch (const InputError&) {
      continue;  // another benchmark's format
    }
  }
  throw NotApplicable("no prompt set here has records that it reads");
}

std::unique_ptr<Architecture> make_model(const PluginEntry& entry, const Options& options, uint64_t seed) {
  auto model = entry.make_architecture(options);
  model->initialize(seed);
  model->set_training(true);
  return model;
}

}  // namespace umm::conformance
