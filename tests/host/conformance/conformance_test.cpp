// Each check keeps quiet over a plugin that keeps its promise, and catches one that breaks it.
#include "conformance/conformance.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <csignal>
#include <set>

#include "faults.h"

namespace umm::testing {
namespace {

using conformance::Check;
using conformance::NotApplicable;
using conformance::Outcome;
using conformance::Subject;
using ::testing::HasSubstr;

// `entry`, and honest toys of all other kinds but those in `without`.
Catalogue world(const PluginEntry& entry, const std::vector<PluginKind>& without = {}) {
  std::vector<LoadedPlugin> plugins;
  for (const PluginKind kind : kKinds)
    if (std::find(without.begin(), without.end(), kind) == without.end())
      plugins.push_back({kind == entry.kind ? entry : toy(kind), {}, "1", ""});
  return Catalogue::of(std::move(plugins));
}

// Kept out: whether a library describes itself alike needs a library.
std::vector<Check> checks_of(PluginKind kind) {
  auto checks = conformance::checks_of(kind);
  std::erase_if(checks, [](const Check& check) { return check.name == "description"; });
  return checks;
}

Check check_named(PluginKind kind, const std::string& name) {
  for (Check& check : checks_of(kind))
    if (check.name == name) return check;
  throw Error("no check `" + name + "` of kind " + to_text(kind));
}

// "" where the promise is kept.
std::string complaint(const Check& check, const PluginEntry& entry,
                      const std::vector<PluginKind>& without = {}) {
  const Catalogue catalogue = world(entry, without);
  try {
    check.run(Subject(catalogue.at(entry.kind, entry.id), catalogue, ""));
  } catch (const NotApplicable& reason) {
    return detail::concat("not applicable: ", reason.what());
  } catch (const std::exception& broken) {
    return broken.what();
  }
  return "";
}

// --- honest plugins

struct Honest {
  PluginKind kind;
  Check check;
};

std::vector<Honest> honest_cases() {
  std::vector<Honest> cases;
  for (const PluginKind kind : kKinds)
    for (Check& check : checks_of(kind)) cases.push_back({kind, std::move(check)});
  return cases;
}

class HonestToy : public ::testing::TestWithParam<Honest> {};

TEST_P(HonestToy, KeepsItsPromise) {
  EXPECT_EQ(complaint(GetParam().check, toy(GetParam().kind)), "") << GetParam().check.promise;
}

INSTANTIATE_TEST_SUITE_P(Every, HonestToy, ::testing::ValuesIn(honest_cases()), [](const auto& info) {
  return std::string(to_text(info.param.kind)) + "_" + info.param.check.name;
});

// --- broken ones

struct Broken {
  PluginKind kind;
  Fault fault;
};

std::vector<Broken> broken_cases() {
  std::vector<Broken> cases;
  const auto add = [&](PluginKind kind, std::vector<Fault> faults) {
    for (Fault& fault : faults) cases.push_back({kind, std::move(fault)});
  };
  add(PluginKind::architecture, entry_faults());
  add(PluginKind::architecture, weight_faults());
  add(PluginKind::architecture, loss_faults());
  add(PluginKind::architecture, condition_faults());
  add(PluginKind::architecture, capability_faults());
  add(PluginKind::method, method_faults());
  add(PluginKind::dataset, dataset_faults());
  add(PluginKind::prompt_set, prompt_set_faults());
  add(PluginKind::detector, detector_faults());
  add(PluginKind::answerer, answerer_faults());
  add(PluginKind::judge, judge_faults());
  add(PluginKind::evaluator, evaluator_faults());
  return cases;
}

class BrokenToy : public ::testing::TestWithParam<Broken> {};

TEST_P(BrokenToy, IsCaught) {
  const auto& [kind, fault] = GetParam();
  PluginEntry entry = toy(kind);
  fault.spoil(entry);
  const std::string text = complaint(check_named(kind, fault.check), entry);
  EXPECT_THAT(text, HasSubstr(fault.says));
  EXPECT_THAT(text, ::testing::Not(::testing::StartsWith("not applicable")));
}

INSTANTIATE_TEST_SUITE_P(Every, BrokenToy, ::testing::ValuesIn(broken_cases()), [](const auto& info) {
  const Fault& fault = info.param.fault;
  return std::string(to_text(info.param.kind)) + "_" + fault.check + "_" + fault.name;
});

// A check that no fault has made fail may be one that cannot.
TEST(Faults, LeaveNoCheckOut) {
  const std::set<std::string> of_any_plugin = {"entry", "options", "instances"};
  const auto all = broken_cases();
  for (const auto& [kind, check] : honest_cases()) {
    const bool caught =
        std::any_of(all.begin(), all.end(), [&, kind = kind, name = check.name](const auto& it) {
          return it.fault.check == name && (it.kind == kind || of_any_plugin.contains(name));
        });
    EXPECT_TRUE(caught) << to_text(kind) << " " << check.name;
  }
}

// --- nothing to look at

TEST(Checks, DoNotApplyWithoutWhatTheyLookAt) {
  const auto reason = [](PluginKind kind, const char* check, std::vector<PluginKind> without) {
    return complaint(check_named(kind, check), toy(kind), without);
  };
  EXPECT_THAT(reason(PluginKind::architecture, "randomness", {PluginKind::dataset}),
              HasSubstr("not applicable: no dataset here"));
  EXPECT_THAT(reason(PluginKind::method, "training", {PluginKind::architecture}),
              HasSubstr("not applicable: no architecture here"));
  EXPECT_THAT(reason(PluginKind::evaluator, "scores", {PluginKind::prompt_set}),
              HasSubstr("not applicable: no prompt set here"));
  EXPECT_THAT(reason(PluginKind::evaluator, "scores", {PluginKind::detector}),
              HasSubstr("not applicable: no detector here"));
}

// --- verdicts

TEST(VerdictOf, OutlivesACheckThatCrashes) {
  const Catalogue catalogue = world(toy(PluginKind::detector));
  const Subject subject(catalogue.at(PluginKind::detector, "toy_detector"), catalogue, "");
  const Check crash = {"crash", "it does not crash", [](const Subject&) {
                         std::signal(SIGSEGV, SIG_DFL);  // as without a sanitizer's handler
                         std::raise(SIGSEGV);
                       }};
  const auto crashed = conformance::verdict_of(crash, subject);
  EXPECT_EQ(crashed.outcome, Outcome::broken);
  EXPECT_EQ(crashed.check.name, "crash");
  EXPECT_THAT(crashed.reason, HasSubstr("killed by signal 11, Segmentation fault"));

  const auto next = conformance::verdict_of(check_named(PluginKind::detector, "detections"), subject);
  EXPECT_EQ(next.outcome, Outcome::kept) << next.reason;
  EXPECT_EQ(next.reason, "");
}

TEST(VerdictOf, TellsBrokenFromNotApplicable) {
  const Catalogue catalogue = world(toy(PluginKind::evaluator), {PluginKind::prompt_set});
  const Subject subject(catalogue.at(PluginKind::evaluator, "toy_evaluator"), catalogue, "");
  const auto idle = conformance::verdict_of(check_named(PluginKind::evaluator, "scores"), subject);
  EXPECT_EQ(idle.outcome, Outcome::not_applicable);
  EXPECT_EQ(idle.reason, "no prompt set here has records that it reads");

  const auto verdict = [&](auto error) {
    return conformance::verdict_of({"check", "a promise", [=](const Subject&) { throw error; }}, subject);
  };
  for (const auto& broken : {verdict(Error("two times")), verdict(std::runtime_error("two times"))}) {
    EXPECT_EQ(broken.outcome, Outcome::broken);
    EXPECT_EQ(broken.reason, "two times");
  }
}

}  // namespace
}  // namespace umm::testing
