#include "spec/sweep_tables.h"

#include <algorithm>
#include <filesystem>

#include "spec/options.h"

namespace umm::spec {
namespace {

namespace fs = std::filesystem;

class Tables {
 public:
  Tables(Context& context, const Outline& outline, Experiment& experiment)
      : context_(context), outline_(outline), experiment_(experiment) {}

  void read();

 private:
  void read_sweep(Merged& settings, Experiment& experiment);
  void read_budget(Merged& settings);
  void read_launch(Merged& settings);
  void read_report(Merged& settings);
  void read_tests(Merged& settings);
  void read_baseline(Merged& settings);

  Context& context_;
  const Outline& outline_;
  Experiment& experiment_;
};

// The names of a sweep and its folder are the file's own: what it extends is another sweep.
void Tables::read_sweep(Merged& settings, Experiment& experiment) {
  const std::string stem = fs::path(experiment_.spec_path).stem().string();
  const OptionSchema schema = OptionSchema()
                                  .text("name", stem, "of the sweep in results")
                                  .text("description", "", "one sentence")
                                  .text("output", "runs/" + stem, "folder of runs and results.sqlite");
  const Options values = bind_options(context_, settings, "sweep", schema).options;
  experiment.name = values.text("name");
  experiment.description = values.text("description");
  experiment.output = values.text("output");
  experiment.tags = bind_text_list(context_, settings, "sweep.tags");
}

void Tables::read_budget(Merged& settings) {
  static const OptionSchema schema =
      OptionSchema()
          .number("gpu_hours", 0, {0, 1e9}, "device-hours of the whole sweep; 0: no limit")
          .choice("on_limit", "stop-launching", {"stop-launching"}, "what is under way is finished");
  const Options values = bind_options(context_, settings, "budget", schema).options;
  experiment_.budget.gpu_hours = values.number("gpu_hours");
  experiment_.budget.on_limit = values.text("on_limit");
  if (const Setting* limit = settings.find("budget.gpu_hours"))
    experiment_.budget.place = context_.problems.place(limit->value.at);
}

void Tables::read_launch(Merged& settings) {
  static const OptionSchema schema =
      OptionSchema()
          .text("engine", "local", "what starts processes")
          .integer("parallel", 0, {0, 1024}, "processes at once; 0: one for each GPU, one on a CPU");
  const Options values = bind_options(context_, settings, "launch", schema).options;
  experiment_.launch.engine = values.text("engine");
  experiment_.launch.parallel = values.integer("parallel");
  const std::string& engine = experiment_.launch.engine;
  if (engine == "local") return;
  const Position& at = settings.find("launch.engine")->value.at;
  if (engine != "slurm") return report_choice(context_, at, "launch.engine", engine, {"local"});
  context_.problems.add(
      {"S125", at, "`launch.engine` = \"slurm\" is not built yet", "", {"there is: local"}});
}

// A table whose keys are axes: their names may hold dots, so it is read from the flat settings.
void Tables::read_baseline(Merged& settings) {
  const std::string prefix = "report.baseline.";
  std::vector<std::string> names;
  for (const Axis& axis : outline_.axes) names.push_back(axis.name);
  for (const Settings* layer : {&outline_.sweep_tables, &outline_.command_line}) {
    for (const Setting* setting : *layer) {
      if (!setting->key.starts_with(prefix)) continue;
      const std::string name = setting->key.substr(prefix.size());
      const Setting* in_force = settings.find(setting->key);
      const auto axis = std::find_if(outline_.axes.begin(), outline_.axes.end(),
                                     [&](const Axis& other) { return other.name == name; });
      if (axis == outline_.axes.end()) {
        context_.problems.add({"S109",
                               setting->segments[std::min<size_t>(2, setting->segments.size() - 1)],
                               "`report.baseline` names no axis of this spec: \"" + name + "\"",
                               did_you_mean(name, names),
                               {names.empty() ? "there is no axis" : "axes here: " + join(names)}});
      } else if (axis->replicate) {
        context_.problems.add({"S109",
                               setting->segments.back(),
                               "`report.baseline` names \"" + name + "\", which is averaged over",
                               "",
                               {"a baseline is a row of the table: name an axis that is no replicate"}});
      } else if (const Choice* choice = axis->find(in_force->value)) {
        experiment_.report.baseline[name] = choice->label;
      } else {
        const std::string text = plain_text(in_force->value);
        context_.problems.add({"S109",
                               in_force->value.at,
                               "axis \"" + name + "\" has no value " + text + " for `report.baseline`",
                               did_you_mean(text, axis->labels()),
                               {"its values: " + join(axis->labels())}});
      }
    }
  }
}

// There is one test, which is made in any case: naming another would promise what no report holds.
void Tables::read_tests(Merged& settings) {
  constexpr const char* kSignFlips = "paired-permutation";
  const std::string key = "report.tests";
  experiment_.report.tests = bind_text_list(context_, settings, key);
  const Setting* tests = settings.find(key);
  const auto* list = tests == nullptr ? nullptr : tests->value.get<Value::List>();
  if (list == nullptr) return;
  for (const Value& test : *list) {
    const auto* name = test.get<std::string>();
    if (name == nullptr || *name == kSignFlips) continue;
    report_choice(context_, test.at, key, *name, {kSignFlips},
                  "signs are flipped over prompts; no other test is built");
  }
}

void Tables::read_report(Merged& settings) {
  static const OptionSchema schema = OptionSchema().choice(
      "correct", "holm", {"holm", "none"}, "correction of p-values for the number of comparisons");
  experiment_.report.correct = bind_options(context_, settings, "report", schema).options.text("correct");
  read_tests(settings);
  const Setting* tables = settings.find("report.tables");
  for (const std::string& table : bind_text_list(context_, settings, "report.tables")) {
    const fs::path path = (context_.folder_of(tables) / table).lexically_normal();
    std::error_code error;
    if (context_.elsewhere == nullptr && !fs::is_regular_file(path, error))
      report_absent_file(context_, tables->value.at, "file", path.string());
    experiment_.report.tables.push_back(path.string());
  }
  read_baseline(settings);
}

void Tables::read() {
  for (size_t i = 0; i + 1 < outline_.sweep.size(); ++i) {
    Merged inherited(Merged::Scope::run, context_.known);
    inherited.overlay(outline_.sweep[i]);
    inherited.mark_seen();
    Experiment checked_only;
    read_sweep(inherited, checked_only);
  }
  Merged settings(Merged::Scope::run, context_.known);
  if (!outline_.sweep.empty()) settings.overlay(outline_.sweep.back());
  settings.overlay(outline_.sweep_tables);
  settings.overlay(outline_.command_line);
  settings.mark_seen();
  read_sweep(settings, experiment_);
  read_budget(settings);
  read_launch(settings);
  read_report(settings);
  if (settings.trace().read) context_.explained[""] = {explained(context_, settings, "")};
}

}  // namespace

void read_sweep_tables(Context& context, const Outline& outline, Experiment& experiment) {
  Tables(context, outline, experiment).read();
}

}  // namespace umm::spec
