// What every plugin promises to the host, as checks that run on any library: `ummbench plugin check`, and the
// project's own contract test over its own plugins.
#pragma once

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "conformance/subject.h"

namespace umm::conformance {

// Thrown by a check that has nothing to look at: "has no image codec".
class NotApplicable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Check {
  std::string name;     // "gradients"
  std::string promise;  // "a gradient reaches every parameter that is trained, and no other"
  std::function<void(const Subject&)> run;  // throws Error where the promise is broken
};

std::vector<Check> checks_of(PluginKind kind);

enum class Outcome { kept, broken, not_applicable };

struct Verdict {
  Check check;
  Outcome outcome = Outcome::kept;
  std::string reason;  // "" where the promise is kept
};

// Each check in a process of its own: what crashes or hangs is that check's verdict, and the next one runs.
Verdict verdict_of(const Check& check, const Subject& subject);

}  // namespace umm::conformance
