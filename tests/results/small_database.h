// A sweep small enough to check by hand: base (1 run), sft and reca (seeds 0 and 1 each), 3 tags x 4 prompts
// x 2 pictures. reca continues sft's stage of the same seed, so that stage is shared by two runs.
//   hours of training: sft stage 1, reca stage 2; one failed sft attempt of 0.1; evaluation 0.5 + 0.05
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "results/store.h"

namespace umm::results {

class TemporaryFolder {
 public:
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// With the folders that lead to it.
void write_file(const std::filesystem::path& file, const std::string& text);

std::string identity_of(const std::string& name);  // 64 hex digits, another for every name

RunRow small_run(const std::string& label, int64_t seed);
std::vector<StageRow> small_stages(const std::string& label, int64_t seed);
EvaluationRow small_evaluation(const std::string& name, const std::string& protocol = "aaaabbbbccccdddd");
std::vector<ItemRow> small_items();
// `right`: of the eight pictures of each tag, how many are right.
std::vector<EvidenceRow> small_evidence(const std::vector<int>& right);
std::vector<ScoreRow> small_scores(const std::vector<int>& right);
CostRow small_cost(const std::string& phase, double device_seconds);

// Everything above in one database.
void fill_small_database(Store& store);

// What a database of several papers has besides: sweep "again" of the same runs, DPG of all of them, and WISE
// of seed 0 with refused pictures: both of the last prompt, and reca's first one. Pictures lie in
// "<benchmark>/<label><seed>/images".
void put_second_sweep(Store& store);

// A filled "results.sqlite" in the folder; filled once, then copied.
Store open_small_database(const TemporaryFolder& folder);

// The only value of a query, as text.
std::string query(const Store& store, const std::string& sql);

// The message of the StoreError that `action` throws; "" if it throws none.
template <typename Action>
std::string error_of(Action action) {
  try {
    action();
  } catch (const StoreError& error) {
    return error.what();
  }
  return "";
}

}  // namespace umm::results
