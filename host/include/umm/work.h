// What a model says of its own work, beside the time and the operations that the host counts.
#pragma once

#include <cstdint>

#include "umm/version.h"

namespace umm {

// For architectures to call whenever their transformer (the language model, where there are several) is given
// B sequences of L positions: B x L. Padding counts; positions that a cache holds and recomputation in the
// backward pass do not. What never calls it has an unknown number of tokens in the results. On any thread.
UMM_API void count_tokens(int64_t tokens);

UMM_API int64_t tokens_counted();  // in this process so far

}  // namespace umm
