// Reads an experiment spec: TOML and `--set` arguments become checked, resolved runs.
#pragma once

#include <string>
#include <vector>

#include "spec/experiment.h"
#include "spec/problems.h"
#include "umm/error.h"

namespace umm {

class Catalogue;

// Everything that is wrong with a spec, rendered with its lines in what().
class SpecError : public InputError {
 public:
  SpecError(std::vector<spec::Problem> problems, const std::vector<spec::SourceText>& sources);

  const std::vector<spec::Problem>& problems() const {
    return problems_;
  }  // in file order, warnings included

 private:
  std::vector<spec::Problem> problems_;
};

// Throws SpecError with all problems of one pass, InputError where `path` cannot be read. Files that the spec
// names are hashed, nothing else is touched.
Experiment read_experiment(const std::string& path, const std::vector<std::string>& sets,
                           const Catalogue& catalogue);

}  // namespace umm
