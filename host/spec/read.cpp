#include "spec/read.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "spec/expand.h"
#include "spec/options.h"
#include "spec/outline.h"

namespace umm {
namespace {

using spec::Context;
using spec::Merged;
using spec::Outline;
using spec::Problems;
using spec::SourceText;

std::string read_text(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  UMM_CHECK_INPUT(stream && !std::filesystem::is_directory(path), path,
                  ": cannot be opened as an experiment spec");
  std::ostringstream text;
  text << stream.rdbuf();
  UMM_CHECK_INPUT(!stream.bad(), path, ": cannot be read to its end");
  return text.str();
}

std::string render_all(const std::vector<spec::Problem>& problems, const std::vector<SourceText>& sources) {
  std::string text;
  for (const auto& problem : problems) text += (text.empty() ? "" : "\n\n") + render(problem, sources);
  return text;
}

void read_sweep(Context& context, Outline& outline, Experiment& experiment) {
  const std::string stem = std::filesystem::path(experiment.spec_path).stem().string();
  const OptionSchema schema = OptionSchema()
                                  .text("name", stem, "of the sweep in results")
                                  .text("description", "", "one sentence")
                                  .text("output", "runs/" + stem, "folder of runs and results.sqlite");
  Merged settings(Merged::Scope::run, context.known);
  settings.overlay(outline.base);
  settings.overlay(outline.command_line);
  const Options values = bind_options(context, settings, "sweep", schema).options;
  experiment.name = values.text("name");
  experiment.description = values.text("description");
  experiment.output = values.text("output");
}

}  // namespace

SpecError::SpecError(std::vector<spec::Problem> problems, const std::vector<SourceText>& sources)
    : InputError(render_all(problems, sources)), problems_(std::move(problems)) {}

Experiment read_experiment(const std::string& path, const std::vector<std::string>& sets,
                           const Catalogue& catalogue) {
  Experiment experiment;
  experiment.spec_path = path;
  experiment.spec_text = read_text(path);
  experiment.overrides = sets;
  std::vector<SourceText> sources = {spec::source_text(path, experiment.spec_text)};
  for (const std::string& set : sets) sources.push_back(spec::source_text("--set", set));
  Problems problems;
  const auto stop_on_error = [&] {
    if (problems.any_error()) throw SpecError(problems.sorted(), sources);
  };

  std::vector<spec::Entry> command_line;
  for (size_t i = 0; i < sets.size(); ++i) {
    if (auto entry = spec::parse_assignment(sets[i], static_cast<int>(i + 1), problems)) {
      command_line.push_back(std::move(*entry));
    }
  }
  const auto root = spec::parse_toml(experiment.spec_text, 0, problems);
  if (!root) stop_on_error();

  Context context{catalogue, problems, std::filesystem::path(path).parent_path(), {}, {}, {}};
  Outline outline = spec::read_outline(context, *root, command_line);
  read_sweep(context, outline, experiment);
  experiment.runs = spec::expand(context, outline);
  spec::report_unknown(outline.store, context.known, problems);
  stop_on_error();
  spec::warn_of_equal_runs(problems, outline, experiment.runs);
  for (const auto& warning : problems.sorted()) experiment.warnings.push_back(render(warning, sources));
  return experiment;
}

}  // namespace umm
