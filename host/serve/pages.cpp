#include "serve/pages.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "launch/attempt.h"
#include "results/database.h"
#include "results/report/html.h"
#include "results/report/report.h"
#include "results/run_folder.h"
#include "tables/spec_report.h"
#include "umm/log.h"

namespace umm {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using results::escaped_html;

constexpr std::chrono::seconds kStatusHolds{2};
constexpr int kPause = 5;  // times as long as reading the status, or making the pages, took

nlohmann::json json_of(const RunStatus& run) {
  const RunHistory& history = run.history;
  nlohmann::json json = {{"name", run.name},
                         {"state", to_text(history.state)},
                         {"hours", fmt::format("{:.4f}", history.device_seconds / 3600)}};
  json["note"] = history.error;
  if (!history.progress || is_over(history.state)) return json;
  const auto& progress = *history.progress;
  const PhaseText phase = phase_text(run);
  json["phase"] = phase.name;
  json["done"] = progress.done;
  json["total"] = progress.total;
  json["unit"] = progress.unit;
  if (history.error.empty()) json["note"] = progress.note;
  json["rate"] = phase.rate;
  json["left"] = phase.left;
  return json;
}

std::string live_section(const std::string& version, const SweepStatus& status) {
  std::string head;
  for (const char* name : {"run", "state", "phase", "progress", "rate", "left", "device-h", ""})
    head += fmt::format("<th scope=\"col\">{}</th>", name);
  return fmt::format(
      "<section class=\"live\" data-version=\"{}\"><h2>Now</h2>\n<p class=\"line\">{}</p>\n"
      "<noscript><pre>{}</pre></noscript>\n"
      "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Runs\"><table><thead><tr>{}</tr>"
      "</thead><tbody></tbody></table></div></section>\n",
      version, escaped_html(summary(status)), escaped_html(render(status, 1000)), head);
}

// Whatever a report shows changes one of these. What evaluations hold changes where another process turns out
// to have made them.
constexpr const char* kContent[] = {
    "SELECT name, description, created_utc, spec_path, spec_text FROM sweep",
    "SELECT sweep_id, run_id, position, label, reference FROM sweep_run",
    "SELECT id, program_version, error FROM run",
    "SELECT run_identity, status FROM runs",  // which depends on how processes ended, too
    "SELECT id, status, error FROM attempt",
    // A browser loads the page again each time, so not for every one of the 200 points that a stage may have.
    "SELECT attempt_id, (count(DISTINCT at_update) + 9) / 10 FROM curve "
    "JOIN attempt ON attempt.id = attempt_id WHERE status = 'running' GROUP BY attempt_id",
    "SELECT id, created_utc, run_id, number FROM evaluation",
    "SELECT * FROM run_evaluation",
    "SELECT * FROM cost",
    "SELECT run_id, number, problem FROM journal WHERE problem <> ''",
    "SELECT * FROM submission",
    "SELECT * FROM run_plugin",
    "SELECT * FROM run_input",
};

// By content: taking in a sweep that is there already writes to the file, too.
std::string content_stamp(const results::Store& store) {
  std::string stamp;
  for (const char* sql : kContent) {
    results::Statement row(store.handle(), sql);
    while (row.step())
      for (int column = 0; column < row.num_columns(); ++column) stamp += row.text(column) + '\0';
    stamp += '\n';
  }
  return stamp;
}

// Whatever taking in depends on: whether there is a database, sweeps, what journals hold, which of their
// processes live, and how others ended.
std::string journals_stamp(const fs::path& output) {
  std::error_code failed;
  std::string stamp = fmt::format("{};", fs::exists(results::database_file(output), failed));
  for (const auto& file : results::sweep_files(output))
    stamp += fmt::format("{} {};", file.filename().string(),
                         fs::last_write_time(file, failed).time_since_epoch().count());
  for (const auto& run : results::run_folders(output))
    for (const auto& [number, attempt] : results::attempt_folders(run))
      stamp += fmt::format("{} {} {} {} {};", run.filename().string(), number,
                           fs::file_size(results::journal_file(attempt), failed), attempt_is_alive(attempt),
                           fs::exists(results::exit_file(attempt), failed));
  return stamp;
}

std::string plain_page(const std::string& title, const std::string& body, bool asks_again) {
  return fmt::format(
      "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">{}<meta name=\"viewport\" "
      "content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">"
      "<link rel=\"icon\" href=\"data:,\"><title>{}</title></head><body><h1>{}</h1>{}</body></html>\n",
      asks_again ? "<meta http-equiv=\"refresh\" content=\"2\">" : "", escaped_html(title),
      escaped_html(title), body);
}

}  // namespace

Pages::Pages(PagesOptions options) : options_(std::move(options)), records_(options_.output) {
  first_version_ = fmt::format("{:x}", std::chrono::system_clock::now().time_since_epoch().count());
  status_ = read_status(options_.output, "");
  worker_ = std::thread([this] { work(); });
}

Pages::~Pages() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  worker_.join();
}

void Pages::work() {
  std::unique_lock lock(mutex_);
  while (!stop_) {
    lock.unlock();
    const auto pause = look();
    lock.lock();
    wake_.wait_for(lock, pause, [this] { return stop_; });
  }
}

std::chrono::milliseconds Pages::look() {
  auto pause = options_.look_every;
  try {
    if (const std::string found = journals_stamp(options_.output); found != journals_ && records_.take_in())
      journals_ = found;
    if (!fs::exists(results::database_file(options_.output))) return pause;
    const auto store = results::Store::open_read_only(results::database_file(options_.output).string());
    const std::string stamp = content_stamp(store);
    if (stamp == stamp_) return pause;
    pause = options_.rebuild_every;
    const auto start = Clock::now();
    if (make_pages(store, stamp)) stamp_ = stamp;
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start);
    pause = std::max(pause, took * kPause);
  } catch (const std::exception& error) {
    log_warning(error.what());  // tried again: a database that is being replaced is there soon
  }
  return pause;
}

bool Pages::make_pages(const results::Store& store, const std::string& stamp) {
  bool all = true;
  for (const auto& sweep : store.sweeps()) {
    if (is_made_from(stamp, sweep)) continue;  // another one's page is tried again
    const std::string version = fmt::format("{}-{}", first_version_, ++num_made_);
    results::ReportOptions options{.sweep = sweep, .program_version = options_.program_version};
    options.thumbnail_bytes = 0;
    options.pictures_address = "/files/";
    options.status_address = "/status/" + results::encoded_path(sweep);
    options.live_html = live_section(version, status_of(sweep));
    Page made{"", version, stamp};
    try {
      options.asked = spec_report(store, sweep);
      made.html = report_page(store, options);
    } catch (const std::exception& error) {
      all = false;
      made.stamp.clear();
      made.html = plain_page(sweep,
                             "<p>The report could not be made; it is tried again.</p><pre>" +
                                 escaped_html(error.what()) + "</pre>",
                             true);
      if (page(sweep) != made.html) log_warning(sweep + ": " + error.what());
    }
    const std::lock_guard lock(mutex_);
    pages_[sweep] = std::move(made);
    if (stop_) return false;
  }
  return all;
}

bool Pages::is_made_from(const std::string& stamp, const std::string& sweep) const {
  const std::lock_guard lock(mutex_);
  const auto found = pages_.find(sweep);
  return found != pages_.end() && found->second.stamp == stamp;
}

void Pages::refresh_status() {
  const auto now = Clock::now();
  if (now < status_until_) return;
  status_ = read_status(options_.output, "");
  const auto after = Clock::now();
  status_until_ = after + std::max<Clock::duration>(kStatusHolds, (after - now) * kPause);
}

SweepStatus Pages::status_of(const std::string& sweep) {
  const std::lock_guard lock(status_mutex_);
  refresh_status();
  for (const auto& status : status_)
    if (status.name == sweep) return status;
  return {sweep, "", {}};  // of an older database: its journals are gone
}

std::vector<std::string> Pages::sweeps() const {
  std::vector<std::string> names;
  const std::lock_guard lock(mutex_);
  for (const auto& [name, page] : pages_) names.push_back(name);
  return names;
}

std::optional<std::string> Pages::page(const std::string& sweep) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = pages_.find(sweep); found != pages_.end()) return found->second.html;
  }
  const SweepStatus status = status_of(sweep);
  if (status.runs.empty()) return std::nullopt;
  return plain_page(
      sweep, "<pre>" + escaped_html(render(status, 1000)) + "</pre><p>The report is being made.</p>", true);
}

std::string Pages::index() {
  std::map<std::string, std::string> lines;
  for (const auto& name : sweeps()) lines[name] = "";
  {
    const std::lock_guard lock(status_mutex_);
    refresh_status();
    for (const auto& status : status_) lines[status.name] = summary(status);
  }
  if (lines.size() == 1)
    if (auto only = page(lines.begin()->first)) return *only;
  std::string list = "<ul>";
  for (const auto& [name, line] : lines)
    list += fmt::format("<li><a href=\"/sweep/{}\">{}</a> {}</li>", results::encoded_path(name),
                        escaped_html(name), escaped_html(line));
  return plain_page("Sweeps", list + "</ul>", false);
}

std::optional<std::string> Pages::status(const std::string& sweep) {
  std::string version;
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = pages_.find(sweep); found != pages_.end()) version = found->second.version;
  }
  const SweepStatus status = status_of(sweep);
  if (version.empty() && status.runs.empty()) return std::nullopt;
  auto runs = nlohmann::json::array();
  for (const auto& run : status.runs) runs.push_back(json_of(run));
  const nlohmann::json json = {{"version", version}, {"line", summary(status)}, {"runs", runs}};
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace umm
