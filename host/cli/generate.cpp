// ummbench generate SPEC FOLDER: pictures of a benchmark's prompts, laid out for its own scorer.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/commands.h"
#include "cli/spec_arguments.h"
#include "evaluate/benchmark.h"
#include "evaluate/evaluate.h"
#include "evaluate/finished.h"
#include "evaluate/generate.h"
#include "evaluate/official_files.h"
#include "evaluate/run_model.h"
#include "loader/hash.h"
#include "meter/progress.h"
#include "score/external_run.h"
#include "spec/identity.h"
#include "train/files.h"
#include "train/stop.h"
#include "umm/error.h"
#include "umm/file.h"

namespace umm::cli {
namespace {

namespace fs = std::filesystem;

struct GenerateArguments {
  std::shared_ptr<SpecArguments> spec;
  std::string folder, protocol, layout = "geneval", prompts, run;
  std::vector<std::string> sampling, sets;
  int64_t images = 0, batch = 16;  // images 0: as many as the protocol says, or the layout's scorer expects
  std::optional<uint64_t> seed;
};

const RunConfig& chosen_run(const Experiment& experiment, const std::string& name) {
  const RunConfig* found = nullptr;
  std::string names;
  for (const auto& run : experiment.runs) {
    names += (names.empty() ? "\"" : ", \"") + run.name + "\"";
    if (experiment.runs.size() == 1 || run.name == name) found = &run;
  }
  if (found == nullptr || (!name.empty() && found->name != name)) {
    const auto problem =
        name.empty() ? "say with --run which run's weights draw" : "there is no run \"" + name + "\"";
    throw InputError(experiment.spec_path + ": " + problem + "; there are " + names);
  }
  return *found;
}

EvaluationSubject subject_of(const RunConfig& run, const Experiment& experiment,
                             const EvaluationConfig& config) {
  auto subject = finished_subject(experiment.output, run, config);
  UMM_CHECK_INPUT(subject, "run \"", run.name, "\" is not trained yet; first: ummbench run ",
                  experiment.spec_path);
  return std::move(*subject);
}

// nullopt: fresh weights.
std::optional<Checkpoint> weights_of(const RunConfig& run, const Experiment& experiment,
                                     const EvaluationSubject& subject) {
  if (run.stages.empty()) return run.base.empty() ? std::nullopt : std::optional(read_checkpoint(run.base));
  return read_checkpoint(fs::path(experiment.output) / subject.checkpoint_path);
}

template <typename Number>
bool read_number(const std::string& text, OptionValue& value) {
  Number number{};
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  if (parsed.ec != std::errc() || parsed.ptr != end) return false;
  value = number;
  return true;
}

// "steps=50" and the like against the architecture's schema.
Options sampling_of(const std::vector<std::string>& assignments, const OptionSchema& schema) {
  std::map<std::string, OptionValue> values;
  std::string known;
  for (const auto& spec : schema.specs()) known += (known.empty() ? "" : ", ") + spec.name;
  for (const auto& assignment : assignments) {
    const auto equals = assignment.find('=');
    const auto name = assignment.substr(0, equals),
               text = equals == std::string::npos ? "" : assignment.substr(equals + 1);
    const auto* spec = schema.find(name);
    UMM_CHECK_INPUT(spec != nullptr, "--sampling ", assignment,
                    ": expected name=value with a name of: ", known);
    OptionValue& value = values[name] = text;
    if (spec->type == OptionType::boolean && (text == "true" || text == "false")) value = text == "true";
    if (spec->type == OptionType::integer || spec->type == OptionType::number)
      read_number<int64_t>(text, value) || read_number<double>(text, value);
  }
  return Options(schema, values);
}

// The evaluation whose prompts are drawn; nobody is asked about the pictures.
EvaluationConfig evaluation_of(const GenerateArguments& arguments, const Catalogue& catalogue) {
  UMM_CHECK_INPUT(!arguments.protocol.empty() || !arguments.prompts.empty(),
                  "say what to draw: --protocol geneval/official-4x, or --layout BENCHMARK --prompts FILE");
  ExternalRun wanted;
  wanted.benchmark = arguments.protocol.empty() ? arguments.layout : arguments.protocol;
  wanted.prompts = arguments.prompts;
  wanted.sets = arguments.sets;
  wanted.sweep = wanted.label = "generate";
  wanted.only_evidence = true;
  if (arguments.images > 0) wanted.sets.push_back(fmt::format("images_per_prompt={}", arguments.images));
  if (arguments.seed) wanted.sets.push_back(fmt::format("seed={}", *arguments.seed));
  const Catalogue known = with_external(catalogue);
  const auto resolved = [&] { return external_experiment(wanted, known).runs.at(0).evaluations.at(0); };
  if (!arguments.protocol.empty()) return resolved();
  wanted.images_per_prompt = usual_images_per_prompt(make_benchmark_without_providers(resolved(), catalogue));
  return resolved();
}

std::string hash_of(const std::vector<EvaluationItem>& items) {
  std::string text;
  for (const auto& item : items) text += item.id + "\n" + item.prompt + "\n" + item.metadata + "\n";
  return hash_text(text);
}

std::string identity_of(const RunConfig& run, const std::string& drawing, const EvaluationConfig& config,
                        const Benchmark& benchmark) {
  const nlohmann::ordered_json identity = {{"run", run.name},
                                           {"drawn_from", drawing},
                                           {"evaluator", config.evaluator.id},
                                           {"evaluator_options", canonical_text(config.evaluator.options)},
                                           {"prompts", "sha256:" + hash_of(benchmark.items)},
                                           {"images_per_prompt", benchmark.images_per_prompt},
                                           {"seed", config.seed}};
  return identity.dump(2) + "\n";
}

// Pictures of one folder come from one set of weights and settings.
void claim_folder(const fs::path& folder, const std::string& identity) {
  make_folders(folder);
  const auto file = folder.string() + ".json";
  if (!fs::exists(file)) return write_text_file(file, identity);
  UMM_CHECK_INPUT(read_file(file) == identity, file, ": does not say of the pictures of ", folder.string(),
                  " what it would say of these: they were made with other weights, prompts, settings "
                  "or plugins, or it is a file of yours; choose another folder, or remove both");
}

int generate(const GenerateArguments& arguments, const std::vector<std::string>& places) {
  const auto [catalogue, experiment] = read_spec(*arguments.spec, places);
  const RunConfig& run = chosen_run(experiment, arguments.run);
  check_awaits_nothing(run, experiment);
  const EvaluationConfig config = evaluation_of(arguments, catalogue);
  const EvaluationSubject subject = subject_of(run, experiment, config);
  const auto weights = weights_of(run, experiment, subject);
  const Benchmark benchmark = make_benchmark_without_providers(config, catalogue);
  check_can_be_drawn(benchmark);
  const auto& items = benchmark.items;
  const int64_t each = benchmark.images_per_prompt;
  const auto& schema = catalogue.at(PluginKind::architecture, run.architecture.id).entry.sampling;
  const GenerationSettings settings{run.architecture.id, sampling_of(arguments.sampling, schema),
                                    config.seed};
  // However it is written, without a slash at its end.
  const fs::path folder = (fs::absolute(arguments.folder).lexically_normal() / "").parent_path();
  claim_folder(folder,
               identity_of(run, drawing_text(run, settings.sampling, subject, catalogue), config, benchmark));

  std::vector<size_t> missing;
  for (size_t i = 0; i < items.size(); ++i)
    if (!has_official_files(benchmark, folder, items[i])) missing.push_back(i);
  if (missing.empty()) {
    fmt::print("{}: all {} prompts have their pictures\n", folder.string(), items.size());
    return 0;
  }
  install_stop_handlers();
  RunModel run_model(run, catalogue);
  Architecture& model = run_model.with_weights(weights ? &*weights : nullptr);
  model.set_training(false);
  auto& generator = require<ImageGenerator>(model);
  const auto at_once = static_cast<size_t>(std::max<int64_t>(1, arguments.batch / each));
  Progress progress(run.name + ": generate", static_cast<int64_t>(items.size()), "prompts");
  progress.resume_at(static_cast<int64_t>(items.size() - missing.size()));
  for (size_t first = 0; first < missing.size() && !stop_requested(); first += at_once) {
    const size_t count = std::min(at_once, missing.size() - first);
    std::vector<ImageSlot> slots;
    for (size_t i = 0; i < count; ++i)
      for (int64_t image = 0; image < each; ++image) slots.push_back({missing[first + i], image});
    const Tensor pictures = generate_pictures(generator, settings, items, slots);  // [count x each, 3, H, W]
    for (size_t i = 0; i < count; ++i)
      write_official_files(benchmark, folder, items[missing[first + i]],
                           pictures.narrow(0, static_cast<int64_t>(i) * each, each));
    progress.update(static_cast<int64_t>(items.size() - missing.size() + first + count));
  }
  if (stop_requested()) {
    fmt::print("stopped by request; the same command goes on where it stopped\n");
    return kStopped;
  }
  fmt::print("{}: pictures of {} prompts\n", folder.string(), items.size());
  return 0;
}

}  // namespace

void add_generate(Program& program) {
  CLI::App* command = program.app.add_subcommand(
      "generate", "Draws a benchmark's prompts into the folder layout of its own scorer");
  const auto arguments = std::make_shared<GenerateArguments>();
  arguments->spec = add_spec_arguments(*command);
  command->add_option("folder", arguments->folder, "Folder to write")->required();
  auto* protocol = command->add_option("--protocol", arguments->protocol,
                                       "Protocol whose prompts are drawn: geneval/official-4x");
  command->add_option("--layout", arguments->layout, "Or the benchmark whose prompts and layout they are")
      ->capture_default_str()
      ->excludes(protocol);
  command->add_option("--prompts", arguments->prompts, "File or set of prompts, where no protocol says it")
      ->excludes(protocol);
  command
      ->add_option("--option", arguments->sets,
                   "A setting of the evaluation: --option layout=single, --option questions=FILE")
      ->allow_extra_args(false);
  command->add_option("--run", arguments->run, "Name of the run whose weights draw, as `plan` prints it");
  command
      ->add_option("--sampling", arguments->sampling,
                   "name=value for the sampler, e.g. --sampling steps=50 --sampling guidance_scale=5")
      ->allow_extra_args(false);
  command
      ->add_option(
          "--images", arguments->images,
          "Pictures of each prompt (default: as the protocol says; else 4, or 1 where the layout has "
          "a place for one)")
      ->check(CLI::PositiveNumber);
  command->add_option("--batch", arguments->batch, "Pictures drawn at once")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->add_option("--seed", arguments->seed, "Of the draws (default: as the protocol says, else 0)");
  command->callback([program, arguments] {
    program.chosen = [program, arguments] { return generate(*arguments, program.plugin_places); };
  });
}

}  // namespace umm::cli
