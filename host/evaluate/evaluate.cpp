#include "evaluate/evaluate.h"

#include <algorithm>
#include <future>
#include <map>
#include <set>
#include <span>

#include "evaluate/collect.h"
#include "evaluate/generate.h"
#include "evaluate/image_folder.h"
#include "evaluate/judge_connection.h"
#include "evaluate/picture_store.h"
#include "loader/guard.h"
#include "loader/hash.h"
#include "loader/hash_path.h"
#include "meter/phase_meter.h"
#include "meter/work_meter.h"
#include "spec/identity.h"
#include "train/stop.h"
#include "umm/error.h"

namespace umm {
namespace {

// Writes the pictures of one batch while the model makes the next.
class PictureWriter {
 public:
  PictureWriter(const ImageFolder& folder, const PictureStore& store,
                const std::vector<EvaluationItem>& items)
      : folder_(folder), store_(store), items_(items) {}

  void write(const Tensor& pictures, std::span<const ImageSlot> slots) {
    std::vector<Image> images;
    for (const auto& picture : pictures.unbind()) images.push_back(image_from_tensor(picture));
    wait();
    // Compression alone, as tensor operations of two threads would fight for the cores.
    writing_ = std::async(std::launch::async, [this, slots, images = std::move(images)] {
      for (size_t i = 0; i < slots.size(); ++i)
        store_.write(items_[slots[i].item], slots[i].image, images[i], folder_.file(slots[i]));
    });
  }

  // Throws what the latest write threw.
  void wait() {
    if (writing_.valid()) writing_.get();
  }

 private:
  const ImageFolder& folder_;
  const PictureStore& store_;
  const std::vector<EvaluationItem>& items_;
  std::future<void> writing_;
};

// False: stopped by request.
bool generate_missing(const EvaluationJob& job, const EvaluationSubject& subject,
                      const std::vector<EvaluationItem>& items, const PictureStore& store,
                      ImageFolder& folder) {
  auto missing = folder.missing();
  std::erase_if(missing, [&](const ImageSlot& slot) {
    return store.fetch(items[slot.item], slot.image, folder.file(slot));
  });
  if (missing.empty()) return true;
  UMM_CHECK_INPUT(job.config.batch_size > 0, "evaluation ", job.config.name, ": batch_size must be positive");
  Architecture& model = subject.model();
  auto& generator = require<ImageGenerator>(model);
  model.set_training(false);
  const auto device = model.parameters().at(0).value.device();
  const auto total = static_cast<int64_t>(folder.slots().size());
  int64_t done = total - static_cast<int64_t>(missing.size());
  Progress progress(subject.label + ": generate for " + job.config.name, total, "pictures",
                    job.device_seconds_before, job.progress);
  progress.resume_at(done);
  PictureWriter writer(folder, store, items);
  for (size_t first = 0; first < missing.size();) {
    const size_t count = std::min(missing.size() - first, static_cast<size_t>(job.config.batch_size));
    const auto slots = std::span(missing).subspan(first, count);
    const PhaseMeter meter("generate", device);
    const WorkMeter work;
    const GenerationSettings settings{job.run.architecture.id, job.config.sampling, job.config.seed};
    writer.write(generate_pictures(generator, settings, items, slots), slots);
    first += count;
    if (first == missing.size()) writer.wait();
    folder.add_cost(meter.finish(static_cast<int64_t>(count), work.done()));
    done += static_cast<int64_t>(count);
    progress.update(done);
    if (stop_requested() && first < missing.size()) return false;
  }
  return true;
}

// Files that options name count with their content.
std::string architecture_text(const RunConfig& run, const Catalogue& catalogue) {
  std::string text =
      "architecture = " + run.architecture.id + "\n" + canonical_text(run.architecture.options);
  for (const auto& option :
       catalogue.at(PluginKind::architecture, run.architecture.id).entry.options.specs()) {
    if (option.type != OptionType::path) continue;
    const auto& path = run.architecture.options.text(option.name);
    if (path.empty()) continue;
    text += "content of " + option.name + " = " + hash_path(path) + "\n";
  }
  return text;
}

// A key that nobody needs is not looked for.
JudgeConnection connection_of(const EvaluationJob& job) {
  if (!job.config.providers.contains(PluginKind::judge)) return {};
  return judge_connection(job.run.resources.judge, job.output);
}

}  // namespace

std::string drawing_text(const RunConfig& run, const Options& sampling, const EvaluationSubject& subject,
                         const Catalogue& catalogue) {
  const auto& library = catalogue.at(PluginKind::architecture, run.architecture.id).content_hash;
  return "checkpoint = " + subject.checkpoint_hash + "\nweights = " + subject.weights +
         "\nlibrary = " + library + "\nsampling:\n" + canonical_text(sampling) +
         architecture_text(run, catalogue);
}

std::string evaluation_identity(const RunConfig& run, const EvaluationConfig& config,
                                const EvaluationSubject& subject, const Catalogue& catalogue) {
  std::string text = "checkpoint = " + subject.checkpoint_hash + "\nweights = " + subject.weights +
                     "\nprotocol = " + config.protocol_hash +
                     "\nimages_per_prompt = " + std::to_string(config.images_per_prompt) +
                     "\nseed = " + std::to_string(config.seed) + "\nsampling:\n" +
                     canonical_text(config.sampling) + architecture_text(run, catalogue);
  const auto add_library = [&](PluginKind kind, const std::string& id) {
    text += std::string(to_text(kind)) + " " + id + " = " + catalogue.at(kind, id).content_hash + "\n";
  };
  add_library(PluginKind::architecture, run.architecture.id);
  add_library(PluginKind::evaluator, config.evaluator.id);
  for (const auto& [kind, use] : config.providers) add_library(kind, use.id);
  if (config.prompt_file.empty()) add_library(PluginKind::prompt_set, config.prompt_set.id);
  return hash_text(text);
}

void expect_judge(const EvaluationJob& job) {
  const auto judge = job.config.providers.find(PluginKind::judge);
  if (judge == job.config.providers.end()) return;
  const auto& [id, options] = judge->second;
  const auto connection = connection_without_key(job.run.resources.judge, job.output);
  const auto& entry = job.catalogue.at(PluginKind::judge, id).entry;
  guarded(named(PluginKind::judge, id), "making the judge",
          [&, &options = options] { entry.make_judge(options, connection); });
}

std::optional<EvaluationResult> evaluate(const EvaluationJob& job, const EvaluationSubject& subject) {
  const auto identity = evaluation_identity(job.run, job.config, subject, job.catalogue);
  const auto benchmark = make_benchmark(job.config, job.catalogue, connection_of(job));
  expect_evaluable(job.config.name, benchmark.items);
  ImageFolder folder(job.output, identity, benchmark.items, job.config.images_per_prompt);
  const PictureStore store(job.output, drawing_text(job.run, job.config.sampling, subject, job.catalogue),
                           job.config.seed);
  if (!generate_missing(job, subject, benchmark.items, store, folder)) return std::nullopt;

  const PhaseMeter meter("score", at::kCPU);
  const auto total = static_cast<int64_t>(folder.slots().size());
  Progress progress(subject.label + ": score " + job.config.name, total, "pictures",
                    job.device_seconds_before + folder.cost().device_seconds, job.progress);
  std::vector<SubmittedPicture> pictures;
  for (const auto& slot : folder.slots())
    pictures.push_back({slot.item, slot.image, folder.file(slot), folder.relative_path(slot)});
  auto collected = collect_evidence(benchmark, pictures, progress);
  if (!collected) return std::nullopt;
  EvaluationResult result;
  result.evidence = std::move(collected->evidence);
  result.scores = score_rows(apply_rules(benchmark, result.evidence).aggregates);
  result.evaluation = evaluation_row(job.config, subject, benchmark, identity);
  result.items = item_rows(benchmark);
  result.costs = {folder.cost(), meter.finish(total)};
  collected->add_to(result.costs.back());
  return result;
}

std::string unanswered_text(const EvaluationResult& result) {
  const auto is_unanswered = [](const results::EvidenceRow& row) {
    return row.status == to_text(ScoreStatus::failed) || row.status == to_text(ScoreStatus::missing);
  };
  const auto& evidence = result.evidence;
  const auto first = std::find_if(evidence.begin(), evidence.end(), is_unanswered);
  if (first == evidence.end()) return "";
  const auto& row = result.evaluation;
  return detail::concat(row.name.empty() ? row.benchmark : row.name, ": ",
                        std::count_if(first, evidence.end(), is_unanswered), " of ", evidence.size(),
                        " pictures have no answer (", first->reason, ")");
}

results::EvaluationRow evaluation_row(const EvaluationConfig& config, const EvaluationSubject& subject,
                                      const Benchmark& benchmark, const std::string& identity) {
  return {.identity = identity,
          .benchmark = config.evaluator.id,
          .protocol_hash = config.protocol_hash,
          .protocol_text = protocol_text(config),
          .sampling_text = canonical_text(config.sampling),
          .evaluator_version = benchmark.evaluator->version(),
          .detector_version = benchmark.providers_version(),
          .weights = subject.weights,
          .checkpoint_path = subject.checkpoint_path,
          .checkpoint_hash = subject.checkpoint_hash,
          .name = config.name};
}

std::vector<results::ItemRow> item_rows(const Benchmark& benchmark) {
  std::vector<results::ItemRow> rows;
  for (const auto& item : benchmark.items) rows.push_back({item.id, item.tag, item.prompt, item.metadata});
  return rows;
}

std::vector<results::ScoreRow> score_rows(const std::vector<NamedScore>& scores) {
  std::vector<results::ScoreRow> rows;
  for (const auto& score : scores)
    rows.push_back({score.name, score.value, score.num_images, score.num_unscored});
  return rows;
}

RuledScores apply_rules(const Benchmark& benchmark, std::vector<results::EvidenceRow>& evidence) {
  std::map<std::string, const EvaluationItem*> items;
  for (const auto& item : benchmark.items) items[item.id] = &item;
  std::set<std::pair<std::string, int64_t>> seen;
  RuledScores ruled;
  auto& scored = ruled.images;
  for (auto& row : evidence) {
    const auto item = items.find(row.item_id);
    UMM_CHECK(item != items.end(), "there is evidence for prompt \"", row.item_id,
              "\", which the benchmark lacks");
    auto score = guarded(benchmark.name, "scoring prompt " + row.item_id,
                         [&] { return benchmark.evaluator->score(*item->second, row.evidence_json); });
    row.status = to_text(score.status);
    row.score = score.value;
    row.reason = score.reason;
    seen.emplace(row.item_id, row.image_index);
    scored.push_back({item->second, row.image_index, std::move(score), &row.evidence_json});
  }
  for (const auto& item : benchmark.items)
    for (int64_t image = 0; image < benchmark.images_per_prompt; ++image)
      if (!seen.contains({item.id, image}))
        scored.push_back({&item, image, {.reason = "no picture", .status = ScoreStatus::missing}});
  ruled.aggregates =
      guarded(benchmark.name, "aggregating", [&] { return benchmark.evaluator->aggregate(scored); });
  return ruled;
}

}  // namespace umm
