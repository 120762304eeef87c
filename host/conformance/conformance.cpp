#include "conformance/conformance.h"

#include "conformance/checks.h"
#include "process/child_process.h"

namespace umm::conformance {
namespace {

constexpr std::chrono::seconds kTimeLimit(120);

std::vector<Check> checks_of_kind(PluginKind kind) {
  switch (kind) {
    case PluginKind::architecture: {
      std::vector<Check> checks = architecture_checks();
      for (Check& check : condition_checks()) checks.push_back(std::move(check));
      for (Check& check : capability_checks()) checks.push_back(std::move(check));
      return checks;
    }
    case PluginKind::method:
      return method_checks();
    case PluginKind::dataset:
      return dataset_checks();
    default:
      return evaluation_checks(kind);
  }
}

}  // namespace

std::vector<Check> checks_of(PluginKind kind) {
  std::vector<Check> checks = any_plugin_checks();
  for (Check& check : checks_of_kind(kind)) checks.push_back(std::move(check));
  return checks;
}

Verdict verdict_of(const Check& check, const Subject& subject) {
  const auto run = [&] {
    try {
      check.run(subject);
      return std::string();
    } catch (const NotApplicable& reason) {
      return std::string(reason.what());
    }
  };
  try {
    const std::string reason = in_child_process(run, kTimeLimit);
    return {check, reason.empty() ? Outcome::kept : Outcome::not_applicable, reason};
  } catch (const Error& broken) {
    return {check, Outcome::broken, broken.what()};
  }
}

}  // namespace umm::conformance
