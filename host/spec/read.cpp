#include "spec/read.h"

#include <algorithm>
#include <filesystem>

#include "loader/catalogue.h"
#include "spec/awaits.h"
#include "spec/command_line.h"
#include "spec/expand.h"
#include "spec/outline.h"
#include "spec/plugin_table.h"
#include "spec/sweep_tables.h"

namespace umm {
namespace {

using spec::Context;
using spec::Entry;
using spec::ExplainedKey;
using spec::Outline;
using spec::Problems;
using spec::SpecFiles;

std::string render_all(const Problems& problems) {
  std::string text;
  for (const auto& problem : problems.sorted())
    text += (text.empty() ? "" : "\n\n") + render(problem, problems.sources());
  return text;
}

void report_missing_schema(const Outline& outline, Problems& problems) {
  for (const int source : outline.no_schema) {
    if (problems.has("S130", source)) continue;  // perhaps it stands elsewhere
    problems.add({"S112", {source}, "`schema` is missing", "", {"write `schema = 1` in the first line"}});
  }
}

class Resolution {
 public:
  Resolution(const SpecFiles& files, const SpecChanges& changes, const Catalogue& catalogue)
      : files_(files),
        problems_(files.problems),
        context_{catalogue, problems_, changes.max_runs, changes.without_providers, changes.elsewhere} {
    context_.prompts_hash = changes.prompts_hash;
    for (const auto& file : files.files) context_.folders.push_back(file.folder);
    for (const auto& set : changes.sets) read_argument("--set", set, spec::parse_assignment, sets_);
    for (const auto& only : changes.only) read_argument("--only", only, spec::parse_pattern, only_);
    experiment_.spec_path = files.files.front().name;
    experiment_.spec_text = whole_text(files);
    experiment_.overrides = changes.sets;
    context_.known.all_traced = changes.origins;
  }

  Experiment run();
  ReportConfig report();

  Context& context() { return context_; }

 private:
  template <typename Parse>
  void read_argument(const char* name, const std::string& text, Parse parse, std::vector<Entry>& entries) {
    if (auto entry = parse(text, problems_.add_source(name, text), problems_))
      entries.push_back(std::move(*entry));
  }

  void stop_on_error() const {
    if (problems_.any_error()) throw SpecError(problems_);
  }

  void summarize(const Outline& outline);

  const SpecFiles& files_;
  Problems problems_;
  Context context_;
  std::vector<Entry> sets_, only_;
  Experiment experiment_;
};

void Resolution::summarize(const Outline& outline) {
  for (const auto& axis : outline.axes)
    experiment_.axes.push_back({axis.name, static_cast<int64_t>(axis.num_kept), axis.replicate});
  for (const auto& arm : outline.arms) {
    if (arm.num_skipped > 0)
      experiment_.skipped.push_back({problems_.place(arm.at), arm.when_text, arm.because, arm.num_skipped});
  }
}

Experiment Resolution::run() {
  if (files_.problems.any_error()) stop_on_error();
  Outline outline = read_outline(context_, files_.files, sets_);
  read_awaits(context_, files_.files);
  check_plugins(context_, files_.files);
  read_sweep_tables(context_, outline, experiment_);
  experiment_.runs = expand(context_, outline);
  report_unknown(outline.store, context_.known, problems_);
  report_unknown(context_.protocols.store, context_.known, problems_);
  for (const auto* store : {&outline.store, &context_.protocols.store}) note_awaited_names(context_, *store);
  check_awaits(context_);
  report_missing_schema(outline, problems_);
  stop_on_error();
  warn_of_equal_runs(problems_, outline, experiment_.runs);
  experiment_.left_out = keep_only(problems_, outline, only_, experiment_.runs);
  stop_on_error();
  summarize(outline);
  experiment_.settings.resize(context_.settings.size());
  for (const auto& [setting, number] : context_.settings)
    experiment_.settings[static_cast<size_t>(number)] = setting;
  for (const auto& [path, file] : context_.protocols.files)
    experiment_.spec_text += spec::under_its_name(path, file.text);
  for (const auto& warning : problems_.sorted())
    experiment_.warnings.push_back(render(warning, problems_.sources()));
  return std::move(experiment_);
}

ReportConfig Resolution::report() {
  const Outline outline = read_outline(context_, files_.files, sets_);
  read_sweep_tables(context_, outline, experiment_);
  return std::move(experiment_.report);
}

}  // namespace

SpecError::SpecError(const Problems& problems)
    : InputError(render_all(problems)), problems_(problems.sorted()), sources_(problems.sources()) {}

Experiment read_experiment(const SpecFiles& files, const SpecChanges& changes, const Catalogue& catalogue) {
  return Resolution(files, changes, catalogue).run();
}

Experiment read_experiment(const std::string& path, const std::vector<std::string>& sets,
                           const Catalogue& catalogue) {
  return read_experiment(spec::read_files(path), {.sets = sets}, catalogue);
}

ReportConfig read_report(const SpecFiles& files, const std::vector<std::string>& sets) {
  const Catalogue nobody = Catalogue::of({});
  const spec::Elsewhere nowhere;
  return Resolution(files, {.sets = sets, .elsewhere = &nowhere}, nobody).report();
}

std::vector<spec::ExplainedRun> explain(const SpecFiles& files, const SpecChanges& changes,
                                        const Catalogue& catalogue, const std::string& key) {
  const std::vector<std::string> parts = spec::split_key(key);
  const bool of_stage = parts.size() > 2 && parts[0] == "stage";
  Resolution resolution(files, changes, catalogue);
  auto& context = resolution.context();
  context.known.traced = of_stage ? spec::join({parts.begin() + 2, parts.end()}, ".") : key;
  const Experiment experiment = resolution.run();
  const std::string& traced = context.known.traced;
  if (!context.known.has(traced)) {
    const std::string table = context.known.has_table(traced)
                                  ? "it is a table; its keys: " + spec::join(context.known.in_table(traced))
                                  : suggest_key(traced, context.known);
    throw InputError("no run of " + experiment.spec_path + " has the key `" + key + "`" +
                     (table.empty() ? "" : ": " + table));
  }
  std::vector<spec::ExplainedRun> runs;
  std::vector<std::string> stages;
  for (const auto& run : experiment.runs) {
    std::vector<ExplainedKey> keys = context.explained[run.name];
    if (keys.empty()) keys = context.explained[""];
    for (const auto& stage : run.stages) stages.push_back(stage.name);
    if (of_stage) std::erase_if(keys, [&](const ExplainedKey& found) { return found.stage != parts[1]; });
    runs.push_back({run.name, run.identity, std::move(keys)});
  }
  UMM_CHECK_INPUT(!of_stage || std::count(stages.begin(), stages.end(), parts[1]) > 0, experiment.spec_path,
                  ": no run has a stage \"", parts[1], "\"; ", spec::did_you_mean(parts[1], stages));
  return runs;
}

}  // namespace umm
