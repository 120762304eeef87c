#include "budget.h"

#include <algorithm>
#include <cmath>

#include "umm/error.h"

namespace umm::openai {
namespace {

double sum(const Tokens& tokens) {
  return tokens.in + tokens.out;
}

Tokens plus(const Tokens& a, const Tokens& b) {
  return {a.in + b.in, a.out + b.out};
}

Tokens minus(const Tokens& a, const Tokens& b) {
  return {a.in - b.in, a.out - b.out};
}

Tokens times(const Tokens& a, const Tokens& b) {
  return {a.in * b.in, a.out * b.out};
}

// `ratio`, or that of `counted` to `expected` where it is larger.
double larger_ratio(double ratio, double counted, double expected) {
  return expected > 0 ? std::max(ratio, counted / expected) : ratio;
}

}  // namespace

Budget::Budget(const JudgeConnection& limits, std::shared_ptr<Ledger> ledger)
    : max_tokens_(limits.max_tokens),
      max_cost_(limits.max_cost),
      price_in_(limits.price_in),
      price_out_(limits.price_out),
      ledger_(std::move(ledger)) {}

double Budget::cost(const Tokens& tokens) const {
  constexpr double kPricedTokens = 1e6;
  return (tokens.in * price_in_ + tokens.out * price_out_) / kPricedTokens;
}

bool Budget::fits(const Tokens& more) const {
  const double tokens = sum(ledger_->spent) + sum(ledger_->reserved) + sum(more);
  const double money = ledger_->cost + ledger_->reserved_cost + cost(more);
  return (max_tokens_ == 0 || tokens <= static_cast<double>(max_tokens_)) &&
         (max_cost_ == 0 || money <= max_cost_);
}

Budget::Share Budget::reserve(const Tokens& expected, Halt& halt) {
  for (;;) {
    {
      const std::lock_guard lock(ledger_->mutex);
      const Tokens wanted = times(expected, ledger_->excess);
      const bool any_on_its_way = sum(ledger_->reserved) >= 0.5;
      const bool has_limit = max_tokens_ > 0 || max_cost_ > 0;
      const bool waits_for_first = has_limit && any_on_its_way && !ledger_->is_measured;
      if (!waits_for_first && fits(wanted)) {
        ledger_->reserved = plus(ledger_->reserved, wanted);
        ledger_->reserved_cost += cost(wanted);
        return Share(*this, expected, wanted);
      }
      if (!any_on_its_way)
        halt.give_up(detail::concat(
            "the judge's budget is spent: ", std::llround(sum(ledger_->spent)), " tokens",
            max_tokens_ > 0 ? detail::concat(" of resources.judge.max_tokens = ", max_tokens_) : "",
            max_cost_ > 0 ? detail::concat(", ", ledger_->cost, " of resources.judge.max_cost = ", max_cost_)
                          : "",
            " were used in this process, and the next request is expected to take ",
            std::llround(sum(wanted)),
            " tokens. Replies so far are kept. The limit is that of one process: what is started again may "
            "spend as much once more"));
    }
    halt.sleep_until(Clock::now() + seconds(Halt::kLookEverySeconds));
  }
}

Budget::Share::Share(Budget& budget, const Tokens& expected, const Tokens& reserved)
    : budget_(budget), expected_(expected), reserved_(reserved) {}

Budget::Share::~Share() {
  if (open_) book({});
}

void Budget::Share::settle(const Tokens& counted) {
  {
    Ledger& ledger = *budget_.ledger_;
    const std::lock_guard lock(ledger.mutex);
    ledger.excess = {larger_ratio(ledger.excess.in, counted.in, expected_.in),
                     larger_ratio(ledger.excess.out, counted.out, expected_.out)};
    ledger.is_measured = true;
  }
  book(counted);
}

void Budget::Share::settle_as_expected() {
  book(expected_);
}

void Budget::Share::book(const Tokens& spent) {
  Ledger& ledger = *budget_.ledger_;
  const std::lock_guard lock(ledger.mutex);
  ledger.reserved = minus(ledger.reserved, reserved_);
  ledger.reserved_cost -= budget_.cost(reserved_);
  ledger.spent = plus(ledger.spent, spent);
  ledger.cost += budget_.cost(spent);
  open_ = false;
}

}  // namespace umm::openai
