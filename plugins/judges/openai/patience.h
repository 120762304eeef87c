// How long a request is tried for.
#pragma once

#include <cstdint>
#include <optional>

namespace umm::openai {

struct Patience {
  int64_t tries = 8;
  double base_seconds = 1;             // longest wait behind the first try; doubles with each
  double cap_seconds = 60;             // longest wait of all
  double longest_pause_seconds = 300;  // that a server may ask for (Retry-After) before asking on is no use
  double seconds_per_second = 1;       // of what a server asks for; tests have shorter ones
  double connect_seconds = 30;
  double request_seconds = 300;    // from first byte sent to last byte received
  double grace_seconds = 10;       // that a request on its way has left once the process is to stop
  int64_t failures_in_a_row = 20;  // requests without any reply between them: asking on is no use
};

// Before the try that follows number `tried` (from 1): anywhere between 0 and the longest, so that requests
// which failed together do not come back together.
double backoff_seconds(const Patience& patience, int64_t tried);

}  // namespace umm::openai
