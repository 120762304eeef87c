// The JSON of a protocol's prompts, "prompts-<protocol>":
//   tags, reasons, labels   texts that the columns count into
//   replies                 id of the element of what was said (replies.h), absent: nothing was
//   marks                   whether no picture has another score than 0 or 1, so that it is right or wrong
//   id, tag, prompt         of each prompt
//   rows                    label, class (colour), means (of each prompt, in thousandths, null: no picture),
//                           seeds, evidence (ids of the elements that hold it)
//   pictures                address that their paths stand behind
#include "results/report/prompts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "results/database.h"
#include "results/evaluated_rows.h"
#include "results/report/charts.h"
#include "results/report/evidence_columns.h"
#include "results/report/html.h"
#include "results/report/thumbnail.h"
#include "results/table_layout.h"

namespace umm::results {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

// What is kept of a picture; the most that fits is taken.
struct Detail {
  size_t detections, reply_bytes;
};
constexpr Detail kDetails[] = {{8, 4000}, {4, 1000}, {2, 400}, {1, 150}, {0, 40}};

struct Row {
  const EvaluatedRow* row;
  std::vector<EvidenceColumns> runs;
};

struct Prompts {
  std::vector<ItemRow> items;
  std::vector<Row> rows;
  TextList tags, reasons, labels;
  ReplyLists replies;
};

std::string text_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// Of all evaluations: one may lack prompts that others answer.
std::vector<ItemRow> read_items(const Store& store, const ProtocolGroup& group) {
  std::vector<ItemRow> items;
  std::set<std::string> known;
  for (const EvaluatedRow& row : group.rows)
    for (const EvaluatedRun& run : row.runs)
      for (ItemRow& item : store.items(run.evaluation_identity))
        if (known.insert(item.item_id).second) items.push_back(std::move(item));
  return items;
}

Prompts read(const Store& store, const ProtocolGroup& group, const fs::path& folder) {
  Prompts prompts;
  prompts.items = read_items(store, group);
  for (const EvaluatedRow& row : group.rows) {
    Row& out = prompts.rows.emplace_back(Row{&row, {}});
    for (const EvaluatedRun& run : row.runs) {
      out.runs.emplace_back(prompts.items, store.evidence(run.evaluation_identity), prompts.reasons,
                            prompts.labels, prompts.replies);
      out.runs.back().find_pictures(folder);
    }
  }
  return prompts;
}

// In thousandths, over the pictures of all seeds that have scores.
Json means_of(const Row& row, size_t num_items) {
  Json means = Json::array();
  for (size_t item = 0; item < num_items; ++item) {
    double sum = 0, count = 0;
    for (const EvidenceColumns& run : row.runs) {
      if (!std::isfinite(run.means()[item])) continue;
      sum += run.means()[item];
      ++count;
    }
    const double mean = sum / count;
    means.push_back(std::isfinite(mean) ? Json(std::lround(mean * 1000)) : Json());
  }
  return means;
}

std::string evidence_id(size_t protocol, size_t row, size_t run) {
  return fmt::format("evidence-{}-{}-{}", protocol, row, run);
}

std::string replies_id(size_t protocol) {
  return fmt::format("replies-{}", protocol);
}

bool only_right_or_wrong(const Prompts& prompts) {
  return std::all_of(prompts.rows.begin(), prompts.rows.end(), [](const Row& row) {
    return std::all_of(row.runs.begin(), row.runs.end(),
                       [](const EvidenceColumns& run) { return run.only_right_or_wrong(); });
  });
}

Json index_of(Prompts& prompts, size_t protocol, const std::vector<std::string>& labels,
              const std::string& pictures) {
  Json id = Json::array(), tag = Json::array(), prompt = Json::array(), rows = Json::array();
  for (const ItemRow& item : prompts.items) {
    id.push_back(item.item_id);
    tag.push_back(prompts.tags.place(item.tag));
    prompt.push_back(item.prompt);
  }
  for (size_t i = 0; i < prompts.rows.size(); ++i) {
    const Row& row = prompts.rows[i];
    Json seeds = Json::array(), evidence = Json::array();
    for (size_t run = 0; run < row.runs.size(); ++run) {
      seeds.push_back(row.row->runs[run].seed);
      evidence.push_back(evidence_id(protocol, i, run));
    }
    rows.push_back({{"label", row.row->label},
                    {"class", row_class(place_of(labels, row.row->sweep_label))},
                    {"means", means_of(row, prompts.items.size())},
                    {"seeds", seeds},
                    {"evidence", evidence}});
  }
  Json index = {{"tags", prompts.tags.json()},
                {"reasons", prompts.reasons.json()},
                {"labels", prompts.labels.json()},
                {"marks", only_right_or_wrong(prompts)},
                {"id", id},
                {"tag", tag},
                {"prompt", prompt},
                {"rows", rows},
                {"pictures", pictures}};
  if (!prompts.replies.heads.texts().empty()) index["replies"] = replies_id(protocol);
  return index;
}

std::string evidence_elements(const Prompts& prompts, size_t protocol, const Detail& detail) {
  std::string out;
  if (!prompts.replies.heads.texts().empty())
    out += json_element(replies_id(protocol), text_of(prompts.replies.json(detail.reply_bytes)));
  for (size_t row = 0; row < prompts.rows.size(); ++row)
    for (size_t run = 0; run < prompts.rows[row].runs.size(); ++run)
      out += json_element(evidence_id(protocol, row, run),
                          text_of(prompts.rows[row].runs[run].json(detail.detections)));
  return out;
}

// Prompts in turn from every tag, so that a budget that ends early ends for all tags alike.
std::vector<size_t> by_turns(const std::vector<ItemRow>& items) {
  std::map<std::string, size_t> seen;
  std::vector<std::pair<size_t, size_t>> order;
  for (size_t i = 0; i < items.size(); ++i) order.emplace_back(seen[items[i].tag]++, i);
  std::sort(order.begin(), order.end());
  std::vector<size_t> places;
  for (const auto& [turn, place] : order) places.push_back(place);
  return places;
}

// The first picture of every row first, all rows of a prompt or none; then second pictures and other seeds.
void add_small_pictures(Prompts& prompts, int64_t bytes) {
  size_t most_runs = 0;
  int64_t most_pictures = 0;
  for (const Row& row : prompts.rows) {
    most_runs = std::max(most_runs, row.runs.size());
    for (const EvidenceColumns& run : row.runs) most_pictures = std::max(most_pictures, run.end_of_numbers());
  }
  const auto num_first =
      static_cast<int64_t>(std::max<size_t>(1, prompts.items.size() * prompts.rows.size()));
  const int64_t each = bytes / num_first;
  const int side = each > 7000 ? 128 : each > 4000 ? 96 : 64;
  const std::vector<size_t> order = by_turns(prompts.items);
  for (size_t run = 0; run < most_runs; ++run) {
    for (int64_t index = 0; index < most_pictures; ++index) {
      for (const size_t item : order) {
        for (Row& row : prompts.rows) {
          const int64_t picture = run < row.runs.size() ? row.runs[run].picture(item, index) : -1;
          if (picture < 0) continue;
          auto address = thumbnail(row.runs[run].file(picture), side);
          if (!address) continue;
          bytes -= static_cast<int64_t>(address->size()) + 12;
          if (bytes < 0) return;
          row.runs[run].add_small(picture, std::move(*address));
        }
      }
    }
  }
}

// Where the page finds the folder of the database.
std::string pictures_address(const ReportOptions& options, const fs::path& folder) {
  if (!options.pictures_address.empty()) return options.pictures_address;
  const fs::path page = options.page_folder.empty() ? fs::current_path() : options.page_folder;
  const std::string relative = fs::relative(folder, page).generic_string();
  return relative == "." || relative.empty() ? "" : encoded_path(relative) + "/";
}

constexpr const char* kControls = R"(<noscript><p>Looking at single prompts needs JavaScript.</p></noscript>
<form class="controls" hidden>
<label>Search <input type="search" name="text" placeholder="words of the prompt"></label>
<label>Tag <select name="tag"><option value="">all</option></select></label>
<label>Order <select name="order">
<option value="asked">as asked</option><option value="worst">lowest mean first</option>
<option value="best">highest mean first</option><option value="spread">rows differ most</option>
<option value="gain">first row gains on second</option></select></label>
<label class="pair">First <select name="a"></select></label>
<label class="pair">Second <select name="b"></select></label>
<label>Pictures <select name="seeds"><option value="first">first seed</option>
<option value="all">all seeds</option></select></label>
<label class="check"><input type="checkbox" name="boxes" checked> detections</label>
</form>
<fieldset class="pick rows" hidden><legend>Rows shown</legend></fieldset>
<p class="found fine" role="status"></p>
<div class="list"></div>
)";

}  // namespace

std::string prompts_section(const Store& store, const ReportOptions& options,
                            const std::vector<std::string>& labels, int64_t bytes) {
  const auto groups = group_evaluations(store, options.sweep, Partial::kApart);
  const auto folder = fs::path(sqlite3_db_filename(store.handle(), "main")).parent_path();
  std::string out = "<section id=\"prompts\"><h2>Prompts</h2>\n";
  if (groups.empty()) out += "<p>Nothing was evaluated yet.</p>\n";
  for (size_t protocol = 0; protocol < groups.size(); ++protocol) {
    const int64_t share = bytes / static_cast<int64_t>(groups.size());
    Prompts prompts = read(store, groups[protocol], folder);
    const Json index = index_of(prompts, protocol, labels, pictures_address(options, folder));
    const std::string id = fmt::format("prompts-{}", protocol);
    const std::string head = json_element(id, text_of(index));
    Detail most{};
    int64_t left = 0;
    for (const Detail& detail : kDetails) {
      most = detail;
      left = share - static_cast<int64_t>(head.size() + evidence_elements(prompts, protocol, most).size());
      if (left > 0) break;
    }
    add_small_pictures(prompts, std::min(left, options.thumbnail_bytes));
    out += fmt::format(
        "<div class=\"prompts\" data-prompts=\"{}\"><h3>{} <small>protocol <code>{}</code></small>"
        "</h3>\n{}</div>\n",
        id, escaped_html(groups[protocol].benchmark),
        escaped_html(short_identity(groups[protocol].protocol_hash)), kControls);
    out += head + evidence_elements(prompts, protocol, most);
  }
  return out + "</section>\n";
}

}  // namespace umm::results
