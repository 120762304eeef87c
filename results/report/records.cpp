// Failures, costs, provenance.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "results/report/html.h"
#include "results/report/sections.h"

namespace umm::results {
namespace {

std::string number(double value) {
  return number_cell(value, number_text(value));
}

std::string count(int64_t value) {
  return fmt::format("<td class=\"n\" data-v=\"{0}\">{0}</td>", value);
}

std::string gigabytes(int64_t bytes) {
  return fmt::format("<td class=\"n\" data-v=\"{}\">{}</td>", bytes,
                     bytes == 0 ? "&ndash;" : number_text(static_cast<double>(bytes) / 1e9));
}

std::string joined(const std::vector<std::string>& texts) {
  return escaped_html(fmt::format("{}", fmt::join(texts, "; ")));
}

std::string unfinished(const SweepFacts& facts) {
  std::string rows;
  for (const RunFacts& run : facts.runs) {
    if (run.status == "complete") continue;
    rows +=
        fmt::format("<tr><th scope=\"row\">{}</th>{}{}<td class=\"error\">{}</td></tr>\n",
                    escaped_html(run.label), count(run.seed), text_cell(run.status), escaped_html(run.error));
  }
  if (rows.empty()) return "<p>Every run is complete.</p>\n";
  return "<h3>Runs that are not complete</h3>\n" +
         sortable_table("Runs that are not complete",
                        sorted_header("row", false) + sorted_header("seed") + sorted_header("state", false) +
                            "<th scope=\"col\">why</th>",
                        rows);
}

std::string lost_attempts(const SweepFacts& facts) {
  std::string rows;
  for (const LostAttempt& lost : facts.lost) {
    rows += fmt::format("<tr><th scope=\"row\">{}</th>{}{}{}{}{}{}<td class=\"error\">{}</td></tr>\n",
                        escaped_html(lost.label), count(lost.seed), text_cell(lost.stage),
                        text_cell(lost.status), number(lost.hours), text_cell(lost.host),
                        text_cell(lost.started_utc), escaped_html(lost.error));
  }
  if (rows.empty()) return "<p>No attempt was lost.</p>\n";
  return "<h3>Attempts that came to nothing</h3>\n" +
         sortable_table("Attempts that came to nothing",
                        sorted_header("row", false) + sorted_header("seed") + sorted_header("stage", false) +
                            sorted_header("end", false) + sorted_header("lost device-h") +
                            sorted_header("host", false) + sorted_header("started", false) +
                            "<th scope=\"col\">why</th>",
                        rows);
}

// What not every sweep has: a column that is empty in all phases is not there.
struct RareCost {
  const char* name;
  std::optional<double> PhaseCost::*value;
  double unit;
  bool whole;
};
constexpr RareCost kRareCosts[] = {{"energy Wh", &PhaseCost::energy_joules, 3600, false},
                                   {"tokens", &PhaseCost::tokens, 1, true},
                                   {"model TFLOP", &PhaseCost::model_flops, 1e12, false},
                                   {"judge calls", &PhaseCost::judge_calls, 1, true},
                                   {"judge tokens in", &PhaseCost::judge_tokens_in, 1, true},
                                   {"judge tokens out", &PhaseCost::judge_tokens_out, 1, true}};

std::vector<RareCost> rare_costs(const std::vector<PhaseCost>& costs) {
  std::vector<RareCost> there;
  for (const RareCost& rare : kRareCosts)
    if (std::any_of(costs.begin(), costs.end(),
                    [&](const PhaseCost& cost) { return (cost.*rare.value).has_value(); }))
      there.push_back(rare);
  return there;
}

std::string rare_cell(const std::optional<double>& value, const RareCost& rare) {
  if (!value) return number_cell(-1, "&ndash;");
  return number_cell(*value, rare.whole ? fmt::format("{:.0f}", *value) : number_text(*value / rare.unit));
}

std::string phase_costs(const std::vector<PhaseCost>& costs) {
  const std::vector<RareCost> rare = rare_costs(costs);
  std::string rows;
  std::string head = sorted_header("kind", false) + sorted_header("phase", false) +
                     sorted_header("device", false) + sorted_header("device-h") + sorted_header("images") +
                     sorted_header("peak host GB") + sorted_header("peak device GB");
  for (const RareCost& one : rare) head += sorted_header(one.name);
  for (const PhaseCost& cost : costs) {
    rows += "<tr>" + text_cell(cost.kind) + text_cell(cost.phase) + text_cell(cost.device) +
            number(cost.hours) + count(cost.images) + gigabytes(cost.peak_host_bytes) +
            gigabytes(cost.peak_device_bytes);
    for (const RareCost& one : rare) rows += rare_cell(cost.*one.value, one);
    rows += "</tr>\n";
  }
  return sortable_table("Costs by phase", head, rows);
}

}  // namespace

std::string failures_section(const SweepFacts& facts) {
  std::string out = "<section id=\"failures\"><h2>Failures</h2>\n" + unfinished(facts) + lost_attempts(facts);
  for (const std::string& problem : facts.problems)
    out += "<p class=\"error\">Journal: " + escaped_html(problem) + "</p>\n";
  return out + "</section>\n";
}

std::string costs_section(const SweepFacts& facts) {
  std::string runs;
  for (const RunFacts& run : facts.runs) {
    runs += fmt::format("<tr><th scope=\"row\">{}</th>{}{}{}{}{}{}{}</tr>\n", escaped_html(run.label),
                        count(run.seed), text_cell(run.status), count(run.updates), count(run.images_seen),
                        number(run.train_hours), number(run.eval_hours), number(run.wasted_hours));
  }
  std::string out = "<section id=\"costs\"><h2>Costs</h2>\n";
  out += "<p class=\"fine\">The sweep in all; work that several runs share is counted once.</p>\n";
  out += phase_costs(facts.costs);
  out += fmt::format(
      "<details{}><summary>By run ({})</summary><p class=\"fine\">Each with all stages of its "
      "chain, shared or not: do not add these up.</p>",
      facts.runs.size() <= 12 ? " open" : "", facts.runs.size());
  out += sortable_table("Costs by run",
                        sorted_header("row", false) + sorted_header("seed") + sorted_header("state", false) +
                            sorted_header("updates") + sorted_header("images seen") +
                            sorted_header("train device-h") + sorted_header("eval device-h") +
                            sorted_header("lost device-h"),
                        runs);
  return out + "</details></section>\n";
}

std::string provenance_section(const SweepFacts& facts, const std::string& program_version,
                               const std::string& start) {
  std::string out = "<section id=\"provenance\"><h2>Provenance</h2>\n";
  out += fmt::format("<p>This page was written by ummbench {}. Spec: <code>{}</code></p>\n",
                     escaped_html(program_version), escaped_html(facts.sweep.spec_path));
  out += folded_text("Spec", facts.sweep.spec_text) + start;
  for (const ProtocolFacts& protocol : facts.protocols) {
    out += fmt::format(
        "<h3>Protocol <code class=\"id\">{}</code></h3>\n<dl class=\"plain\"><dt>evaluator</dt>"
        "<dd>{} {}</dd><dt>detector</dt><dd>{}</dd></dl>\n",
        escaped_html(protocol.hash), escaped_html(protocol.benchmark), joined(protocol.evaluators),
        joined(protocol.detectors));
    out += folded_text("Protocol text", protocol.text);
    for (const std::string& sampling : protocol.samplings)
      if (!sampling.empty()) out += folded_text("Sampling", sampling);
  }
  out += fmt::format("<h3>Runs</h3>\n<details><summary>Identities and configurations ({})</summary>\n",
                     facts.runs.size());
  for (const RunFacts& run : facts.runs) {
    out +=
        folded_text(fmt::format("{}, seed {}: {}{} <code class=\"id\">{}</code> <small>planned by ummbench "
                                "{}</small>",
                                escaped_html(run.label), run.seed, escaped_html(run.architecture),
                                run.method.empty() ? "" : ", " + escaped_html(run.method),
                                escaped_html(run.identity), escaped_html(run.program_version)),
                    run.canonical_config);
  }
  out += fmt::format("</details>\n<details><summary>Stages ({})</summary>\n", facts.stages.size());
  for (const StageFacts& stage : facts.stages) {
    out += folded_text(fmt::format("{}: {} <code class=\"id\">{}</code>", escaped_html(stage.name),
                                   escaped_html(stage.method), escaped_html(stage.identity)),
                       stage.canonical_config);
  }
  return out + "</details></section>\n";
}

}  // namespace umm::results
