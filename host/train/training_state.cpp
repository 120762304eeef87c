#include "train/training_state.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "train/files.h"
#include "umm/checkpoint.h"
#include "umm/error.h"
#include "umm/file.h"

namespace umm {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr int64_t kMaxPoints = 200;
constexpr std::string_view kResumePrefix = "resume-";

std::vector<fs::path> resume_points(const fs::path& stage_folder) {
  std::vector<fs::path> points;
  std::error_code missing;
  for (const auto& entry : fs::directory_iterator(stage_folder, missing)) {
    if (entry.path().filename().string().starts_with(kResumePrefix)) points.push_back(entry.path());
  }
  std::sort(points.begin(), points.end());  // numbers are padded
  return points;
}

}  // namespace

Curves::Curves(int64_t total_updates)
    : total_updates_(total_updates), interval_((total_updates + kMaxPoints - 1) / kMaxPoints) {}

void Curves::add(const std::string& name, double value) {
  auto& mean = running_[name];
  mean.sum += value;
  ++mean.count;
}

void Curves::end_update(int64_t updates_done) {
  if (updates_done % interval_ != 0 && updates_done != total_updates_) return;
  for (const auto& [name, mean] : running_) {
    points_.push_back({updates_done, name, mean.sum / static_cast<double>(mean.count)});
  }
  running_.clear();
}

std::string Curves::to_json() const {
  Json json = {{"running", Json::object()}, {"points", Json::array()}};
  for (const auto& [name, mean] : running_) json["running"][name] = {mean.sum, mean.count};
  for (const auto& point : points_) json["points"].push_back({point.update, point.name, point.value});
  return json.dump();
}

void Curves::restore(const std::string& text) {
  const Json json = Json::parse(text);
  running_.clear();
  points_.clear();
  for (const auto& [name, mean] : json.at("running").items()) running_[name] = {mean.at(0), mean.at(1)};
  for (const auto& point : json.at("points")) points_.push_back({point.at(0), point.at(1), point.at(2)});
}

Json to_json(const StreamPositions& positions) {
  Json json = Json::object();
  for (const auto& [flow, position] : positions)
    json[flow] = {{"cursor", position.cursor}, {"unreadable", position.unreadable}};
  return json;
}

std::string to_json(const TrainingState& state) {
  Json json = {{"micro_iterations", state.totals.micro_iterations},
               {"updates", state.totals.updates},
               {"images_seen", state.totals.images_seen},
               {"positions", to_json(state.positions)},
               {"seconds", state.seconds},
               {"device", state.device},
               {"curves", Json::parse(state.curves)}};
  if (state.work) json["work"] = {{"flops", state.work->flops}, {"tokens", state.work->tokens}};
  return json.dump(1) + "\n";
}

TrainingState training_state_from_json(const std::string& text) {
  const Json json = Json::parse(text);
  TrainingState state;
  state.totals.micro_iterations = json.at("micro_iterations");
  state.totals.updates = json.at("updates");
  state.totals.images_seen = json.at("images_seen");
  for (const auto& [flow, position] : json.at("positions").items())
    state.positions[flow] = {position.at("cursor"), position.at("unreadable").get<std::set<int64_t>>()};
  state.seconds = json.at("seconds");
  state.work.reset();
  if (json.contains("work")) state.work = Work{json["work"].at("flops"), json["work"].at("tokens")};
  state.device = json.at("device");
  state.curves = json.at("curves").dump();
  return state;
}

void save_resume_point(const fs::path& stage_folder, const TrainingState& state, const Optimizer& optimizer) {
  const auto older = resume_points(stage_folder);
  const auto number = std::to_string(state.totals.updates);
  const auto padding = std::string(10 - std::min<size_t>(number.size(), 10), '0');
  const auto target = stage_folder / (std::string(kResumePrefix) + padding + number);
  if (fs::exists(target)) return;
  PendingFolder pending(target);
  write_safetensors((pending.path() / "optimizer.safetensors").string(), optimizer.state());
  write_text_file(pending.path() / "state.json", to_json(state));
  pending.commit();
  for (const auto& point : older) fs::remove_all(point);
}

std::optional<TrainingState> read_resume_state(const fs::path& stage_folder) {
  const auto points = resume_points(stage_folder);
  if (points.empty()) return std::nullopt;
  const auto file = points.back() / "state.json";
  try {
    return training_state_from_json(read_file(file));
  } catch (const Json::exception& error) {
    throw InputError(detail::concat(file.string(), ": damaged: ", error.what(), "; delete ",
                                    points.back().string(), " to train the stage from its start"));
  }
}

void load_resume_point(const fs::path& stage_folder, Optimizer& optimizer) {
  optimizer.restore(
      read_safetensors((resume_points(stage_folder).back() / "optimizer.safetensors").string()));
}

void remove_resume_points(const fs::path& stage_folder) {
  for (const auto& point : resume_points(stage_folder)) fs::remove_all(point);
}

}  // namespace umm
