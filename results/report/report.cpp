#include "results/report/report.h"

#include <fmt/format.h>

#include <fstream>

#include "results/database.h"
#include "results/evaluated_rows.h"
#include "results/report/assets.h"
#include "results/report/baseline.h"
#include "results/report/charts.h"
#include "results/report/html.h"
#include "results/report/prompts.h"
#include "results/report/sections.h"
#include "results/report/start.h"
#include "results/report/sweep_facts.h"
#include "results/table.h"

namespace umm::results {
namespace {

// Nothing but what this program wrote may run, and nothing may be asked for but pictures.
std::string policy(const ReportOptions& options) {
  const bool live = !options.status_address.empty();
  return fmt::format(
      "default-src 'none'; base-uri 'none'; form-action 'none'; script-src {} {}; style-src {}; "
      "img-src data: 'self'{}; connect-src {}",
      policy_hash(kPageScript), policy_hash(kPromptsScript), policy_hash(kPageStyle),
      live ? "" : " file:", live ? "'self'" : "'none'");
}

std::string navigation(bool has_curves) {
  std::string out = "<nav aria-label=\"Sections\"><a href=\"#scores\">Scores</a>";
  if (has_curves) out += "<a href=\"#training\">Training</a>";
  for (const auto& [id, name] : {std::pair("prompts", "Prompts"), std::pair("failures", "Failures"),
                                 std::pair("costs", "Costs"), std::pair("provenance", "Provenance")})
    out += fmt::format("<a href=\"#{}\">{}</a>", id, name);
  return out + "</nav>\n";
}

std::string head(const ReportOptions& options, const SweepFacts& facts) {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\"><meta name=\"referrer\" content=\"no-referrer\">\n"
      "<link rel=\"icon\" href=\"data:,\">\n<title>{}</title>\n<style>{}</style></head>\n",
      policy(options), escaped_html(facts.sweep.name), kPageStyle);
}

std::string training_section(const std::vector<RunCurve>& curves, const std::vector<std::string>& labels) {
  if (curves.empty()) return "";
  return "<section id=\"training\"><h2>Training</h2>\n"
         "<p class=\"fine\">One line for each run; the stages of a chain stand one behind the other.</p>\n" +
         curve_charts(curves, labels) + "</section>\n";
}

// A protocol whose evaluations answer different prompts has no table; the page says so and goes on.
ScoreFacts read_scores(const Store& store, const ReportOptions& options) {
  ScoreFacts scores;
  for (const ProtocolGroup& group : group_evaluations(store, options.sweep)) {
    try {
      scores.tables.push_back(build_table(store, options.sweep, group));
    } catch (const StoreError& error) {
      scores.problems.push_back(group.benchmark + ": " + error.what());
    }
  }
  for (Table& table : scores.tables)
    scores.comparisons.push_back(compare_with_baseline(store, options, table));
  scores.recipes_html = options.asked.tables_html;
  scores.partial = partial_evaluations(store, options.sweep);
  return scores;
}

}  // namespace

std::string report_page(const Store& store, const ReportOptions& options) {
  const SweepFacts facts = read_sweep_facts(store, options.sweep);
  const ScoreFacts scores = read_scores(store, options);
  const std::vector<RunCurve> curves = read_curves(store, facts);
  std::string top = head(options, facts);
  top += fmt::format("<body{}><header><h1>{}</h1>\n<p class=\"lead\">{}</p></header>\n",
                     options.status_address.empty()
                         ? ""
                         : fmt::format(" data-status=\"{}\"", escaped_html(options.status_address)),
                     escaped_html(facts.sweep.name), escaped_html(facts.sweep.description));
  top += navigation(!curves.empty()) + "<main>\n" + options.live_html + summary_section(facts, scores) +
         tables_section(facts, scores) + training_section(curves, facts.labels);
  std::string bottom = failures_section(facts) + costs_section(facts) +
                       provenance_section(facts, options.program_version, start_html(store, options.sweep)) +
                       "</main>\n";
  bottom +=
      fmt::format("<script>{}</script>\n<script>{}</script>\n</body></html>\n", kPageScript, kPromptsScript);
  const auto left = options.page_bytes - static_cast<int64_t>(top.size() + bottom.size());
  return top + prompts_section(store, options, facts.labels, left) + bottom;
}

void write_page(const std::string& page, const std::filesystem::path& file) {
  const std::filesystem::path partial = file.string() + ".partial";
  std::ofstream out(partial, std::ios::binary);
  out << page;
  out.close();
  std::error_code failed;
  if (out) std::filesystem::rename(partial, file, failed);
  if (!out || failed) {
    std::filesystem::remove(partial, failed);
    throw StoreError(
        fmt::format("{}: the page cannot be written. Check that the folder exists, is writable "
                    "and has room.",
                    file.string()));
  }
}

}  // namespace umm::results
