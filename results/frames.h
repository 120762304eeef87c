// The frames of a journal and their JSON. A journal holds one process's work on one run, in this order:
//   attempt            first: the run and its stages, so that a journal alone tells what it is about
//   stage_found        a stage was finished before this process began
//   stage_begin ... stage_end | stage_stop       training, with curve and resume_point in between
//   evaluation         pictures were scored: everything of it
//   evaluation_found   they were before
//   progress           at any time; what `ummbench status` shows
//   end                last; absent: the process was killed
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "results/store.h"

namespace umm::results {

struct AttemptFrame {
  static constexpr const char* kType = "attempt";
  int64_t number = 0;  // of this run, from 1
  std::string name;    // "reca, seed 0"
  std::string host;
  int64_t process = 0;
  RunRow run;  // without a sweep: which sweeps have the run is theirs to say
  std::vector<StageRow> stages;
};

struct StageBegin {
  static constexpr const char* kType = "stage_begin";
  std::string stage;   // identity, as in all frames
  std::string device;  // name
  double seconds = 0;  // of training behind the resume point that it goes on from
};

// Points that came since the last one; the first of a resumed stage has those that its resume point kept.
struct CurveFrame {
  static constexpr const char* kType = "curve";
  std::string stage;
  std::vector<CurvePoint> points;
};

struct ResumePoint {
  static constexpr const char* kType = "resume_point";
  std::string stage;
  int64_t updates = 0;
  double seconds = 0;  // of training that it keeps
};

// Also what is recorded of a stage that was found finished.
struct StageEnd {
  static constexpr const char* kType = "stage_end";
  static constexpr const char* kFound = "stage_found";
  std::string stage;
  TrainingTotals totals;
  std::vector<CostRow> costs;
  std::vector<CurvePoint> curves;
};

struct StageStop {
  static constexpr const char* kType = "stage_stop";
  std::string stage;
  std::string status;  // "failed" | "interrupted"
  std::string error;
  std::vector<CostRow> costs;  // of what was lost
};

struct EvaluationFrame {
  static constexpr const char* kType = "evaluation";
  EvaluationRow evaluation;
  std::vector<ItemRow> items;
  std::vector<EvidenceRow> evidence;
  std::vector<ScoreRow> scores;
  std::vector<CostRow> costs;
};

struct EvaluationFound {
  static constexpr const char* kType = "evaluation_found";
  std::string evaluation;  // identity
  std::string name = {};   // in the run's spec; "": from before this was recorded
};

struct ProgressFrame {
  static constexpr const char* kType = "progress";
  std::string phase;  // "train reca", "generate for geneval"
  int64_t done = 0, total = 0;
  std::string unit;    // "updates"
  std::string note;    // "loss 2.31"
  double seconds = 0;  // since this process began the phase
  double rate = 0;     // units per second
};

struct AttemptEnd {
  static constexpr const char* kType = "end";
  std::string outcome;  // "complete" | "incomplete": but for answers of a judge | "failed" | "stopped"
  std::string error;
  std::vector<std::string> evaluations = {};  // identities; of a complete or incomplete run all that it has
};

// The JSON object of a frame, and back. StoreError: it lacks something, or a score or a time in it is not a
// number.
template <typename FrameType>
std::string to_payload(const FrameType& frame);
template <typename FrameType>
FrameType from_payload(std::string_view payload);

}  // namespace umm::results
