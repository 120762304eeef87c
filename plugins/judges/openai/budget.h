// What requests may cost, all together.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>

#include "halt.h"
#include "umm/evidence.h"

namespace umm::openai {

struct Tokens {
  double in = 0, out = 0;
};

// What was spent so far. Judges of one process share one.
struct Ledger {
  std::mutex mutex;
  Tokens spent;
  double cost = 0;
  Tokens reserved;  // by requests on their way
  double reserved_cost = 0;
  Tokens excess = {1, 1};    // the largest ratios of tokens that were counted to those that were expected
  bool is_measured = false;  // some were counted, so that `excess` is more than a guess
};

// What a request will cost is not known before it is sent. So as much is reserved as it is expected to, times
// the excess that was seen so far, and is replaced by what the server counted. Where there is a limit, the
// first request is alone on its way: it may take ten times what was guessed.
class Budget {
 public:
  Budget(const JudgeConnection& limits, std::shared_ptr<Ledger> ledger);

  // Of one request that is sent. Gives back what it reserved, unless settled.
  class Share {
   public:
    Share(Budget& budget, const Tokens& expected, const Tokens& reserved);
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;
    ~Share();
    void settle(const Tokens& counted);  // by the server
    void settle_as_expected();           // it may have been counted, and nobody said how

   private:
    void book(const Tokens& spent);
    Budget& budget_;
    Tokens expected_, reserved_;
    bool open_ = true;
  };

  // InputError, for this and all further requests, where the request would exceed a limit. Waits for those on
  // their way as long as what they turn out to cost may decide that.
  Share reserve(const Tokens& expected, Halt& halt);

 private:
  double cost(const Tokens& tokens) const;
  bool fits(const Tokens& more) const;  // [mutex held]

  int64_t max_tokens_;
  double max_cost_, price_in_, price_out_;
  std::shared_ptr<Ledger> ledger_;
};

}  // namespace umm::openai
