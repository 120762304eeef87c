#include "train/stop.h"

#include <gtest/gtest.h>

#include <csignal>

namespace umm {
namespace {

TEST(Stop, SignalsAskOnceThenAct) {
  install_stop_handlers();
  EXPECT_FALSE(stop_requested());
  raise(SIGTERM);
  EXPECT_TRUE(stop_requested());
  request_stop(false);
  // The second one finds the system's own handling.
  EXPECT_EXIT(raise(SIGTERM), ::testing::KilledBySignal(SIGTERM), "");
}

}  // namespace
}  // namespace umm
