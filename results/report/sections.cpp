#include "results/report/sections.h"

#include <fmt/format.h>

#include <algorithm>

#include "results/report/charts.h"
#include "results/report/html.h"
#include "results/table_layout.h"

namespace umm::results {
namespace {

constexpr size_t kShownComparisons = 15, kShownNotes = 3;  // more are folded away

std::string words(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

std::string score_cell(double value, const std::string& text, const std::string& best) {
  return number_cell(value, text == best ? "<b>" + text + "</b>" : text);
}

std::string fact(const std::string& name, const std::string& value) {
  return fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", name, value);
}

// Of each column of scores the best, to the digits shown.
std::vector<std::string> best_texts(const Table& table) {
  std::vector<std::string> best;
  for (size_t tag = 0; tag < table.tags.size(); ++tag) {
    double most = -1e300;
    for (const TableRow& row : table.rows) most = std::max(most, row.tags[tag]);
    best.push_back(fmt::format("{:.2f}", most));
  }
  double most = -1e300;
  for (const TableRow& row : table.rows) most = std::max(most, row.overall);
  best.push_back(fmt::format("{:.3f}", most));
  return best;
}

std::string header_of(const Table& table) {
  std::string head = sorted_header("row", false) + sorted_header("overall") + "<th>95 % interval</th>";
  for (const std::string& tag : table.tags) head += sorted_header(words(tag));
  for (const char* name :
       {"images seen", "updates", "train device-h", "eval device-h", "lost device-h", "seeds"})
    head += sorted_header(name);
  return head;
}

std::string rows_of(const Table& table) {
  double low = 1e300, high = -1e300;
  for (const TableRow& row : table.rows) {
    const Interval interval = row.interval.value_or(Interval{row.overall, row.overall});
    low = std::min(low, interval.low);
    high = std::max(high, interval.high);
  }
  const std::vector<std::string> best = best_texts(table);
  std::string out;
  for (const TableRow& row : table.rows) {
    const std::string overall = fmt::format("{:.3f}", row.overall);
    out += fmt::format("<tr{}><th scope=\"row\">{}</th>{}", row.reference ? " class=\"reference\"" : "",
                       escaped_html(row.label), score_cell(row.overall, overall, best.back()));
    out += row.interval ? fmt::format("<td class=\"i\">{}<span>[{:.3f}, {:.3f}]</span></td>",
                                      interval_plot(row.overall, *row.interval, low, high), row.interval->low,
                                      row.interval->high)
                        : std::string("<td class=\"i\">\u2013</td>");
    for (size_t tag = 0; tag < row.tags.size(); ++tag) {
      out += score_cell(row.tags[tag], fmt::format("{:.2f}", row.tags[tag]), best[tag]);
    }
    out += number_cell(row.images_seen, fmt::format("{:.0f}", row.images_seen));
    out += number_cell(row.updates, fmt::format("{:.0f}", row.updates));
    for (const double hours : {row.train_device_hours, row.eval_device_hours, row.wasted_device_hours})
      out += number_cell(hours, number_text(hours));
    out += number_cell(static_cast<double>(row.num_seeds), std::to_string(row.num_seeds)) + "</tr>\n";
  }
  return out;
}

std::string comparisons_of(const Table& table, const std::string& how) {
  if (table.comparisons.empty()) return "";
  std::string out =
      fmt::format("<details{}><summary>Differences between rows ({})</summary><p class=\"fine\">{}</p>",
                  table.comparisons.size() <= kShownComparisons ? " open" : "", table.comparisons.size(),
                  escaped_html(how));
  const std::string head = sorted_header("row", false) + sorted_header("against", false) +
                           sorted_header("difference") + "<th>95 % interval</th>" + sorted_header("p");
  std::string rows;
  for (const Comparison& c : table.comparisons) {
    rows += fmt::format(
        "<tr{}><th scope=\"row\">{}</th><td>{}</td>{}<td class=\"n\">[{:+.3f}, {:+.3f}]</td>{}</tr>\n",
        c.corrected_p < 0.05 ? " class=\"telling\"" : "", escaped_html(c.a), escaped_html(c.b),
        number_cell(c.difference, fmt::format("{:+.3f}", c.difference)), c.interval.low, c.interval.high,
        number_cell(c.corrected_p,
                    c.corrected_p < 1e-4 ? "&lt; 0.0001" : fmt::format("{:.4f}", c.corrected_p)));
  }
  return out + sortable_table("Differences between rows", head, rows) + "</details>\n";
}

std::string notes_of(const Table& table) {
  std::string sampling, notes;
  for (const auto& [labels, text] : table.samplings)
    if (!text.empty())
      sampling +=
          fmt::format("<li>Sampling of {}: <code>{}</code></li>", escaped_html(labels), escaped_html(text));
  for (const std::string& note : table.notes) notes += "<li>" + escaped_html(note) + "</li>";
  if (!sampling.empty()) sampling = "<ul class=\"fine\">" + sampling + "</ul>\n";
  if (notes.empty()) return sampling;
  return sampling +
         fmt::format("<details{}><summary>Notes ({})</summary><ul class=\"fine\">{}</ul></details>\n",
                     table.notes.size() <= kShownNotes ? " open" : "", table.notes.size(), notes);
}

std::string partial_html(const std::vector<std::string>& partial) {
  if (partial.empty()) return "";
  std::string out =
      "<h3 id=\"partial\">Partial evaluations</h3>\n<p class=\"fine\">Means over the pictures that have a "
      "score are not the benchmark's, so these are in no table. The prompts below show which pictures lack "
      "one, and why.</p>\n<ul>";
  for (const std::string& one : partial) out += "<li>" + escaped_html(one) + "</li>";
  return out + "</ul>\n";
}

}  // namespace

std::string summary_section(const SweepFacts& facts, const ScoreFacts& scores) {
  double train = 0, eval = 0, lost = 0;
  for (const PhaseCost& cost : facts.costs)
    (cost.kind == "train" ? train : cost.kind == "eval" ? eval : lost) += cost.hours;
  const auto complete = std::count_if(facts.runs.begin(), facts.runs.end(),
                                      [](const RunFacts& run) { return run.status == "complete"; });
  const auto failed = std::count_if(facts.runs.begin(), facts.runs.end(),
                                    [](const RunFacts& run) { return run.status == "failed"; });
  std::string out = "<dl class=\"facts\">";
  out += fact("runs", fmt::format("{} of {} complete{}", complete, facts.runs.size(),
                                  failed > 0 ? fmt::format(", <strong>{} failed</strong>", failed) : ""));
  if (!scores.partial.empty())
    out += fact("partial evaluations",
                fmt::format("<a href=\"#partial\"><strong>{}</strong></a>", scores.partial.size()));
  out += fact("rows", std::to_string(facts.labels.size()));
  for (const Table& table : scores.tables) {
    const auto best = std::max_element(table.rows.begin(), table.rows.end(),
                                       [](const auto& a, const auto& b) { return a.overall < b.overall; });
    out += fact(escaped_html(table.benchmark), fmt::format("{} prompts", table.num_prompts));
    out += fact("highest overall",
                fmt::format("{} <span>{:.3f}{}</span>", escaped_html(best->label), best->overall,
                            best->interval
                                ? fmt::format(" [{:.3f}, {:.3f}]", best->interval->low, best->interval->high)
                                : std::string()));
  }
  out += fact("device-hours",
              fmt::format("{} <span>{} train, {} evaluate, {} lost</span>", number_text(train + eval + lost),
                          number_text(train), number_text(eval), number_text(lost)));
  double calls = 0, tokens_in = 0, tokens_out = 0;
  for (const PhaseCost& cost : facts.costs) {
    calls += cost.judge_calls.value_or(0);
    tokens_in += cost.judge_tokens_in.value_or(0);
    tokens_out += cost.judge_tokens_out.value_or(0);
  }
  if (calls > 0)
    out += fact("judge calls", fmt::format("{:.0f} <span>{:.0f} tokens in, {:.0f} out</span>", calls,
                                           tokens_in, tokens_out));
  const std::string& utc = facts.sweep.created_utc;  // "2026-01-31T12:00:00Z"
  out += fact("first started", utc.size() == 20 ? escaped_html(utc.substr(0, 10)) + " <span>" +
                                                      escaped_html(utc.substr(11, 5)) + " UTC</span>"
                                                : escaped_html(utc));
  return out + "</dl>\n";
}

std::string tables_section(const SweepFacts& facts, const ScoreFacts& scores) {
  std::string out = "<section id=\"scores\"><h2>Scores</h2>\n";
  if (scores.tables.empty() && scores.problems.empty() && scores.partial.empty())
    out += "<p>Nothing was evaluated yet.</p>\n";
  for (const std::string& problem : scores.problems)
    out += "<p class=\"error\">No table of " + escaped_html(problem) + "</p>\n";
  for (size_t i = 0; i < scores.tables.size(); ++i) {
    const Table& table = scores.tables[i];
    out += fmt::format("<h3>{} <small>protocol <code>{}</code>, {} prompts</small></h3>\n",
                       escaped_html(table.benchmark), escaped_html(short_identity(table.protocol_hash)),
                       table.num_prompts);
    out += sortable_table("Scores", header_of(table), rows_of(table), "scores");
    out += notes_of(table) + comparisons_of(table, scores.comparisons[i]);
    out += "<h3>Score against cost</h3>\n" + pareto_chart(table, facts.labels);
  }
  return out + partial_html(scores.partial) + scores.recipes_html + "</section>\n";
}

}  // namespace umm::results
