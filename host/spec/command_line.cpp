#include "spec/command_line.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "spec/axes.h"

namespace umm::spec {
namespace {

bool same_settings(const Choice& a, const Choice& b) {
  return std::equal(
      a.settings.begin(), a.settings.end(), b.settings.begin(),
      [](const Setting* one, const Setting* other) { return same_value(one->value, other->value); });
}

// The file's choices stay behind the new ones: they are still checked, and what they alone use is no mistake.
void replace_choices(Axis& axis, std::vector<Choice> choices) {
  const size_t num_kept = choices.size();
  for (Choice& earlier : axis.choices) {
    const bool of_file = std::all_of(earlier.settings.begin(), earlier.settings.end(),
                                     [](const Setting* setting) { return setting->layer == Layer::axis; });
    const bool replaced = std::any_of(choices.begin(), choices.begin() + static_cast<ptrdiff_t>(num_kept),
                                      [&](const Choice& other) { return same_settings(other, earlier); });
    if (of_file && !replaced) choices.push_back(std::move(earlier));
  }
  axis.choices = std::move(choices);
  axis.num_kept = num_kept;
}

bool is_list(const Value& value) {
  return value.get<Value::List>() != nullptr;
}

void replace_values(Context& context, Outline& outline, Axis& axis, Setting& setting) {
  const auto* list = setting.value.get<Value::List>();
  const bool many = list != nullptr && !is_list(axis.choices.front().settings.front()->value);
  if (!many) outline.replacements.push_back(&setting);
  std::vector<Choice> choices;
  for (const Value& value : many ? *list : Value::List{setting.value}) {
    outline.store.push_back(setting);
    outline.store.back().value = value;
    Choice choice{plain_text(value), false, {&outline.store.back()}};
    const Choice* known = axis.find(value);
    if (known != nullptr && same_value(known->settings.front()->value, value)) {
      choice.label = known->label;
      choice.named = known->named;
    }
    choices.push_back(std::move(choice));
  }
  if (choices.empty()) {
    context.problems.add(
        {"S105", setting.value.at, "axis \"" + axis.name + "\" would have no values", "", {}});
    return;
  }
  replace_choices(axis, std::move(choices));
}

void replace_column(Context& context, Outline& outline, Axis& axis, Setting& setting) {
  const auto column =
      static_cast<size_t>(std::find(axis.keys.begin(), axis.keys.end(), setting.key) - axis.keys.begin());
  if (is_list(setting.value) && !is_list(axis.choices.front().settings[column]->value)) {
    context.problems.add({"S161",
                          setting.value.at,
                          "`" + setting.key + "` is coupled with other keys in axis \"" + axis.name +
                              "\": a list cannot take its place",
                          "",
                          {"one value is set in every row; --only '" + axis.name + "=...' chooses rows"}});
    return;
  }
  outline.replacements.push_back(&setting);
  std::vector<Choice> choices;
  for (size_t i = 0; i < axis.num_kept; ++i) {
    Choice choice = axis.choices[i];
    choice.settings[column] = &setting;
    const bool known = std::any_of(choices.begin(), choices.end(),
                                   [&](const Choice& other) { return same_settings(other, choice); });
    if (!known) choices.push_back(std::move(choice));
  }
  if (!axis.labelled) name_choices(choices, true);
  replace_choices(axis, std::move(choices));
}

std::optional<double> number_of(const std::string& text) {
  double number = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  return parsed.ec == std::errc() && parsed.ptr == end ? std::optional(number) : std::nullopt;
}

bool matches(std::string_view pattern, std::string_view text) {
  constexpr size_t kNone = std::string_view::npos;
  size_t p = 0, star = kNone, resumed = 0;
  for (size_t i = 0; i < text.size();) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resumed = i;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[i])) {
      ++p;
      ++i;
    } else if (star != kNone) {  // the last star takes one character more
      p = star + 1;
      i = ++resumed;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == kNone;
}

// What a pattern on `axis` is compared with: nullptr where the run has no such axis.
const std::string* subject(const RunConfig& run, const std::string& axis) {
  if (const auto found = run.axes.find(axis); found != run.axes.end()) return &found->second;
  return axis == "reference" && run.reference ? &run.name : nullptr;
}

}  // namespace

bool fits(const std::string& pattern, const std::string& text) {
  const auto a = number_of(pattern), b = number_of(text);
  return (a && b && *a == *b) || matches(pattern, text);
}

void read_command_line(Context& context, Outline& outline, const std::vector<Entry>& entries) {
  for (const Entry& entry : entries) {
    Settings settings;
    Flattening{outline.store, settings, context.problems, Layer::command_line, "--set"}.add(entry);
    for (Setting* setting : settings) {
      const auto axis = std::find_if(outline.axes.begin(), outline.axes.end(),
                                     [&](const Axis& candidate) { return candidate.sweeps(setting->key); });
      if (axis == outline.axes.end()) {
        outline.command_line.push_back(setting);
      } else if (axis->coupled) {
        replace_column(context, outline, *axis, *setting);
      } else {
        replace_values(context, outline, *axis, *setting);
      }
    }
  }
}

int64_t keep_only(Problems& problems, const Outline& outline, const std::vector<Entry>& patterns,
                  std::vector<RunConfig>& runs) {
  const size_t before = runs.size();
  std::vector<std::string> names;
  for (const Axis& axis : outline.axes) names.push_back(axis.name);
  if (!outline.references.empty()) names.emplace_back("reference");
  for (const Entry& pattern : patterns) {
    if (std::find(names.begin(), names.end(), pattern.key) == names.end()) {
      problems.add({"S171",
                    pattern.key_at,
                    "--only names an axis that does not exist: \"" + pattern.key + "\"",
                    did_you_mean(pattern.key, names),
                    {names.empty() ? "this spec has no axis" : "there are: " + join(names)}});
      continue;
    }
    std::vector<std::string> there;
    std::erase_if(runs, [&](const RunConfig& run) {
      const std::string* text = subject(run, pattern.key);
      if (text != nullptr && std::find(there.begin(), there.end(), *text) == there.end())
        there.push_back(*text);
      return text == nullptr || !fits(*pattern.value.get<std::string>(), *text);
    });
    if (!runs.empty() || problems.any_error()) continue;
    const std::string& text = *pattern.value.get<std::string>();
    problems.add({"S172",
                  pattern.value.at,
                  "no run of this spec" +
                      std::string(patterns.size() > 1 ? " that the other patterns leave" : "") + " has \"" +
                      text + "\" on the axis \"" + pattern.key + "\"",
                  did_you_mean(text, there),
                  {there.empty() ? "none is left to choose from" : "there are: " + join(there)}});
    break;
  }
  return static_cast<int64_t>(before - runs.size());
}

}  // namespace umm::spec
