// What checks share: comparisons whose failure names both sides, and what is set while one looks.
#pragma once

#include <set>
#include <string>

#include "umm/umm.h"

namespace umm::conformance {

// LibTorch's messages go on with a stack.
std::string first_line(const std::string& message);

std::string path_of(const Parameter& parameter);  // "model/lm_head.weight"

// Throws Error unless equal: bit by bit, both defined or neither.
void expect_equal(const Tensor& a, const Tensor& b, const std::string& what);

// Throws Error where it holds an infinity or is not a number.
void expect_finite(const Tensor& tensor, const std::string& what);

// Throws Error unless `call` throws Error itself; `what` is said of the call: "a grey picture".
template <typename Call>
void expect_refusal(const std::string& what, const Call& call) {
  try {
    call();
  } catch (const Error&) {
    return;
  } catch (const std::exception& other) {
    throw Error(what + " must be refused with umm::Error (UMM_CHECK, expect_shape); it ended in: " +
                first_line(other.what()));
  }
  throw Error(what + " must be refused with umm::Error (UMM_CHECK, expect_shape); it was taken");
}

// Only these groups learn, as the host sets it.
void train_only(Architecture& model, const std::set<std::string>& groups);
std::set<std::string> default_groups(const Architecture& model);

// Every parameter that learns has a finite gradient, and no other has one. [after backward]
void expect_gradients(Architecture& model);

// Seeds LibTorch's own generator, on which nothing may depend.
void disturb_global_generator(uint64_t seed);

}  // namespace umm::conformance
