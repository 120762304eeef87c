// ummbench status [SPEC | FOLDER]
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <toml++/toml.h>
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>

#include "cli/commands.h"
#include "launch/status.h"
#include "launch/sweep_records.h"
#include "results/run_folder.h"
#include "train/stop.h"
#include "umm/error.h"

namespace umm::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kRedrawEvery{2000};

struct StatusArguments {
  std::string place = "runs";
  bool watch = false, json = false;
};

struct Place {
  fs::path output;
  std::string sweep;  // "": all
};

// A spec says where its sweep lies; nothing else of it is read, so that a spec that is being edited does not
// keep anybody from looking at what runs.
Place place_of_spec(const fs::path& spec) {
  const std::string stem = spec.stem().string();
  try {
    const toml::table table = toml::parse_file(spec.string());
    return {table["sweep"]["output"].value_or("runs/" + stem), table["sweep"]["name"].value_or(stem)};
  } catch (const toml::parse_error& error) {
    throw InputError(detail::concat(spec.string(), ":", error.source().begin.line, ":",
                                    error.source().begin.column, ": ", error.description()));
  }
}

// The folder itself, or those in it, that hold sweeps.
std::vector<Place> places(const fs::path& place) {
  if (fs::is_regular_file(place)) return {place_of_spec(place)};
  UMM_CHECK_INPUT(fs::is_directory(place), place.string(),
                  ": expected a spec or an output folder, found nothing");
  if (!results::sweep_files(place).empty()) return {{place, ""}};
  std::vector<Place> all;
  for (const auto& entry : fs::directory_iterator(place))
    if (entry.is_directory() && !results::sweep_files(entry.path()).empty())
      all.push_back({entry.path(), ""});
  std::sort(all.begin(), all.end(), [](const Place& a, const Place& b) { return a.output < b.output; });
  UMM_CHECK_INPUT(!all.empty(), place.string(),
                  ": no sweep was started here; `ummbench run SPEC` starts one");
  return all;
}

size_t terminal_width() {
  winsize size{};
  const bool known = isatty(STDOUT_FILENO) != 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0;
  return known && size.ws_col > 0 ? size.ws_col : 1000;
}

int status(const StatusArguments& arguments) {
  install_stop_handlers();
  while (true) {
    std::vector<SweepStatus> sweeps;
    for (const auto& place : places(arguments.place)) {
      // What a crash left in journals is taken in by whoever looks next.
      if (!arguments.watch) SweepRecords(place.output).take_in();
      for (auto& sweep : read_status(place.output, place.sweep)) sweeps.push_back(std::move(sweep));
    }
    std::string text;
    if (arguments.json)
      text = to_json(sweeps) + "\n";
    else
      for (const auto& sweep : sweeps) text += (text.empty() ? "" : "\n") + render(sweep, terminal_width());
    if (!arguments.watch) {
      fmt::print("{}", text);
      return 0;
    }
    fmt::print("\x1b[H\x1b[2J{}\n", text);
    std::fflush(stdout);
    const bool over = std::all_of(sweeps.begin(), sweeps.end(),
                                  [](const auto& sweep) { return sweep.count(RunState::running) == 0; });
    for (int part = 0; part < 20 && !stop_requested(); ++part) std::this_thread::sleep_for(kRedrawEvery / 20);
    if (over || stop_requested()) return 0;
  }
}

}  // namespace

void add_status(Program& program) {
  CLI::App* command = program.app.add_subcommand(
      "status", "What has become of the runs of a sweep: finished, under way, failed, and what they cost");
  auto arguments = std::make_shared<StatusArguments>();
  command->add_option("place", arguments->place,
                      "A spec, an output folder, or a folder of these (default: runs)");
  command->add_flag("--watch", arguments->watch, "Draw it again every two seconds while something runs");
  command->add_flag("--json", arguments->json, "For programs");
  command->callback([program, arguments] { program.chosen = [arguments] { return status(*arguments); }; });
}

}  // namespace umm::cli
