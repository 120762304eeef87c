// Where the value of one key comes from in each run.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace umm {
struct RunConfig;
}

namespace umm::spec {

struct Context;
struct RunInput;
class Merged;

struct ExplainedValue {
  std::string layer;  // "default", "extends [base]", "[base]", "[[stage]]", "axis \"lr\"", "[[arm]]", "--set"
  std::string place;  // "sweep.toml:12:5"; of a default the plugin that declares it
  std::string value;

  bool operator==(const ExplainedValue&) const = default;
};

struct ExplainedKey {
  std::string stage;                   // "": not of a stage
  bool read = false;                   // the run has this key
  std::vector<ExplainedValue> values;  // weakest first: the last is in force

  bool operator==(const ExplainedKey&) const = default;
};

struct ExplainedRun {
  std::string name, identity;
  std::vector<ExplainedKey> keys;  // one, or one for each stage
};

// Keeps what became of the traced key in `run`.
void explain_run(Context& context, const RunInput& input, const RunConfig& run);

// Numbers of the settings that `run` read, in `context.settings`. Those that are set nowhere and have no
// default are left out.
std::vector<int64_t> number_settings(Context& context, const RunInput& input, const RunConfig& run);

ExplainedKey explained(const Context& context, const Merged& settings, const std::string& stage);

}  // namespace umm::spec
