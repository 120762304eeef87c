#include "budget.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "umm/error.h"

namespace umm::openai {
namespace {

TEST(JudgeBudget, MoneyIsCountedByBothPrices) {
  Halt halt;
  const auto ledger = std::make_shared<Ledger>();
  Budget budget({.max_cost = 10, .price_in = 2, .price_out = 8}, ledger);
  budget.reserve({1e6, 1e6}, halt).settle({1e6, 0.5e6});  // 2 + 4
  EXPECT_DOUBLE_EQ(ledger->cost, 6);
  EXPECT_DOUBLE_EQ(ledger->reserved_cost, 0);
  EXPECT_THROW(budget.reserve({1e6, 0.5e6}, halt), InputError);
  EXPECT_THROW(halt.check(), InputError);
}

TEST(JudgeBudget, AllBudgetsOfALedgerSpendFromIt) {
  Halt halt;
  const auto ledger = std::make_shared<Ledger>();
  Budget first({.max_tokens = 100}, ledger), second({.max_tokens = 100}, ledger);
  first.reserve({50, 10}, halt).settle_as_expected();
  EXPECT_THROW(second.reserve({30, 11}, halt), InputError);
}

TEST(JudgeBudget, WhatWasNotCountedIsGivenBack) {
  Halt halt;
  Budget budget({.max_tokens = 100}, std::make_shared<Ledger>());
  for (int i = 0; i < 5; ++i) budget.reserve({90, 0}, halt);
  EXPECT_NO_THROW(halt.check());
}

// A picture may take ten times what is expected of it: only once one was counted is that known.
TEST(JudgeBudget, TheFirstIsAloneOnItsWay) {
  Halt halt;
  const auto ledger = std::make_shared<Ledger>();
  Budget budget({.max_tokens = 10000}, ledger);
  std::atomic<int> sent = 0, refused = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&] {
        try {
          auto share = budget.reserve({1500, 1000}, halt);
          ++sent;
          std::this_thread::sleep_for(seconds(0.1));
          share.settle({25000, 501});
        } catch (const InputError&) {
          ++refused;
        }
      });
  }
  EXPECT_EQ(sent, 1);
  EXPECT_EQ(refused, 3);
  EXPECT_EQ(ledger->spent.in + ledger->spent.out, 25501);
}

TEST(JudgeBudget, OneThatIsNotCountedTellsNothing) {
  Halt halt;
  const auto ledger = std::make_shared<Ledger>();
  Budget budget({.max_tokens = 10000}, ledger);
  budget.reserve({100, 100}, halt).settle_as_expected();  // cut off
  { const auto given_back = budget.reserve({100, 100}, halt); }
  EXPECT_FALSE(ledger->is_measured);
  budget.reserve({100, 100}, halt).settle({50, 50});
  EXPECT_TRUE(ledger->is_measured);
  const auto first = budget.reserve({100, 100}, halt), second = budget.reserve({100, 100}, halt);
  EXPECT_EQ(ledger->reserved.in, 200) << "from then on several are on their way";
}

// Words of a reply cost more than those of a request, so one must not stand for the other.
TEST(JudgeBudget, EachKindOfTokenHasAnExcessOfItsOwn) {
  Halt halt;
  Budget budget({.max_cost = 1, .price_in = 0, .price_out = 1000}, std::make_shared<Ledger>());
  budget.reserve({1000, 100}, halt).settle({500, 600});  // fewer tokens, and 0.6
  EXPECT_THROW(budget.reserve({1000, 100}, halt), InputError);
}

TEST(JudgeBudget, OneThatCostMoreThanExpectedRaisesWhatIsExpected) {
  Halt halt;
  Budget budget({.max_tokens = 1000}, std::make_shared<Ledger>());
  budget.reserve({10, 10}, halt).settle({10, 190});
  budget.reserve({10, 10}, halt).settle({10, 590});  // 800 so far
  EXPECT_THROW(budget.reserve({10, 4}, halt), InputError) << "59 times as much may come";
}

// Of two that fit only if the first turns out cheap, the second waits to see.
TEST(JudgeBudget, WaitsForWhatIsOnItsWay) {
  Halt halt;
  const auto ledger = std::make_shared<Ledger>();
  Budget budget({.max_tokens = 100}, ledger);
  budget.reserve({10, 0}, halt).settle({10, 0});
  ASSERT_TRUE(ledger->is_measured) << "or it would wait for any first one";
  auto first = budget.reserve({50, 0}, halt);
  bool settled = false;
  const std::jthread later([&] {
    std::this_thread::sleep_for(seconds(0.1));
    settled = true;
    first.settle({20, 0});
  });
  budget.reserve({50, 0}, halt);
  EXPECT_TRUE(settled);
}

}  // namespace
}  // namespace umm::openai
