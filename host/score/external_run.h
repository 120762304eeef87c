// Pictures that were made elsewhere, as a run of a sweep: a row of its own, whose architecture is "external".
#pragma once

#include <string>
#include <vector>

#include "loader/catalogue.h"
#include "spec/experiment.h"

namespace umm {

// What `ummbench score` is told.
struct ExternalRun {
  std::string benchmark;             // an evaluator, "geneval", or a protocol, "geneval/official-4x"
  std::string protocol;              // "": as `benchmark` says
  std::string prompts;               // file or prompt set, where no protocol says it
  bool oracle = false;               // the tiny world's own tells what is in a picture
  std::string judge_url;             // asks a judge there
  std::string judge_key_variable;    // of the environment
  std::string replies;               // folder of stored replies; no judge is asked
  bool only_evidence = false;        // nobody is asked: providers need not be here
  std::vector<std::string> sets;     // of the evaluation: "threshold=0.5"
  std::string sweep, label, output;  // where it is stored
};

// Whether it says what the prompts are.
bool names_prompts(const ExternalRun& external);

inline constexpr const char* kExternal = "external";

// The catalogue with an architecture `external` that stands for whoever made the pictures.
Catalogue with_external(const Catalogue& catalogue);

// One untrained run with one evaluation. Throws SpecError; places in messages are those of a spec that says
// the same, which they show.
Experiment external_experiment(const ExternalRun& external, const Catalogue& with_external);

// What is scored is the run's: other pictures, and those of another label, are another run. `content`: their
// SHA-256.
void set_content(RunConfig& run, const std::string& content);

}  // namespace umm
