// Methods, datasets and prompt sets that are not what they promise.
#include <ATen/ATen.h>

#include <cmath>
#include <stdexcept>
#include <thread>

#include "faults.h"

namespace umm::testing {
namespace {

// --- methods

struct NamesAFlowTwice : ToyMethod {
  std::vector<Flow> flows() const override { return {{"t2i", "pictures"}, {"t2i", "more of them"}}; }
};

struct HasNoFlow : ToyMethod {
  std::vector<Flow> flows() const override { return {}; }
};

struct ExplainsNoFlow : ToyMethod {
  std::vector<Flow> flows() const override { return {{"t2i", ""}}; }
};

// Gives the honest terms away to be changed.
struct OtherTerms : ToyMethod {
  virtual void change(std::vector<LossTerm>& terms) = 0;
  std::vector<LossTerm> loss(Architecture& model, const std::map<std::string, Batch>& batches,
                             Rng& rng) override {
    auto terms = ToyMethod::loss(model, batches, rng);
    change(terms);
    return terms;
  }
};

struct CountsSteps : OtherTerms {
  void change(std::vector<LossTerm>& terms) override { terms[0].weight = 1.0 / ++steps; }
  int steps = 0;
};

// As what a static variable keeps: a resume starts it anew only with the process.
struct CountsInstances : OtherTerms {
  CountsInstances() : number(++count) {}
  void change(std::vector<LossTerm>& terms) override { terms[0].weight = number; }
  inline static int count = 0;
  int number;
};

struct RenamesItsTerms : OtherTerms {
  void change(std::vector<LossTerm>& terms) override { terms[0].name += std::to_string(++steps); }
  int steps = 0;
};

struct DrawsFromLibTorch : OtherTerms {
  void change(std::vector<LossTerm>& terms) override { terms[0].loss.sum = terms[0].loss.sum * at::rand({}); }
};

struct IsNotANumber : OtherTerms {
  void change(std::vector<LossTerm>& terms) override { terms[0].loss.sum = terms[0].loss.sum * std::nan(""); }
};

struct HasNoTerm : OtherTerms {
  void change(std::vector<LossTerm>& terms) override { terms.clear(); }
};

struct NamesNoTerm : OtherTerms {
  void change(std::vector<LossTerm>& terms) override { terms[0].name = ""; }
};

struct LearnsFromNothing : OtherTerms {
  void change(std::vector<LossTerm>& terms) override {
    terms[0].loss.sum = terms[0].loss.sum.detach().set_requires_grad(true);
  }
};

struct WritesAGradient : ToyMethod {
  std::vector<LossTerm> loss(Architecture& model, const std::map<std::string, Batch>& batches,
                             Rng& rng) override {
    for (Parameter& parameter : model.parameters())
      if (!parameter.value.requires_grad()) parameter.value.mutable_grad() = at::ones_like(parameter.value);
    return ToyMethod::loss(model, batches, rng);
  }
};

struct TrainsAnUnknownGroup : ToyMethod {
  std::vector<std::string> trained_groups(Architecture&) const override { return {"eyes"}; }
};

struct TrainsNothing : ToyMethod {
  std::vector<std::string> trained_groups(Architecture&) const override { return {}; }
};

// --- datasets

// Gives the honest sample away to be changed.
struct OtherSamples : ToyDataset {
  virtual void change(Sample& sample) const = 0;
  Sample sample(int64_t index) const override {
    Sample sample = ToyDataset::sample(index);
    change(sample);
    return sample;
  }
};

struct CountsSamples : OtherSamples {
  void change(Sample& sample) const override { sample.caption += std::to_string(++count); }
  mutable int count = 0;
};

struct DrawsPictures : OtherSamples {
  void change(Sample& sample) const override { sample.image = at::rand({3, 8, 8}); }
};

struct DiffersByInstance : OtherSamples {
  DiffersByInstance() : number(++count) {}
  void change(Sample& sample) const override { sample.answer += std::to_string(number); }
  inline static int count = 0;
  int number;
};

struct DiffersByThread : OtherSamples {
  void change(Sample& sample) const override {
    static const auto first = std::this_thread::get_id();
    if (std::this_thread::get_id() != first) sample.image = -sample.image;
  }
};

struct LosesASource : OtherSamples {
  void change(Sample& sample) const override {
    if (++count % 2 == 1) sample.source_image = sample.image;
  }
  mutable int count = 0;
};

struct IsTooBright : OtherSamples {
  void change(Sample& sample) const override { sample.image = sample.image + 1; }
};

struct GivesBytes : OtherSamples {
  void change(Sample& sample) const override { sample.image = sample.image.to(at::kByte).clamp(0, 1); }
};

struct IsGrey : OtherSamples {
  void change(Sample& sample) const override { sample.image = sample.image.slice(0, 0, 1); }
};

struct StartsAgain : ToyDataset {
  Sample sample(int64_t index) const override { return ToyDataset::sample(index % kSize); }
};

struct CountsFromTheEnd : ToyDataset {
  Sample sample(int64_t index) const override { return ToyDataset::sample(index == -1 ? kSize - 1 : index); }
};

struct LeavesItToTheVector : ToyDataset {
  Sample sample(int64_t index) const override {
    if (index >= kSize) throw std::out_of_range("vector::at");
    return ToyDataset::sample(index);
  }
};

struct AnnouncesMore : ToyDataset {
  std::optional<int64_t> size() const override { return kSize + 1; }
};

struct AnnouncesNothing : ToyDataset {
  std::optional<int64_t> size() const override { return 0; }
};

struct CallsItselfInfinite : ToyDataset {
  std::optional<int64_t> size() const override { return std::nullopt; }
};

// --- prompt sets

struct NumbersItsInstances : ToyPromptSet {
  NumbersItsInstances() : number(++count) {}
  std::vector<std::string> records() const override { return {"{" + std::to_string(number) + "}"}; }
  inline static int count = 0;
  int number;
};

struct WritesNothing : ToyPromptSet {
  std::vector<std::string> records() const override { return {}; }
};

}  // namespace

std::vector<Fault> method_faults() {
  return {{"entry", "needs_nothing_said", "to each of them", [](PluginEntry& entry) { entry.needs = {}; }},
          {"entry", "needs_unknown", "it needs `telepathy`",
           [](PluginEntry& entry) {
             entry.needs = [](const Options&) { return std::vector<std::string>{"telepathy"}; };
           }},
          {"flows", "names_a_flow_twice", "`t2i` is there twice", makes<NamesAFlowTwice>},
          {"flows", "has_no_flow", "flows() is empty", makes<HasNoFlow>},
          {"flows", "explains_no_flow", "has no doc", makes<ExplainsNoFlow>},
          {"training", "counts_steps", "kept from step to step", makes<CountsSteps>},
          {"training", "counts_instances", "as after a resume", makes<CountsInstances>},
          {"training", "renames_its_terms", "equal steps have other terms", makes<RenamesItsTerms>},
          {"training", "draws_from_libtorch", "drawn elsewhere", makes<DrawsFromLibTorch>},
          {"training", "is_not_a_number", "not a number", makes<IsNotANumber>},
          {"training", "has_no_term", "gives no term", makes<HasNoTerm>},
          {"training", "names_no_term", "without a name", makes<NamesNoTerm>},
          {"training", "learns_from_nothing", "reaches no parameter", makes<LearnsFromNothing>},
          {"training", "writes_a_gradient", "is frozen, and has a gradient", makes<WritesAGradient>},
          {"training", "trains_an_unknown_group", "names `eyes`", makes<TrainsAnUnknownGroup>},
          {"training", "trains_nothing", "trained_groups() is empty", makes<TrainsNothing>}};
}

std::vector<Fault> dataset_faults() {
  return {{"samples", "counts_samples", "texts of sample 3 differ", makes<CountsSamples>},
          {"samples", "draws_pictures", "image of sample 3 differs", makes<DrawsPictures>},
          {"samples", "differs_by_instance", "of another instance", makes<DiffersByInstance>},
          {"samples", "differs_by_thread", "on another thread", makes<DiffersByThread>},
          {"samples", "loses_a_source", "absent the other time", makes<LosesASource>},
          {"samples", "is_too_bright", "must lie in [-1, 1]", makes<IsTooBright>},
          {"samples", "gives_bytes", "must be float32", makes<GivesBytes>},
          {"samples", "is_grey", "image of sample 3", makes<IsGrey>},
          {"size", "starts_again", "a sample beyond its size", makes<StartsAgain>},
          {"size", "counts_from_the_end", "sample -1", makes<CountsFromTheEnd>},
          {"size", "leaves_it_to_the_vector", "it ended in: vector::at", makes<LeavesItToTheVector>},
          {"size", "announces_more", "sample 4 of 4", makes<AnnouncesMore>},
          {"size", "announces_nothing", "size() is 0", makes<AnnouncesNothing>},
          {"size", "calls_itself_infinite", "sample 1099511627776 of 4", makes<CallsItselfInfinite>}};
}

std::vector<Fault> prompt_set_faults() {
  return {{"records", "numbers_its_instances", "two instances", makes<NumbersItsInstances>},
          {"records", "writes_nothing", "records() is empty", makes<WritesNothing>}};
}

}  // namespace umm::testing
