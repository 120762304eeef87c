#include "spec/expand.h"

#include <algorithm>
#include <map>

#include "spec/arms.h"
#include "spec/bind.h"
#include "spec/explain.h"

namespace umm::spec {
namespace {

// For each axis the choice of one run; nullptr where a reference does not vary along it.
using Point = std::vector<const Choice*>;

// Training does not touch a reference, so only these axes multiply it.
bool concerns_references(const Axis& axis) {
  return std::any_of(axis.keys.begin(), axis.keys.end(), [](const std::string& key) {
    return key.starts_with("architecture.") || key.starts_with("eval.");
  });
}

bool holds(const Arm& arm, const Point& point) {
  return std::all_of(arm.when.begin(), arm.when.end(), [&](const Arm::Condition& condition) {
    const Choice* chosen = point[condition.axis];
    return chosen != nullptr && std::any_of(condition.any_of.begin(), condition.any_of.end(),
                                            [&](const Value& value) { return chosen->is(value); });
  });
}

class Expansion {
 public:
  Expansion(Context& context, Outline& outline) : context_(context), outline_(outline) {}

  std::vector<RunConfig> run();

 private:
  bool within_limit();
  bool trains() const;
  void add_points(const Named* reference, size_t axis, Point& point, bool kept);
  void add_run(const Named* reference, const Point& point, bool kept);
  RunInput layers(const Named* reference, const Point& point, const std::vector<const Arm*>& arms) const;
  void set_names(RunConfig& run, const Named* reference, const Point& point) const;
  void check_names() const;

  Context& context_;
  Outline& outline_;
  std::vector<RunConfig> runs_;
};

bool Expansion::within_limit() {
  size_t product = 1;
  for (const Axis& axis : outline_.axes) {
    product *= axis.choices.size();
    if (product <= context_.max_runs) continue;
    context_.problems.add(
        {"S108",
         axis.at,
         "the product of the axes has more than " + std::to_string(context_.max_runs) + " runs",
         "",
         {"counted up to axis \"" + axis.name + "\""}});
    return false;
  }
  return true;
}

// A spec may hold references alone.
bool Expansion::trains() const {
  const bool names_method =
      std::any_of(outline_.store.begin(), outline_.store.end(), [](const Setting& setting) {
        return setting.key == "method.use" || setting.key.ends_with(".method.use");
      });
  return names_method || outline_.references.empty();
}

// `kept`: the point is a run, not only checked.
void Expansion::add_points(const Named* reference, size_t axis, Point& point, bool kept) {
  if (axis == outline_.axes.size()) return add_run(reference, point, kept);
  if (reference != nullptr && !concerns_references(outline_.axes[axis])) {
    point[axis] = nullptr;
    return add_points(reference, axis + 1, point, kept);
  }
  const Axis& swept = outline_.axes[axis];
  for (size_t i = 0; i < swept.choices.size(); ++i) {
    point[axis] = &swept.choices[i];
    add_points(reference, axis + 1, point, kept && i < swept.num_kept);
  }
}

RunInput Expansion::layers(const Named* reference, const Point& point,
                           const std::vector<const Arm*>& arms) const {
  Settings chosen;
  for (const Choice* choice : point)
    if (choice != nullptr) chosen.insert(chosen.end(), choice->settings.begin(), choice->settings.end());
  const auto overlay = [&](Merged& settings, const Stage* stage) {
    settings.overlay(outline_.base);
    if (stage != nullptr) settings.overlay(stage->settings);
    const auto layer = [&](const Settings& values) {
      settings.overlay(values);
      if (stage != nullptr) settings.overlay_stage(values, stage->name);
    };
    layer(chosen);
    for (const Arm* arm : arms) layer(arm->settings);
    if (reference != nullptr) layer(outline_.replacements);
    layer(outline_.command_line);
    settings.mark_seen();
  };
  RunInput input{reference != nullptr, Merged(Merged::Scope::run, context_.known), {}};
  overlay(input.settings, nullptr);
  if (reference != nullptr) return input;
  for (const Stage& stage : outline_.stages) {
    input.stages.push_back({stage.name, Merged(Merged::Scope::stage, context_.known)});
    overlay(input.stages.back().settings, &stage);
  }
  return input;
}

void Expansion::set_names(RunConfig& run, const Named* reference, const Point& point) const {
  std::vector<std::string> rows;
  std::vector<std::string> replicates;
  if (reference != nullptr) rows.push_back(reference->name);
  for (size_t i = 0; i < point.size(); ++i) {
    if (point[i] == nullptr) continue;
    const Axis& axis = outline_.axes[i];
    const std::string& text = point[i]->label;
    run.axes[axis.name] = text;
    if (axis.replicate) run.replicate_axes.push_back(axis.name);
    axis.replicate ? replicates.push_back(axis.name + " " + text) : rows.push_back(text);
  }
  if (rows.empty()) {
    for (const StageConfig& stage : run.stages) rows.push_back(stage.name);
  }
  run.label = join(rows);
  rows.insert(rows.end(), replicates.begin(), replicates.end());
  run.name = join(rows);
}

void Expansion::add_run(const Named* reference, const Point& point, bool kept) {
  std::vector<const Arm*> arms;
  Arm* skipping = nullptr;
  for (Arm& arm : outline_.arms) {
    if (!holds(arm, point)) continue;
    if (!arm.skip) arms.push_back(&arm);
    if (arm.skip && skipping == nullptr) skipping = &arm;
  }
  RunInput input = layers(reference, point, arms);
  if (skipping != nullptr) {
    skipping->num_skipped += kept;
    // What only skipped runs read is no mistake, and nothing of them is.
    context_.problems.set_muted(true);
    bind_run(context_, outline_, input);
    context_.problems.set_muted(false);
    return;
  }
  RunConfig names;
  set_names(names, reference, point);
  check_arms_agree(context_, arms, names.name);
  auto run = bind_run(context_, outline_, input);
  if (!run || !kept) return;
  set_names(*run, reference, point);
  if (!context_.known.traced.empty()) explain_run(context_, input, *run);
  if (context_.known.all_traced) run->settings = number_settings(context_, input, *run);
  runs_.push_back(std::move(*run));
}

// A reference that is called like a row of the product would be averaged with it.
void Expansion::check_names() const {
  std::map<std::string, const RunConfig*> names;
  for (const RunConfig& run : runs_) {
    const auto [other, is_new] = names.emplace(run.name, &run);
    const bool clash =
        !is_new || (!run.reference && names.contains(run.label) && names[run.label]->reference);
    if (!clash) continue;
    const std::string name = is_new ? run.label : run.name;
    const auto reference = std::find_if(outline_.references.begin(), outline_.references.end(),
                                        [&](const Named& named) { return named.name == name; });
    const bool found = reference != outline_.references.end();
    const Position at =
        found ? reference->at : (outline_.axes.empty() ? Position{} : outline_.axes.front().at);
    context_.problems.add({"S106", at, "two rows are named \"" + name + "\"", "", {}});
  }
}

std::vector<RunConfig> Expansion::run() {
  if (!within_limit()) return {};
  Point point(outline_.axes.size(), nullptr);
  for (const Named& reference : outline_.references) add_points(&reference, 0, point, true);
  if (trains()) add_points(nullptr, 0, point, true);
  check_names();
  if (runs_.empty() && !context_.problems.any_error()) {
    std::vector<std::string> notes;
    for (const Arm& arm : outline_.arms)
      if (arm.skip) notes.push_back(context_.problems.place(arm.at) + ": " + arm.because);
    context_.problems.add({"S114", {}, "no run is left: arms skip all of them", "", notes});
  }
  return std::move(runs_);
}

}  // namespace

std::vector<RunConfig> expand(Context& context, Outline& outline) {
  return Expansion(context, outline).run();
}

void warn_of_equal_runs(Problems& problems, const Outline& outline, const std::vector<RunConfig>& runs) {
  std::map<std::string, const RunConfig*> seen;
  for (const RunConfig& run : runs) {
    const auto [other, is_new] = seen.emplace(run.identity, &run);
    if (is_new || outline.axes.empty()) continue;
    problems.add({"S202",
                  outline.axes.front().at,
                  "runs \"" + other->second->name + "\" and \"" + run.name +
                      "\" resolve to the same settings: they are one result under two names",
                  "",
                  {}});
    return;
  }
}

}  // namespace umm::spec
