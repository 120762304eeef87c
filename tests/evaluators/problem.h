// What a call says is wrong.
#pragma once

#include <string>

#include "umm/error.h"

namespace umm::testing {

// The message of the InputError that `call` throws; other exceptions pass.
template <typename Call>
std::string problem(const Call& call) {
  try {
    call();
  } catch (const InputError& error) {
    return error.what();
  }
  return "no InputError";
}

}  // namespace umm::testing
