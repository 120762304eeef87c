// ummbench protocol show NAME | diff A B | verify NAME DATABASE
#include <fmt/format.h>

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "cli/catalogue.h"
#include "cli/commands.h"
#include "cli/database.h"
#include "evaluate/benchmark.h"
#include "results/evaluated_rows.h"
#include "results/protocol_difference.h"
#include "results/store.h"
#include "score/external_run.h"

namespace umm::cli {
namespace {

constexpr double kRounding = 1e-9;  // of tolerances that are decimal fractions

struct ResolvedProtocol {
  std::string benchmark, hash;
  std::string text;  // JSON, defaults included
  std::vector<ProtocolAnchor> anchors;
  std::vector<std::string> awaits;
};

Catalogue catalogue_for(const std::vector<std::string>& places) {
  return with_external(load_catalogue(places));
}

// What may make the hash another one once it is here.
void print_awaited(const std::vector<std::string>& awaits) {
  for (const auto& what : awaits) fmt::print("  not here: {}\n", what);
}

ResolvedProtocol resolve(const std::string& name, const Catalogue& catalogue) {
  UMM_CHECK_INPUT(name.find('/') != std::string::npos, "\"", name,
                  "\": expected a protocol as specs name it, for example geneval/tiny-4x");
  ExternalRun external;
  external.benchmark = name;
  external.only_evidence = external.only_protocol = true;
  external.sweep = external.label = "protocol";
  const Experiment experiment = external_experiment(external, catalogue);
  const RunConfig& run = experiment.runs.at(0);
  const EvaluationConfig& config = run.evaluations.at(0);
  return {config.evaluator.id, config.protocol_hash, protocol_text(config), config.anchors, run.awaits};
}

int show(const std::string& name, bool json, const std::vector<std::string>& places) {
  const auto protocol = resolve(name, catalogue_for(places));
  const auto settings = nlohmann::ordered_json::parse(protocol.text);
  if (json) {
    fmt::print(
        "{}\n",
        nlohmann::ordered_json{
            {"protocol", name}, {"hash", protocol.hash}, {"awaits", protocol.awaits}, {"settings", settings}}
            .dump(2));
    return 0;
  }
  fmt::print("{}   hash {}\n", name, protocol.hash);
  for (const auto& [key, value] : settings.items()) {
    if (!value.is_object()) {
      fmt::print("  {} = {}\n", key, value.dump());
      continue;
    }
    for (const auto& [option, set] : value.items()) fmt::print("  {}.{} = {}\n", key, option, set.dump());
  }
  print_awaited(protocol.awaits);
  if (!protocol.awaits.empty()) fmt::print("the hash is another one once they are\n");
  return 0;
}

int print_difference(const std::string& a, const std::string& b) {
  const auto differences = results::differing_settings(a, b);
  for (const auto& difference : differences)
    fmt::print("  {}: {} | {}\n", difference.setting, difference.a, difference.b);
  return static_cast<int>(differences.size());
}

int diff(const std::string& a, const std::string& b, const std::vector<std::string>& places) {
  const Catalogue catalogue = catalogue_for(places);
  const auto first = resolve(a, catalogue), second = resolve(b, catalogue);
  if (first.hash == second.hash) {
    fmt::print("{} and {} are one protocol: {}\n", a, b, first.hash);
    return 0;
  }
  fmt::print("{} | {}\n", a, b);
  if (print_difference(first.text, second.text) == 0)
    fmt::print("  their settings are equal; contents of files that they name are not\n");
  print_awaited(first.awaits);
  if (second.awaits != first.awaits) print_awaited(second.awaits);
  return 1;
}

// The mean over a row's runs of the headline, which evaluators put last.
double headline_of(const results::Store& store, const results::EvaluatedRow& row) {
  double sum = 0;
  for (const auto& run : row.runs) sum += store.scores(run.evaluation_identity).back().value;
  return sum / static_cast<double>(row.runs.size());
}

// Compares the rows that repeat a published score with it; false where one is further off than a repeat may
// be.
bool print_anchors(const results::Store& store, const ResolvedProtocol& protocol) {
  bool all_inside = true;
  for (const auto& anchor : protocol.anchors) {
    const std::string published = fmt::format("{:g} +- {:g}", anchor.score, anchor.tolerance);
    bool measured = false;
    for (const auto& sweep : store.sweeps())
      for (const auto& group : results::group_evaluations(store, sweep))
        for (const auto& row : group.rows) {
          if (group.protocol_hash != protocol.hash || row.sweep_label != anchor.label) continue;
          const double here = headline_of(store, row);
          const bool inside = std::abs(here - anchor.score) <= anchor.tolerance + kRounding;
          fmt::print("{}: published {}, in sweep {} {:.4f}: {}\n", row.label, published, sweep, here,
                     inside ? "inside" : "OUTSIDE");
          measured = true;
          all_inside = all_inside && inside;
        }
    if (!measured)
      fmt::print("{}: published {}, no row of that label with all pictures\n", anchor.label, published);
  }
  return all_inside;
}

int verify(const std::string& name, const std::string& place, const std::vector<std::string>& places) {
  const auto protocol = resolve(name, catalogue_for(places));
  const std::string database = database_of(place);
  int64_t same = 0;
  bool as_published = true;
  std::map<std::string, std::pair<std::string, int64_t>> others;  // hash -> text, evaluations
  as_input([&] {
    const auto store = results::Store::open_read_only(database);
    for (const auto& evaluation : store.evaluations()) {
      const auto stored = nlohmann::json::parse(evaluation.protocol_text, nullptr, false);
      if (!stored.is_object() || stored.value("evaluator", "") != protocol.benchmark) continue;
      if (evaluation.protocol_hash == protocol.hash) {
        ++same;
        continue;
      }
      auto& [text, count] = others[evaluation.protocol_hash];
      text = evaluation.protocol_text;
      ++count;
    }
    fmt::print("{}: {} evaluations were made under it\n", name, same);
    as_published = print_anchors(store, protocol);
  });
  for (const auto& [hash, other] : others) {
    fmt::print("{} evaluations of {} were made under {}; there | here\n", other.second, protocol.benchmark,
               hash.substr(0, 12));
    if (print_difference(other.first, protocol.text) == 0)
      fmt::print("  settings are equal; contents of files that they name are not\n");
  }
  return same > 0 && others.empty() && as_published ? 0 : 1;
}

}  // namespace

void add_protocol(Program& program) {
  CLI::App* command =
      program.app.add_subcommand("protocol", "How scores are made: shows and compares protocols");
  command->require_subcommand(1);
  struct Arguments {
    std::string a, b;
    bool json = false;
  };
  auto arguments = std::make_shared<Arguments>();
  CLI::App* shown = command->add_subcommand("show", "Every setting, defaults included, and the hash");
  shown->add_option("name", arguments->a, "As in specs: geneval/tiny-4x")->required();
  shown->add_flag("--json", arguments->json, "As JSON");
  shown->callback([program, arguments] {
    program.chosen = [program, arguments] {
      return show(arguments->a, arguments->json, program.plugin_places);
    };
  });
  CLI::App* compared = command->add_subcommand("diff", "In what two differ; exit code 1 if they do");
  compared->add_option("a", arguments->a, "A protocol")->required();
  compared->add_option("b", arguments->b, "Another")->required();
  compared->callback([program, arguments] {
    program.chosen = [program, arguments] { return diff(arguments->a, arguments->b, program.plugin_places); };
  });
  CLI::App* verified = command->add_subcommand("verify",
                                               "Whether the scores of a database were made under it, and "
                                               "repeat what is published; exit code 1 if not, "
                                               "or if a row is further off than a repeat may be");
  verified->add_option("name", arguments->a, "The protocol")->required();
  verified->add_option("database", arguments->b, "results.sqlite, or the output folder that holds it")
      ->required();
  verified->callback([program, arguments] {
    program.chosen = [program, arguments] {
      return verify(arguments->a, arguments->b, program.plugin_places);
    };
  });
}

}  // namespace umm::cli
