// The results database. It is made from journals and sweeps by one process at a time (ingest.h); every call
// is one transaction unless the caller holds one, so a crash loses at most the call that was running. Schema,
// units and meaning: schema.sql. What to store twice is safe to store twice: put_* of something present
// changes nothing, except that a sweep's text and a run's place in it follow the latest call, and that
// another process's try at an evaluation adds what it cost, and stands in its place if it has more scores.
// What processes say (sweep = "") of a run's first start stands before what sweeps say.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

struct sqlite3;

namespace umm::results {

// What was expected, what was found, in which file, and what to do.
class StoreError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct SweepRow {
  std::string name, description, spec_path, spec_text;
  std::string created_utc = {};  // first start; "": now
};

struct RunRow {
  std::string identity;  // 64 hex digits
  std::string sweep;     // name; "": of no sweep, and then without label, reference and axes
  std::string label;     // row of the table: "base", "reca"; runs that differ in seed share it
  bool reference = false;
  std::string architecture;
  std::string method;  // of the last stage; "" for a reference
  int64_t seed = 0;
  std::map<std::string, std::string> axes;
  std::vector<std::string> replicate_axes;
  std::string canonical_config;
  std::string program_version;
  std::string created_utc = {};  // first planned; "": now
};

struct StageRow {
  std::string identity;  // 64 hex digits
  std::string name, method;
  std::string canonical_config;
};

// Cost of one phase of one attempt. Phases: load, train, generate, score. Units and meaning: schema.sql;
// nothing: unknown.
struct CostRow {
  std::string phase;
  double device_seconds = 0;  // wall seconds x devices
  std::string device_name;    // "cpu: AMD EPYC x2 threads", "NVIDIA H200"
  int64_t num_devices = 1;
  int64_t peak_host_bytes = 0;
  int64_t peak_device_bytes = 0;
  int64_t images = 0;  // trained on, generated or scored
  std::optional<double> energy_joules = {};
  std::optional<int64_t> tokens = {};
  std::optional<double> model_flops = {};
  int64_t judge_calls = 0, judge_tokens_in = 0, judge_tokens_out = 0;
};

struct TrainingTotals {
  int64_t micro_iterations = 0;
  int64_t updates = 0;
  int64_t images_seen = 0;
};

struct CurvePoint {
  int64_t update = 0;
  std::string name;  // "loss", "loss/recon", "learning_rate", "grad_norm"
  double value = 0;
};

struct ItemRow {
  std::string item_id, tag, prompt, metadata;  // one benchmark prompt
};

struct EvidenceRow {
  std::string item_id;
  int64_t image_index = 0;
  std::string image_path;  // relative to the database's folder
  std::string image_sha256;
  std::string evidence_json;
  double score = 0;  // 0 unless scored
  std::string reason;
  std::string status = "scored";  // else "unparsable", "refused" or "failed": there is no score
};

struct ScoreRow {
  std::string name;
  double value = 0;
  std::optional<int64_t> num_images = {};    // that it speaks for; nothing: from before this was recorded
  std::optional<int64_t> num_unscored = {};  // of them, without a score

  bool operator==(const ScoreRow&) const = default;
};

struct EvaluationRow {
  std::string identity;   // hash of checkpoint identity, protocol and sampling
  std::string benchmark;  // evaluator: "geneval"
  std::string protocol_hash;
  std::string protocol_text;  // canonical text: everything needed to score again
  std::string sampling_text;
  std::string evaluator_version;
  std::string detector_version;
  std::string weights;  // "last" | "ema" | "base"
  std::string checkpoint_path;
  std::string checkpoint_hash;
  std::string created_utc = {};  // "": now
  int64_t number = 0;            // of the run's process that made it
  std::string name = {};         // in the spec of the run that made it: "geneval_ema"; "": unknown
};

// One process's try at a stage; run and number name its journal.
struct AttemptRow {
  std::string stage;     // identity
  std::string run = {};  // identity; "": unknown
  int64_t number = 0;
  std::string host = {};         // "": this one
  std::string started_utc = {};  // "": now
  bool found = false;            // finished, by a process that no journal tells of
};

// How far a journal has been taken into the database.
struct JournalRow {
  std::string run;  // identity
  int64_t number = 0;
  int64_t next_offset = 0, next_sequence = 0;
  bool closed = false;  // ended, or its writer is dead: nothing more will come
  std::string problem;  // "": none
  std::string host = {};
  bool unexplained = false;  // an attempt was killed, and nobody has said yet how; only read
  std::optional<std::string> outcome =
      "";  // of its last frame; "": the process has not said; nothing: unknown
};

constexpr const char* kKilled = "the process was killed";
constexpr const char* kStageWasComplete = "another attempt had completed the stage";

class Store {
 public:
  // Creates or opens for writing; an older schema is brought up to date.
  // StoreError: newer user_version, not a database of ours, read-only, disk full, held by another writer, on
  // a network file system (network_files.h).
  static Store open(const std::string& path);
  static Store open_read_only(const std::string& path);  // while another process writes, too
  Store(Store&&) noexcept;
  ~Store();

  // Starts the sweep: it then has no runs until put_run adds them, so runs of an older spec leave its table.
  void put_sweep(const SweepRow& sweep);
  void put_run(const RunRow& run, const std::vector<StageRow>& stages);

  int64_t begin_attempt(const AttemptRow& attempt);  // returns the attempt's id
  std::optional<int64_t> running_attempt(
      const AttemptRow& attempt) const;  // its id; host and start are not read
  bool has_running_attempt(const JournalRow& journal) const;
  // Totals and costs cover the whole stage, with what a resume carried over. Costs given to interrupt_attempt
  // are work that was lost (since the last checkpoint): they count as wasted.
  void finish_attempt(int64_t attempt, const TrainingTotals& totals, const std::vector<CostRow>& costs,
                      const std::vector<CurvePoint>& curves, const std::string& utc = "");
  void interrupt_attempt(int64_t attempt, const std::string& status, const std::string& error,
                         const std::vector<CostRow>& costs,
                         const std::string& utc = "");  // "failed" | "interrupted"
  // Of an attempt under way: what there is of its curves so far. finish_attempt puts the whole in its place.
  void add_curve_points(int64_t attempt, const std::vector<CurvePoint>& points);
  void remove_curves(int64_t attempt);
  // Whether the attempt, which ends at `utc`, is the one that completes its stage: the first to end, in
  // whatever order they are stored, found ones last. One that was stored as complete is then so no longer.
  bool make_way(const AttemptRow& attempt, const std::string& utc);
  void explain_attempt(const JournalRow& journal, const std::string& error);  // why it was killed
  // Of an attempt that was taken for killed, and whose journal goes on after all.
  void reopen_attempt(const AttemptRow& attempt);
  bool stage_complete(const std::string& stage_identity) const;

  // A whole evaluation at once: complete or absent. Of several that with the most scored pictures counts, of
  // these the first, in whatever order they are stored; what processes spent on it counts of all.
  void put_evaluation(const std::string& run_identity, const EvaluationRow& evaluation,
                      const std::vector<ItemRow>& items, const std::vector<EvidenceRow>& evidence,
                      const std::vector<ScoreRow>& scores, const std::vector<CostRow>& costs);
  bool evaluation_complete(const std::string& evaluation_identity) const;
  // A run whose evaluation exists already (same checkpoint, same protocol) only gets a link to it.
  // `name`: as in EvaluationRow; of several the first in the alphabet stays.
  void link_evaluation(const std::string& run_identity, const std::string& evaluation_identity,
                       const std::string& name = "");
  // The same for one that a journal may yet bring; until then it is among the missing ones.
  void find_evaluation(const std::string& run_identity, const std::string& evaluation_identity,
                       const std::string& name = "");
  std::vector<std::pair<std::string, std::string>> missing_evaluations() const;  // run, evaluation

  // Runs that no sweep has and no process began.
  void forget_unstarted_runs();
  void fail_run(const std::string& run_identity, const std::string& error);  // "": it did not fail after all

  // From the start if it is new. `folder`: the first digits of the run's identity.
  JournalRow journal_in_folder(const std::string& folder, int64_t number) const;
  void put_journal(const JournalRow& journal);
  int64_t latest_journal(const std::string& run_identity) const;  // number; 0: none

  std::vector<std::string> sweeps() const;  // names, oldest first
  std::vector<EvaluationRow> evaluations() const;
  std::vector<ItemRow> items(const std::string& evaluation_identity) const;
  std::vector<EvidenceRow> evidence(const std::string& evaluation_identity) const;
  std::vector<ScoreRow> scores(const std::string& evaluation_identity) const;

  sqlite3* handle() const;  // for the table and statistics code in this folder

 private:
  struct Connection;
  explicit Store(std::unique_ptr<Connection> connection);
  void end_attempt(int64_t attempt, const std::string& utc, const std::string& status,
                   const std::string* error);
  std::unique_ptr<Connection> connection_;
};

}  // namespace umm::results
