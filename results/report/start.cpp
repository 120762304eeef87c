#include "results/report/start.h"

#include <fmt/format.h>

#include "results/database.h"
#include "results/report/html.h"

namespace umm::results {
namespace {

std::string fact(const std::string& name, const std::string& value) {
  return value.empty() ? "" : fmt::format("<dt>{}</dt><dd>{}</dd>", name, escaped_html(value));
}

std::string submission_html(const Store& store, const std::string& sweep) {
  Statement row(store.handle(),
                "SELECT host, devices, submission.program_version, torch_version, overrides, git_commit, "
                "git_dirty, git_diff FROM submission JOIN sweep ON sweep.id = sweep_id WHERE sweep.name = ?");
  if (!row.bind(sweep).step()) return "";
  const std::string commit = row.text(5), diff = row.text(7);
  std::string out = "<dl class=\"plain\">" + fact("host", row.text(0)) + fact("devices", row.text(1)) +
                    fact("ummbench", row.text(2)) + fact("LibTorch", row.text(3)) +
                    fact("--set", row.text(4) == "[]" ? "" : row.text(4));
  out += fact("commit", commit.empty() ? "" : commit + (row.integer(6) != 0 ? ", with changes" : ""));
  out += "</dl>\n";
  if (diff.empty()) return out;
  return out + folded_text("Changes since that commit", diff);
}

// A table of all rows of a query, folded away.
std::string folded_table(const Store& store, const std::string& sweep, const std::string& title,
                         const std::vector<std::string>& columns, const std::string& sql) {
  Statement row(store.handle(), sql);
  row.bind(sweep);
  std::string head, rows;
  for (const std::string& column : columns) head += sorted_header(column, false);
  int64_t count = 0;
  for (; row.step(); ++count) {
    rows += "<tr>";
    for (size_t i = 0; i < columns.size(); ++i) rows += text_cell(row.text(static_cast<int>(i)));
    rows += "</tr>\n";
  }
  if (count == 0) return "";
  return fmt::format("<details><summary>{} ({})</summary>{}</details>\n", title, count,
                     sortable_table(title, head, rows));
}

}  // namespace

std::string start_html(const Store& store, const std::string& sweep) {
  std::string out;
  if (has_table(store.handle(), "submission")) out += submission_html(store, sweep);
  if (has_table(store.handle(), "run_plugin")) {
    out += folded_table(store, sweep, "Plugins", {"kind", "plugin", "version", "library"},
                        "SELECT DISTINCT kind, plugin, version, content_hash FROM run_plugin "
                        "JOIN sweep ON sweep.id = sweep_id WHERE sweep.name = ? ORDER BY kind, plugin");
  }
  if (has_table(store.handle(), "run_input")) {
    out += folded_table(store, sweep, "Inputs", {"path", "content"},
                        "SELECT DISTINCT path, content_hash FROM run_input "
                        "JOIN sweep ON sweep.id = sweep_id WHERE sweep.name = ? ORDER BY path");
  }
  return out.empty() ? "" : "<h3>Last start</h3>\n" + out;
}

}  // namespace umm::results
