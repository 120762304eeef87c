// Where a reproduction lies, and what it came to, for people and for programs.
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <numeric>

#include "bundle/reproduce.h"

namespace umm {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr int kDigits = 4;          // behind the point, of scores
constexpr double kRounding = 1e-9;  // of scores

std::string seeds_text(size_t count) {
  return fmt::format("{} {}", count, count == 1 ? "seed" : "seeds");
}

results::PictureComparison sum(const std::vector<results::PictureComparison>& runs) {
  results::PictureComparison all;
  for (const auto& run : runs) {
    all.pictures += run.pictures;
    all.same_bytes += run.same_bytes;
    all.same_score += run.same_score;
  }
  return all;
}

double train_hours(const results::Cell& cell) {
  return std::accumulate(cell.runs.begin(), cell.runs.end(), 0.0,
                         [](double sum, const auto& run) { return sum + run.train_device_hours; });
}

double eval_hours(const results::Cell& cell) {
  return std::accumulate(cell.runs.begin(), cell.runs.end(), 0.0,
                         [](double sum, const auto& run) { return sum + run.eval_device_hours; });
}

std::string interval_text(const results::Cell& cell) {
  if (!cell.interval) return "no interval";
  return fmt::format("[{:.{}f}, {:.{}f}]", cell.interval->low, kDigits, cell.interval->high, kDigits);
}

std::string verdict(const Reproduction& result) {
  if (!result.stored.interval) return result.inside() ? "equal" : "not equal, and there is no interval";
  return result.inside() ? "inside the interval" : "outside the interval";
}

std::vector<std::string> notes_of(const Reproduction& result) {
  std::vector<std::string> notes;
  const auto& stored = result.stored;
  if (!stored.interval)
    notes.push_back(
        fmt::format("no mean over the stored pictures gives the stored {}, so it has no interval; "
                    "`ummbench rescore` says whether it follows from its evidence",
                    result.metric));
  else if (stored.runs.size() == 1)
    notes.push_back(
        "one seed: the interval is over prompts and pictures, and knows nothing of how seeds differ");
  if (static_cast<int64_t>(stored.runs.size()) < stored.num_runs)
    notes.push_back(fmt::format("{} of the row's {}: mean and interval are of the same ones, on both sides",
                                seeds_text(stored.runs.size()), stored.num_runs));
  return notes;
}

Json cell_json(const results::Cell& cell) {
  Json json = {{"mean", cell.mean},
               {"train_device_hours", train_hours(cell)},
               {"eval_device_hours", eval_hours(cell)},
               {"devices", cell.devices}};
  json["interval"] = cell.interval ? Json::array({cell.interval->low, cell.interval->high}) : Json();
  return json;
}

}  // namespace

bool Reproduction::identical() const {
  for (const auto& run : pictures)
    if (run.same_bytes != run.pictures || run.same_score != run.pictures) return false;
  for (size_t i = 0; i < stored.runs.size(); ++i)
    if (stored.runs[i].value != here.runs[i].value) return false;
  return true;
}

bool Reproduction::inside() const {
  const auto interval = stored.interval.value_or(results::Interval{stored.mean, stored.mean});
  return here.mean >= interval.low - kRounding && here.mean <= interval.high + kRounding;
}

fs::path reproduction_folder(const fs::path& place) {
  const fs::path named = place.has_filename() ? place : place.parent_path();
  std::string name = named.filename().string();
  for (const char* ending : {".tar.zst", ".tar.gz", ".tar", ".sqlite"})
    if (name.ends_with(ending)) {
      name = name.substr(0, name.size() - std::string_view(ending).size());
      break;
    }
  return named.parent_path() / (name + "-reproduced");
}

std::string to_text(const Reproduction& result) {
  const auto &stored = result.stored, &here = result.here;
  std::string text =
      fmt::format("{}, {}: {} {}, {} prompts, protocol {}\n", result.sweep, stored.label, stored.benchmark,
                  result.metric, stored.num_prompts, stored.protocol_hash.substr(0, 12));
  text += fmt::format("{:<12}{:>10}  {:<20}{:>10}  pictures with the same bytes\n", "", "stored",
                      "95% interval", "here");
  for (size_t i = 0; i < stored.runs.size(); ++i)
    text +=
        fmt::format("{:<12}{:>10.{}f}  {:<20}{:>10.{}f}  {} of {}\n",
                    fmt::format("seed {}", stored.runs[i].seed), stored.runs[i].value, kDigits, "",
                    here.runs[i].value, kDigits, result.pictures[i].same_bytes, result.pictures[i].pictures);
  const auto pictures = sum(result.pictures);
  text += fmt::format("{:<12}{:>10.{}f}  {:<20}{:>10.{}f}  {} of {}\n", "mean", stored.mean, kDigits,
                      interval_text(stored), here.mean, kDigits, pictures.same_bytes, pictures.pictures);
  text += fmt::format("device-hours: training {:.3g}, here {:.3g}; evaluation {:.3g}, here {:.3g}\n",
                      train_hours(stored), train_hours(here), eval_hours(stored), eval_hours(here));
  for (const auto& difference : result.differences) text += "differs: " + difference + "\n";
  for (const auto& note : notes_of(result)) text += "note: " + note + "\n";
  text += fmt::format("{}{}: {}\n", result.identical() ? "bit-identical" : "not bit-identical",
                      result.same_build ? "" : ", with another build", verdict(result));
  return text;
}

std::string to_json(const Reproduction& result) {
  const auto pictures = sum(result.pictures);
  Json runs = Json::array();
  for (size_t i = 0; i < result.stored.runs.size(); ++i)
    runs.push_back({{"seed", result.stored.runs[i].seed},
                    {"stored", result.stored.runs[i].value},
                    {"here", result.here.runs[i].value},
                    {"pictures", result.pictures[i].pictures},
                    {"same_bytes", result.pictures[i].same_bytes},
                    {"same_score", result.pictures[i].same_score},
                    {"stored_run", result.stored.runs[i].run_identity},
                    {"run", result.here.runs[i].run_identity}});
  const Json json = {{"format", 1},
                     {"sweep", result.sweep},
                     {"row", result.stored.label},
                     {"benchmark", result.stored.benchmark},
                     {"metric", result.metric},
                     {"protocol_hash", result.stored.protocol_hash},
                     {"weights", result.stored.weights},
                     {"num_prompts", result.stored.num_prompts},
                     {"num_seeds", result.stored.runs.size()},
                     {"num_seeds_of_row", result.stored.num_runs},
                     {"stored", cell_json(result.stored)},
                     {"here", cell_json(result.here)},
                     {"runs", runs},
                     {"pictures", pictures.pictures},
                     {"same_bytes", pictures.same_bytes},
                     {"bit_identical", result.identical()},
                     {"same_build", result.same_build},
                     {"differences", result.differences},
                     {"notes", notes_of(result)},
                     {"inside", result.inside()},
                     {"folder", result.folder.string()}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace umm
