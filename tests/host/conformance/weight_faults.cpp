// Architectures whose parameters are not what they promise.
#include <ATen/ATen.h>

#include <limits>

#include "faults.h"

namespace umm::testing {
namespace {

using Toy = ToyArchitecture;
using Spoil = std::function<void(PluginEntry&)>;

// --- parameters

struct HasOneMore : Toy {
  explicit HasOneMore(Parameter parameter) : more(std::move(parameter)) {}
  std::vector<Parameter> parameters() override {
    auto all = Toy::parameters();
    all.push_back(more);
    return all;
  }
  Parameter more;
};

Spoil with_parameter(const std::string& name, const std::string& group, const Tensor& value) {
  return [=](PluginEntry& entry) {
    entry.make_architecture = [=](const Options&) {
      return std::make_unique<HasOneMore>(Parameter{"model", name, group, value});
    };
  };
}

struct HasOneMoreGroup : Toy {
  explicit HasOneMoreGroup(ParameterGroup group) : more(std::move(group)) {}
  std::vector<ParameterGroup> parameter_groups() const override {
    auto all = Toy::parameter_groups();
    all.push_back(more);
    return all;
  }
  ParameterGroup more;
};

Spoil with_group(const std::string& name, const std::string& doc) {
  return [=](PluginEntry& entry) {
    entry.make_architecture = [=](const Options&) {
      return std::make_unique<HasOneMoreGroup>(ParameterGroup{name, true, doc});
    };
  };
}

struct RenamesItsParameters : Toy {
  std::vector<Parameter> parameters() override {
    static int count = 0;
    auto all = Toy::parameters();
    all[0].name += std::to_string(count++);
    return all;
  }
};

struct GrowsParameters : Toy {
  std::vector<Parameter> parameters() override {
    static int count = 0;
    auto all = Toy::parameters();
    for (int i = count++; i > 0; --i) all.push_back({"model", std::to_string(i), "", at::ones({1})});
    return all;
  }
};

// --- fresh weights

struct StartsFromLibTorch : Toy {
  void initialize(uint64_t seed) override {
    Toy::initialize(seed);
    words_.detach().copy_(at::rand(words_.sizes()));
  }
};

struct ForgetsTheSeed : Toy {
  void initialize(uint64_t) override { Toy::initialize(7); }
};

struct StartsInfinite : Toy {
  void initialize(uint64_t seed) override {
    Toy::initialize(seed);
    words_.detach().fill_(std::numeric_limits<float>::infinity());
  }
};

// --- checkpoints

struct GivesClones : Toy {
  std::vector<Parameter> parameters() override {
    auto all = Toy::parameters();
    for (Parameter& parameter : all) parameter.value = parameter.value.detach().clone();
    return all;
  }
};

struct GivesViews : Toy {
  std::vector<Parameter> parameters() override {
    auto all = Toy::parameters();
    for (Parameter& parameter : all) parameter.value = parameter.value.detach();
    return all;
  }
};

struct HidesAWeight : Toy {
  std::vector<Parameter> parameters() override {
    auto all = Toy::parameters();
    std::erase_if(all, [](const Parameter& parameter) { return parameter.name == "letters"; });
    return all;
  }
};

}  // namespace

std::vector<Fault> weight_faults() {
  return {{"parameters", "names_a_parameter_twice", "`model/words` is there twice",
           with_parameter("words", "encoder", at::ones({1}))},
          {"parameters", "names_an_unknown_group", "none of parameter_groups()",
           with_parameter("more", "eyes", at::ones({1}))},
          {"parameters", "has_no_tensor", "has no tensor", with_parameter("more", "", Tensor())},
          {"parameters", "names_a_group_twice", "`encoder` is there twice", with_group("encoder", "again")},
          {"parameters", "has_an_empty_group", "`more` has no parameter", with_group("more", "for nothing")},
          {"parameters", "explains_no_group", "`more` has no doc", with_group("more", "")},
          {"parameters", "renames_its_parameters", "of another", makes<RenamesItsParameters>},
          {"parameters", "grows_parameters", "two models of one preset", makes<GrowsParameters>},
          {"initialize", "starts_from_libtorch", "differs between two times", makes<StartsFromLibTorch>},
          {"initialize", "forgets_the_seed", "two seeds are equal", makes<ForgetsTheSeed>},
          {"initialize", "starts_infinite", "infinities", makes<StartsInfinite>},
          {"gradients", "trains_what_it_never_uses", "no gradient reaches it",
           with_parameter("more", "decoder", at::ones({1}))},
          {"checkpoint", "gives_clones", "copies of the tensors", makes<GivesClones>},
          {"checkpoint", "gives_views", "or a view", makes<GivesViews>},
          {"checkpoint", "hides_a_weight", "lacks a tensor", makes<HidesAWeight>}};
}

}  // namespace umm::testing
