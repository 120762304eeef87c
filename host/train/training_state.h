// How far a stage has come: everything but tensors that a resumed stage needs, and what is recorded of it.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "meter/work.h"
#include "results/store.h"
#include "train/data_stream.h"
#include "train/optimizer.h"

namespace umm {

// Training curves of at most 200 points: each the mean over the updates since the one before.
class Curves {
 public:
  explicit Curves(int64_t total_updates);

  void add(const std::string& name, double value);  // one value of the running update
  void end_update(int64_t updates_done);

  const std::vector<results::CurvePoint>& points() const { return points_; }
  std::string to_json() const;
  void restore(const std::string& json);

 private:
  struct Mean {
    double sum = 0;
    int64_t count = 0;
  };
  int64_t total_updates_, interval_;
  std::map<std::string, Mean> running_;
  std::vector<results::CurvePoint> points_;
};

struct TrainingState {
  results::TrainingTotals totals;
  StreamPositions positions;          // of the data
  double seconds = 0;                 // of training that led here; what was lost in crashes not counted
  std::optional<Work> work = Work();  // likewise; nullopt: training began before this was recorded
  std::string device;                 // name of the latest one
  std::string curves;                 // Curves::to_json()
};

std::string to_json(const TrainingState& state);
TrainingState training_state_from_json(const std::string& json);

// Resume points live in `<stage folder>/resume-<updates>`; the newest counts, older ones are removed.
void save_resume_point(const std::filesystem::path& stage_folder, const TrainingState& state,
                       const Optimizer& optimizer);

// State of the newest resume point; nullopt: there is none.
std::optional<TrainingState> read_resume_state(const std::filesystem::path& stage_folder);
void load_resume_point(const std::filesystem::path& stage_folder, Optimizer& optimizer);
void remove_resume_points(const std::filesystem::path& stage_folder);

}  // namespace umm
