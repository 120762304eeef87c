// What a spec resolves to: checked, typed, and independent of TOML. Everything downstream (training,
// evaluation, results) works from these structs.
//
// Identities are SHA-256 over canonical text ("key = value" lines, sorted) plus content hashes of plugins
// and files: equal identity = same result = reuse. A stage's identity covers the chain up to it.
#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "umm/options.h"
#include "umm/plugin_kind.h"

namespace umm {

// A plugin with its checked options.
struct PluginUse {
  std::string id;
  Options options;
};

struct FlowConfig {
  PluginUse dataset;
  int64_t batch_size = 0;       // samples per micro-batch
  int64_t max_unreadable = 0;   // different samples that may be passed over; not in identities
  int64_t reading_threads = 1;  // where batches are drawn ahead of the device; not in identities
};

struct TrainConfig {
  int64_t updates = 0;          // optimizer updates until the stop
  int64_t horizon_updates = 0;  // updates the learning-rate schedule spans; 0: the same as `updates`
  int64_t warmup_updates = 0;
  int64_t accumulation = 1;  // micro-iterations per update
  double learning_rate = 0;
  double final_learning_rate_ratio = 0;  // of the schedule's end to its peak
  std::string schedule;                  // "constant" | "cosine" | "linear"
  double weight_decay = 0;
  std::string weight_decay_on = "all";  // "all" | "matrices": two dimensions and more
  std::vector<std::string> undecayed_groups;
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
  double clip_norm = 0;   // gradient norm; 0: off
  double ema_decay = 0;   // 0: no EMA kept
  std::string precision;  // "fp32" | "bf16": dtype of the model; masters of trained weights stay fp32
  int64_t checkpoint_every_updates = 0;              // 0: only at the end
  std::vector<std::string> trained_groups;           // empty: the method's choice
  std::vector<std::string> reinitialized_groups;     // start from fresh values instead of the stage before
  std::vector<std::vector<std::string>> flow_cycle;  // flows per micro-iteration, cyclic; empty: all, always
};

struct StageConfig {
  std::string name;
  PluginUse method;
  std::map<std::string, FlowConfig> flows;
  TrainConfig train;
  std::string identity;   // 64 hex digits, covers base weights, architecture, seed and earlier stages
  std::string canonical;  // the text hashed for it
};

// A published score of a protocol, and how far off a repeat by others may be.
struct ProtocolAnchor {
  std::string label;                // of the row that repeats it: "Show-o"
  double score = 0, tolerance = 0;  // the headline, in the benchmark's own range
};

struct EvaluationConfig {
  std::string name;  // "geneval"
  PluginUse evaluator;
  std::string prompt_file;                    // a file of records, or ""
  PluginUse prompt_set;                       // used where prompt_file is ""
  std::map<PluginKind, PluginUse> providers;  // of evidence: those of kEvidenceKinds that the evaluator asks
  Options sampling;                           // architecture's sampling schema
  int64_t images_per_prompt = 4;
  int64_t batch_size = 32;  // does not change a picture's draws
  uint64_t seed = 0;
  std::string weights;        // "last" | "ema": which weights are evaluated
  std::string protocol_hash;  // evaluator, its options, prompts, providers, images per prompt, seed
  std::vector<ProtocolAnchor> anchors = {};  // of the protocol's file; they are not in the hash
};

// Where judges are reached and what they may cost: JudgeConnection (umm/evidence.h) without the key.
struct JudgeServerConfig {
  std::string url;           // base, as "http://localhost:8000/v1"
  std::string key_variable;  // of the environment
  std::string key_file;      // read where it is named; at most one of the two
  int64_t parallel = 8;
  double requests_per_minute = 0;
  int64_t max_tokens = 0;
  double max_cost = 0, price_in = 0, price_out = 0;
  bool replay_only = false;
};

// What a run asks of a machine.
struct ResourceConfig {
  std::string device;                   // "auto" | "cpu" | "cuda:N"
  int64_t threads = 0;                  // CPU threads; 0: all
  int64_t gpus = 1;                     // at once; more than one is refused until training is sharded
  std::vector<std::string> gpu_models;  // one of these must stand in the device's name; empty: any
  double time_limit_seconds = 0;        // of one process; 0: none
  JudgeServerConfig judge;

  bool allows(const std::string& device_name) const {
    return gpu_models.empty() || std::any_of(gpu_models.begin(), gpu_models.end(), [&](const auto& model) {
             return device_name.find(model) != std::string::npos;
           });
  }
};

// A setting that runs read, and what put it there.
struct SettingOrigin {
  std::string key;     // "eval.geneval.batch"; of a stage "stage.reca.train.lr"
  std::string value;   // as it was written, or the default
  std::string origin;  // "[base] sweep.toml:12:5", "axis \"lr\" sweep.toml:30:11", "--set", "default of reca"

  auto operator<=>(const SettingOrigin&) const = default;
};

struct RunConfig {
  std::string identity;                     // 64 hex digits
  std::string label;                        // row of the table: "reca"; replicates share it
  std::string name;                         // "reca, seed 0"; unique within the sweep
  bool reference = false;                   // no stages: the base weights as they are
  std::map<std::string, std::string> axes;  // axis name -> value text, replicate axes included
  std::vector<std::string> replicate_axes;
  uint64_t seed = 0;
  PluginUse architecture;
  std::string base;                           // checkpoint folder, or "" for fresh weights
  std::string base_hash;                      // content hash of its files
  ResourceConfig resources;                   // not part of the identity
  std::map<std::string, std::string> inputs;  // every file and folder it reads -> content hash
  std::vector<std::string> awaits;            // what [awaits] names and is not here: it cannot run yet
  std::vector<StageConfig> stages;
  std::vector<EvaluationConfig> evaluations;
  std::string canonical;
  std::vector<int64_t> settings = {};  // places in Experiment::settings; empty unless these were asked for
};

// What a spec multiplies to, for summaries.
struct AxisSummary {
  std::string name;
  int64_t num_values = 0;
  bool replicate = false;
};

struct SkippedRuns {
  std::string place;  // of the arm: "sweep.toml:24:1"
  std::string when;   // "arch = showo, lr = 0.001"
  std::string because;
  int64_t num_runs = 0;
};

struct BudgetConfig {
  double gpu_hours = 0;  // device-hours of the whole sweep, waste included; 0: no limit
  std::string on_limit = "stop-launching";
  std::string place;  // "sweep.toml:92:13", for messages
};

struct LaunchConfig {
  std::string engine = "local";
  int64_t parallel = 0;  // processes at once; 0: one for each GPU, one on a CPU
};

// What tables and reports compare.
struct ReportConfig {
  // Axis -> label of its value in the rows that others are compared with.
  std::map<std::string, std::string> baseline;
  std::vector<std::string> tests;
  std::string correct;
  std::vector<std::string> tables;  // recipes
};

struct Experiment {
  std::string name;
  std::string description;
  std::string spec_path;
  std::string spec_text;               // of the file, of those it extends and of protocols
  std::vector<std::string> overrides;  // `--set` arguments, in order
  std::vector<std::string> tags;
  BudgetConfig budget;
  LaunchConfig launch;
  ReportConfig report;
  std::string output;           // folder for runs and the database, relative to the working folder
  std::vector<RunConfig> runs;  // references first, then the product in file order
  std::vector<SettingOrigin> settings = {};  // of all runs, each once
  std::vector<AxisSummary> axes;
  std::vector<SkippedRuns> skipped;  // by arms
  int64_t left_out = 0;              // runs that `--only` does not mean
  std::vector<std::string> warnings;
};

}  // namespace umm
