#include "conformance/expect.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/ops/isfinite.h>

#include <cstdlib>
#include <mutex>

namespace umm::conformance {

std::string first_line(const std::string& message) {
  return message.substr(0, message.find('\n'));
}

std::string path_of(const Parameter& parameter) {
  return parameter.component + "/" + parameter.name;
}

void expect_equal(const Tensor& a, const Tensor& b, const std::string& what) {
  UMM_CHECK(a.defined() == b.defined(), what, " is there once and absent the other time");
  if (!a.defined()) return;
  UMM_CHECK(a.sizes() == b.sizes(), what, " has shape ", a.sizes(), " once and ", b.sizes(),
            " the other time");
  UMM_CHECK(a.equal(b), what, " differs between two times");
}

void expect_finite(const Tensor& tensor, const std::string& what) {
  UMM_CHECK(at::isfinite(tensor).all().item<bool>(), what, " holds infinities or what is not a number");
}

void train_only(Architecture& model, const std::set<std::string>& groups) {
  for (Parameter& parameter : model.parameters()) {
    if (!parameter.group.empty()) parameter.value.set_requires_grad(groups.contains(parameter.group));
  }
}

std::set<std::string> default_groups(const Architecture& model) {
  std::set<std::string> names;
  for (const ParameterGroup& group : model.parameter_groups()) {
    if (group.trained_by_default) names.insert(group.name);
  }
  return names;
}

void expect_gradients(Architecture& model) {
  for (const Parameter& parameter : model.parameters()) {
    const bool has_gradient = parameter.value.grad().defined();
    UMM_CHECK(has_gradient || !parameter.value.requires_grad(), path_of(parameter),
              " is trained, and no gradient reaches it");
    UMM_CHECK(!has_gradient || parameter.value.requires_grad(), path_of(parameter),
              " is frozen, and has a gradient");
    if (has_gradient) expect_finite(parameter.value.grad(), "the gradient of " + path_of(parameter));
  }
}

void disturb_global_generator(uint64_t seed) {
  at::Generator generator = at::detail::getDefaultCPUGenerator();
  const std::lock_guard<std::mutex> lock(generator.mutex());
  generator.set_current_seed(seed);
  std::srand(static_cast<unsigned>(seed));
}

}  // namespace umm::conformance
