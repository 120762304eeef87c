// Reads an experiment spec: TOML and the command line become checked, resolved runs.
#pragma once

#include <string>
#include <vector>

#include "spec/experiment.h"
#include "spec/explain.h"
#include "spec/files.h"
#include "umm/error.h"

namespace umm {

class Catalogue;

// Everything that is wrong with a spec, rendered with its lines in what().
class SpecError : public InputError {
 public:
  explicit SpecError(const spec::Problems& problems);

  const std::vector<spec::Problem>& problems() const {
    return problems_;
  }  // in file order, warnings included
  const std::vector<spec::SourceText>& sources() const { return sources_; }

 private:
  std::vector<spec::Problem> problems_;
  std::vector<spec::SourceText> sources_;
};

// What a command adds to the files.
struct SpecChanges {
  std::vector<std::string> sets = {};          // --set
  std::vector<std::string> only = {};          // --only: chooses runs, changes none
  size_t max_runs = 100000;                    // a larger product is a mistake (S108)
  bool without_providers = false;              // of evidence none need be named, nor be here
  bool origins = false;                        // Experiment::settings is filled
  const spec::Elsewhere* elsewhere = nullptr;  // where its files lie here; used during the call
  std::string prompts_hash = {};               // stands for the content of files of prompts; "": its SHA-256
};

// Throws SpecError with all problems of one pass. Files that the spec names are hashed, nothing else is
// touched.
Experiment read_experiment(const spec::SpecFiles& files, const SpecChanges& changes,
                           const Catalogue& catalogue);

// The same from a path; InputError where it cannot be read.
Experiment read_experiment(const std::string& path, const std::vector<std::string>& sets,
                           const Catalogue& catalogue);

// What [report] says, for a spec that was read before: plugins are not asked, its files not looked for, and
// what is wrong is passed over.
ReportConfig read_report(const spec::SpecFiles& files, const std::vector<std::string>& sets);

// Where `key` has its value from in each run that `changes` leave: "train.lr", of one stage
// "stage.<name>.train.lr".
// Throws as read_experiment(), and InputError where no run has the key.
std::vector<spec::ExplainedRun> explain(const spec::SpecFiles& files, const SpecChanges& changes,
                                        const Catalogue& catalogue, const std::string& key);

}  // namespace umm
