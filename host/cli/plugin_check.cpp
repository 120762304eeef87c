// ummbench plugin check LIBRARY [--set OPTION=VALUE]... [--prompts FILE] [--retry] [--json]
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

#include "cli/catalogue.h"
#include "cli/commands.h"
#include "cli/plugin_json.h"
#include "conformance/conformance.h"
#include "loader/installation.h"

namespace umm::cli {
namespace {

namespace fs = std::filesystem;
using conformance::Outcome;
using conformance::Verdict;

struct CheckArguments {
  std::string library;
  std::vector<std::string> sets;
  std::string prompts;
  bool retry_faults = false;
  bool as_json = false;
};

template <typename Number>
std::optional<OptionValue> number_in(const std::string& text) {
  Number number{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

OptionValue value_in(const OptionSpec& option, const std::string& text) {
  std::optional<OptionValue> value;
  switch (option.type) {
    case OptionType::boolean:
      if (text == "true" || text == "false") value = text == "true";
      break;
    case OptionType::integer:
      value = number_in<int64_t>(text);
      break;
    case OptionType::number:
      value = number_in<double>(text);
      break;
    case OptionType::text:
    case OptionType::path:
      value = text;
      break;
  }
  UMM_CHECK_INPUT(value, "--set ", option.name, ": expected ", to_text(option.type), ", found `", text, "`");
  return *value;
}

// An option may be that of any plugin in the library.
std::map<std::string, OptionValue> values_in(const std::vector<std::string>& sets,
                                             const std::vector<const LoadedPlugin*>& plugins) {
  std::map<std::string, OptionValue> values;
  for (const auto& set : sets) {
    const auto equals = set.find('=');
    UMM_CHECK_INPUT(equals != std::string::npos, "--set ", set, ": expected option=value");
    const std::string name = set.substr(0, equals);
    const OptionSpec* option = nullptr;
    for (const auto* plugin : plugins)
      if (option == nullptr) option = plugin->entry.options.find(name);
    UMM_CHECK_INPUT(option != nullptr, "--set ", set, ": the library has no option `", name,
                    "`; `ummbench plugin show` lists them");
    values[name] = value_in(*option, set.substr(equals + 1));
  }
  return values;
}

std::vector<const LoadedPlugin*> plugins_of(const fs::path& library, const Catalogue& catalogue) {
  for (const auto& refusal : catalogue.rejected())
    if (refusal.file == library) throw InputError(to_text(refusal));
  std::vector<const LoadedPlugin*> plugins;
  for (const auto& plugin : catalogue.entries())
    if (plugin.file == library) plugins.push_back(&plugin);
  UMM_CHECK_INPUT(!plugins.empty(), library.string(), ": the library registers nothing; its function for ",
                  "UMM_PLUGIN must call registry.add()");
  return plugins;
}

const char* to_text(Outcome outcome) {
  switch (outcome) {
    case Outcome::kept:
      return "ok";
    case Outcome::broken:
      return "BROKEN";
    case Outcome::not_applicable:
      return "-";
  }
  return "";
}

void print(const Verdict& verdict) {
  fmt::print("  {:<7} {:<13} {}\n", to_text(verdict.outcome), verdict.check.name, verdict.check.promise);
  if (!verdict.reason.empty()) fmt::print("  {:<7} {:<13} {}\n", "", "", verdict.reason);
  std::fflush(stdout);
}

int check(const CheckArguments& arguments, std::vector<std::string> places) {
  UMM_CHECK_INPUT(fs::is_regular_file(arguments.library), arguments.library,
                  ": expected a plugin library (<name>.umm.so), found ",
                  fs::exists(arguments.library) ? "a folder" : "nothing");
  places.insert(places.begin(), arguments.library);
  const Catalogue catalogue = load_catalogue(places, arguments.retry_faults);
  const auto plugins = plugins_of(arguments.library, catalogue);
  const auto values = values_in(arguments.sets, plugins);
  int num_kept = 0, num_broken = 0, num_other = 0;
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  if (!arguments.as_json)
    fmt::print("{} {}: identity, linkage and loading are in order\n", arguments.library, plugins[0]->version);
  for (const auto* plugin : plugins) {
    conformance::Subject subject(*plugin, catalogue, tiny_world_files(), values);
    if (!arguments.prompts.empty()) subject.set_prompts(arguments.prompts);
    if (!arguments.as_json) fmt::print("\n{}\n", subject.name());
    for (const auto& promise : conformance::checks_of(plugin->entry.kind)) {
      const Verdict verdict = verdict_of(promise, subject);
      num_kept += verdict.outcome == Outcome::kept;
      num_broken += verdict.outcome == Outcome::broken;
      num_other += verdict.outcome == Outcome::not_applicable;
      if (!arguments.as_json) {
        print(verdict);
        continue;
      }
      json.push_back({{"kind", umm::to_text(plugin->entry.kind)},
                      {"id", plugin->entry.id},
                      {"check", verdict.check.name},
                      {"promise", verdict.check.promise},
                      {"outcome", to_text(verdict.outcome)},
                      {"reason", verdict.reason}});
    }
  }
  if (arguments.as_json)
    fmt::print("{}\n", json.dump(2));
  else
    fmt::print("\n{} promises kept, {} broken, {} not applicable\n", num_kept, num_broken, num_other);
  return num_broken == 0 ? 0 : 1;
}

}  // namespace

void add_plugin_check(Program& program, CLI::App& plugin) {
  CLI::App* command = plugin.add_subcommand("check", "Tries on a small instance what every plugin promises");
  auto arguments = std::make_shared<CheckArguments>();
  command->add_option("library", arguments->library, "Plugin library, e.g. build/plugins/my_model.umm.so")
      ->required();
  command
      ->add_option("--set", arguments->sets, "option=value, where the defaults do not give a small instance")
      ->allow_extra_args(false);
  command->add_option("--prompts", arguments->prompts,
                      "JSON lines for an evaluator that reads none of the prompt sets here");
  command->add_flag("--retry", arguments->retry_faults, "Try it again although it crashed or hung before");
  command->add_flag("--json", arguments->as_json, "A list of verdicts");
  command->callback([program, arguments] {
    program.chosen = [program, arguments] { return check(*arguments, program.plugin_places); };
  });
}

}  // namespace umm::cli
