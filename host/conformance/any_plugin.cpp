// What plugins of every kind promise.
#include <algorithm>
#include <regex>
#include <set>

#include "conformance/checks.h"
#include "loader/attach.h"

namespace umm::conformance {
namespace {

const std::vector<std::string> kCapabilities = {
    ImageEncoder::kName,  GenerationObjective::kName, TextObjective::kName,  ImageGenerator::kName,
    TextGenerator::kName, ImageCodec::kName,          OfficialWeights::kName};

std::vector<bool> factories(const PluginEntry& entry) {  // in the order of PluginKind
  return {static_cast<bool>(entry.make_architecture), static_cast<bool>(entry.make_method),
          static_cast<bool>(entry.make_dataset),      static_cast<bool>(entry.make_prompt_set),
          static_cast<bool>(entry.make_detector),     static_cast<bool>(entry.make_answerer),
          static_cast<bool>(entry.make_judge),        static_cast<bool>(entry.make_evaluator)};
}

void expect_capabilities(const std::vector<std::string>& names, const std::string& what) {
  for (const auto& name : names)
    UMM_CHECK(std::find(kCapabilities.begin(), kCapabilities.end(), name) != kCapabilities.end(), what, " `",
              name, "`, which is no capability of umm/capabilities.h");
}

void says_what_it_is(const Subject& subject) {
  static const std::regex kName("[a-z][a-z0-9_]*");
  const PluginEntry& entry = subject.entry();
  UMM_CHECK(std::regex_match(entry.id, kName), "the id must be lower case, [a-z][a-z0-9_]*; it is `",
            entry.id, "`");
  UMM_CHECK(!entry.doc.empty(), "its entry has no `doc`: one sentence of what it is");
  const auto made = factories(entry);
  for (size_t kind = 0; kind < made.size(); ++kind) {
    const char* name = to_text(static_cast<PluginKind>(kind));
    if (static_cast<PluginKind>(kind) == entry.kind)
      UMM_CHECK(made[kind], "its entry is of kind ", name, " and has no make_", name);
    else
      UMM_CHECK(!made[kind], "its entry is of kind ", to_text(entry.kind), " and has a make_", name);
  }
  expect_capabilities(entry.provides, "it provides");
  for (const PluginKind kind : entry.asks)
    UMM_CHECK(std::count(kEvidenceKinds.begin(), kEvidenceKinds.end(), kind) == 1, "it asks a ",
              to_text(kind),
              ", which tells nobody what is in a picture");
  UMM_CHECK(entry.asks.empty() == (entry.kind != PluginKind::evaluator),
            "`asks` belongs to evaluators, and to each of them");
  const bool is_method = entry.kind == PluginKind::method;
  UMM_CHECK(static_cast<bool>(entry.needs) == is_method, "`needs` belongs to methods, and to each of them");
  if (is_method) expect_capabilities(entry.needs(subject.options()), "it needs");
}

void has_valid_options(const Subject& subject) {
  static const std::regex kName("[a-z][a-z0-9_]*");
  for (const OptionSchema* schema : {&subject.entry().options, &subject.entry().sampling}) {
    std::set<std::string> names;
    for (const OptionSpec& spec : schema->specs()) {
      UMM_CHECK(std::regex_match(spec.name, kName), "option `", spec.name, "` must be named in lower case");
      UMM_CHECK(names.insert(spec.name).second, "option `", spec.name, "` is declared twice");
      UMM_CHECK(!spec.doc.empty(), "option `", spec.name, "` has no doc");
      const std::string problem = schema->problem(spec, spec.default_value);
      UMM_CHECK(problem.empty(), "the default of option `", spec.name, "`: ", problem);
    }
  }
}

// Everything that `plugin show` prints of it.
std::string description(const PluginEntry& entry) {
  std::string text = detail::concat(to_text(entry.kind), " ", entry.id, ": ", entry.doc);
  for (const auto& name : entry.provides) text += "\nprovides " + name;
  for (const OptionSchema* schema : {&entry.options, &entry.sampling})
    for (const OptionSpec& spec : schema->specs()) {
      text +=
          detail::concat("\noption ", spec.name, " ", to_text(spec.type), " ", to_text(spec.default_value),
                         " ", spec.minimum, " ", spec.maximum, " ", spec.doc);
      for (const auto& choice : spec.choices) text += " " + choice;
    }
  return text;
}

void describes_itself_alike(const Subject& subject) {
  const auto same = [&](const PluginEntry& entry) {
    return entry.kind == subject.entry().kind && entry.id == subject.entry().id;
  };
  const PluginFile file = inspect_plugin(subject.plugin().file, host_identity());
  for (int time = 0; time < 2; ++time) {
    const auto entries = attach_plugin(file, {});
    const auto again = std::find_if(entries.begin(), entries.end(), same);
    UMM_CHECK(again != entries.end(), "it is not registered when the library is asked again");
    UMM_CHECK(description(*again) == description(subject.entry()),
              "the library describes it otherwise when asked again");
  }
}

std::shared_ptr<void> make_instance(const Subject& subject) {
  const PluginEntry& entry = subject.entry();
  const Options& options = subject.options();
  switch (entry.kind) {
    case PluginKind::architecture:
      return entry.make_architecture(options);
    case PluginKind::method:
      return entry.make_method(options);
    case PluginKind::dataset:
      return entry.make_dataset(options);
    case PluginKind::prompt_set:
      return entry.make_prompt_set(options);
    case PluginKind::detector:
      return entry.make_detector(options);
    case PluginKind::answerer:
      return entry.make_answerer(options);
    case PluginKind::judge:
      return entry.make_judge(options, {.replay_only = true});
    case PluginKind::evaluator:
      return subject.fed_evaluator();
  }
  return nullptr;
}

void can_be_made_often(const Subject& subject) {
  constexpr int kTimes = 100;
  for (int time = 0; time < kTimes; ++time)
    UMM_CHECK(make_instance(subject), "its factory gave nothing when called for the ", time + 1, ". time");
}

}  // namespace

std::vector<Check> any_plugin_checks() {
  return {{"entry", "it has an id, a sentence of what it is, and the factory of its kind", says_what_it_is},
          {"options", "options are named once, explained, and fit their own ranges", has_valid_options},
          {"description", "asked again, the library describes it alike", describes_itself_alike},
          {"instances", "it can be made and dropped a hundred times", can_be_made_often}};
}

}  // namespace umm::conformance
