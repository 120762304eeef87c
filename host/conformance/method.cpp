// What methods promise, on every architecture here that offers what they need.
#include <algorithm>
#include <map>
#include <set>

#include "conformance/checks.h"
#include "conformance/expect.h"
#include "conformance/trial.h"

namespace umm::conformance {
namespace {

void names_its_flows(const Subject& subject) {
  const auto flows = subject.entry().make_method(subject.options())->flows();
  UMM_CHECK(!flows.empty(), "flows() is empty under its defaults: there is nothing to train on");
  std::set<std::string> names;
  for (const Flow& flow : flows) {
    UMM_CHECK(names.insert(flow.name).second, "flow `", flow.name, "` is there twice");
    UMM_CHECK(!flow.doc.empty(), "flow `", flow.name, "` has no doc");
  }
}

struct Step {
  Tensor loss;  // scalar, with gradient
  std::vector<std::string> terms;
};

Step take_step(Method& method, Architecture& model, const Batch& batch, uint64_t seed) {
  std::map<std::string, Batch> batches;
  for (const Flow& flow : method.flows()) batches[flow.name] = batch;
  Rng rng(seed);
  Step step;
  for (const LossTerm& term : method.loss(model, batches, rng)) {
    const std::string what = "term `" + term.name + "`";
    UMM_CHECK(!term.name.empty(), "loss() gives a term without a name");
    step.terms.push_back(term.name);
    const Tensor mean = sound_mean(term.loss, term.loss.sum.size(0), what);
    step.loss = step.loss.defined() ? step.loss + term.weight * mean : term.weight * mean;
  }
  UMM_CHECK(step.loss.defined(), "loss() gives no term");
  return step;
}

void trains(const Subject& subject, const PluginEntry& architecture) {
  const auto fresh_model = [&] { return make_model(architecture, subject.options_of(architecture), 1); };
  const auto fresh_method = [&] { return subject.entry().make_method(subject.options()); };
  const auto model = fresh_model();
  const auto method = fresh_method();
  const Batch batch = subject.batch(model->image_size());
  std::set<std::string> known;
  for (const ParameterGroup& group : model->parameter_groups()) known.insert(group.name);
  const auto trained = method->trained_groups(*model);
  for (const auto& group : trained)
    UMM_CHECK(known.contains(group), "trained_groups() names `", group, "`, which the model does not have");
  UMM_CHECK(!trained.empty(), "trained_groups() is empty");
  train_only(*model, {trained.begin(), trained.end()});

  disturb_global_generator(1);
  const Step first = take_step(*method, *model, batch, 3);
  first.loss.backward();
  const auto parameters = model->parameters();
  UMM_CHECK(std::any_of(parameters.begin(), parameters.end(),
                        [](const Parameter& parameter) { return parameter.value.grad().defined(); }),
            "its loss reaches no parameter that is trained");
  for (const Parameter& parameter : parameters)
    UMM_CHECK(parameter.value.requires_grad() || !parameter.value.grad().defined(), path_of(parameter),
              " is frozen, and has a gradient");

  disturb_global_generator(2);
  take_step(*method, *model, batch, 4);  // what it keeps from here must not be felt below
  const Step again = take_step(*method, *model, batch, 3);
  const Step resumed = take_step(*fresh_method(), *model, batch, 3);
  UMM_CHECK(first.terms == again.terms, "equal steps have other terms");
  UMM_CHECK(first.loss.equal(again.loss), "equal Rngs give losses ", first.loss.item<float>(), " and ",
            again.loss.item<float>(), ": something is drawn elsewhere, or kept from step to step");
  UMM_CHECK(first.loss.equal(resumed.loss), "a fresh instance, as after a resume, gives loss ",
            resumed.loss.item<float>(), ", not ", first.loss.item<float>());
}

void trains_every_architecture(const Subject& subject) {
  const auto needs = subject.entry().needs(subject.options());
  bool tried = false;
  for (const PluginEntry* architecture : subject.lenders(PluginKind::architecture)) {
    const auto& offers = architecture->provides;
    if (!std::all_of(needs.begin(), needs.end(), [&](const std::string& need) {
          return std::find(offers.begin(), offers.end(), need) != offers.end();
        }))
      continue;
    tried = true;
    try {
      trains(subject, *architecture);
    } catch (const Error& error) {
      throw Error("on architecture `" + architecture->id + "`: " + error.what());
    }
  }
  if (!tried) throw NotApplicable("no architecture here offers what it needs");
}

}  // namespace

std::vector<Check> method_checks() {
  return {
      {"flows", "its streams of data are named once and explained", names_its_flows},
      {"training", "it trains every architecture that offers what it needs, and keeps nothing between steps",
       trains_every_architecture}};
}

}  // namespace umm::conformance
