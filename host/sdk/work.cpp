#include "umm/work.h"

#include <atomic>

namespace umm {
namespace {

std::atomic<int64_t> counted = 0;

}  // namespace

void count_tokens(int64_t tokens) {
  counted.fetch_add(tokens, std::memory_order_relaxed);
}

int64_t tokens_counted() {
  return counted.load(std::memory_order_relaxed);
}

}  // namespace umm
