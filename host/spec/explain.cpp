#include "spec/explain.h"

#include <optional>

#include "spec/bind.h"

namespace umm::spec {
namespace {

std::string layer_name(const Setting& setting) {
  const std::string table = setting.header.empty() ? split_key(setting.key).front() : setting.header;
  switch (setting.layer) {
    case Layer::inherited:
      return "extends [" + table + "]";
    case Layer::base:
      return "[" + table + "]";
    case Layer::stage:
      return "[[stage]]";
    case Layer::axis:
      return setting.header;
    case Layer::arm:
      return "[[arm]]";
    case Layer::command_line:
      return "--set";
    case Layer::protocol:
      return "protocol";
  }
  return "?";
}

// nullopt: set nowhere, and there is no default.
std::optional<SettingOrigin> in_force(const Context& context, const std::string& key, const Trace& trace) {
  if (!trace.settings.empty()) {
    const Setting& setting = *trace.settings.back();
    std::string origin = layer_name(setting);
    if (setting.layer != Layer::command_line) origin += " " + context.problems.place(setting.value.at);
    return SettingOrigin{key, plain_text(setting.value), origin};
  }
  if (trace.default_value.empty() && trace.declared_by.empty()) return std::nullopt;
  const std::string owner = trace.declared_by.empty() ? "" : " of " + trace.declared_by;
  return SettingOrigin{key, trace.default_value, "default" + owner};
}

}  // namespace

ExplainedKey explained(const Context& context, const Merged& settings, const std::string& stage) {
  const Trace& trace = settings.trace();
  ExplainedKey key{stage, trace.read, {}};
  if (!trace.default_value.empty() || !trace.declared_by.empty())
    key.values.push_back({"default", trace.declared_by, trace.default_value});
  for (const Setting* setting : trace.settings) {
    key.values.push_back(
        {layer_name(*setting), context.problems.place(setting->value.at), plain_text(setting->value)});
  }
  return key;
}

void explain_run(Context& context, const RunInput& input, const RunConfig& run) {
  std::vector<ExplainedKey>& keys = context.explained[run.name];
  const auto add = [&](const Merged& settings, const std::string& stage) {
    if (settings.trace().read || !settings.trace().settings.empty())
      keys.push_back(explained(context, settings, stage));
  };
  add(input.settings, "");
  for (size_t i = 0; i < input.stages.size(); ++i) add(input.stages[i].settings, run.stages[i].name);
}

std::vector<int64_t> number_settings(Context& context, const RunInput& input, const RunConfig& run) {
  std::vector<int64_t> numbers;
  const auto add = [&](const Merged& settings, const std::string& prefix) {
    for (const auto& [key, trace] : settings.traces()) {
      if (!trace.read) continue;
      const auto setting = in_force(context, prefix + key, trace);
      if (!setting) continue;
      const auto number = static_cast<int64_t>(context.settings.size());
      numbers.push_back(context.settings.emplace(*setting, number).first->second);
    }
  };
  add(input.settings, "");
  for (size_t i = 0; i < input.stages.size(); ++i)
    add(input.stages[i].settings, "stage." + run.stages[i].name + ".");
  return numbers;
}

}  // namespace umm::spec
