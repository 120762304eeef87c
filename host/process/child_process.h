// Runs a function in a process of its own, so that what it breaks, allocates or never ends hurts nobody.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "umm/error.h"

namespace umm {

// Not the function's own verdict: LibTorch or the process fell over.
class ChildFailed : public Error {
 public:
  using Error::Error;
};

// The function's result. Its Error and InputError are thrown here as such, all else as ChildFailed; so is
// what nothing in the child could catch, the death of the process ("killed by signal 11, Segmentation fault")
// and the end of the time. One CPU thread: those of the parent do not exist in the child.
std::string in_child_process(const std::function<std::string()>& function, std::chrono::seconds time_limit);

}  // namespace umm
