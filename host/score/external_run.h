// Pictures that were made elsewhere, as a run of a sweep: a row of its own, whose architecture is "external".
#pragma once

#include <string>
#include <vector>

#include "launch/submission.h"
#include "loader/catalogue.h"
#include "spec/experiment.h"

namespace umm {

// What `ummbench score` is told.
struct ExternalRun {
  std::string benchmark;             // an evaluator, "geneval", or a protocol, "geneval/official-4x"
  std::string protocol;              // "": as `benchmark` says
  std::string prompts;               // file or prompt set, where no protocol says it
  std::string prompts_hash;          // of what a file asks, which the protocol has; "": of all that is in it
  bool oracle = false;               // the tiny world's own tells what is in a picture
  std::string judge_url;             // asks a judge there
  std::string judge_key_variable;    // of the environment
  std::string replies;               // stored replies, a folder or a file; no judge is asked
  bool only_evidence = false;        // nobody is asked: providers need not be here, nor be named
  int64_t images_per_prompt = 0;     // where neither protocol nor `sets` say it; 0: the default
  bool only_protocol = false;        // nothing is scored: files that it names need not be here
  std::vector<std::string> sets;     // of the evaluation: "threshold=0.5"; "resources.judge.parallel=2"
  std::string sweep, label, output;  // where it is stored
};

// Whether it says what the prompts are.
bool names_prompts(const ExternalRun& external);

// The catalogue with an architecture `external` that stands for whoever made the pictures.
Catalogue with_external(const Catalogue& catalogue);

// One untrained run with one evaluation. Throws SpecError; places in messages are those of a spec that says
// the same, which they show. InputError where options name another benchmark, or others to ask, than the
// protocol does.
//
// The judge's URL stands in the run alone: what is stored, the spec and its settings, has it without user,
// query and fragment, where keys may be.
Experiment external_experiment(const ExternalRun& external, const Catalogue& with_external);

// What is scored is the run's: other pictures, and those of another label, are another run. `content`: their
// SHA-256.
void set_content(RunConfig& run, const std::string& content);

}  // namespace umm
