#include "process/child_process.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>

#include <csignal>
#include <exception>
#include <thread>

#include "umm/error.h"

namespace umm {
namespace {

using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

TEST(ChildProcess, GivesTheResultWhole) {
  const std::string large(1 << 20, 'x');  // more than a pipe holds
  EXPECT_EQ(in_child_process([&] { return large; }, seconds(60)), large);
  EXPECT_EQ(in_child_process([] { return std::string(); }, seconds(60)), "");
}

TEST(ChildProcess, ThrowsWhatTheFunctionThrows) {
  const auto with = [](auto error) {
    return [=] { in_child_process([=]() -> std::string { throw error; }, seconds(60)); };
  };
  EXPECT_THAT(with(InputError("no such file")), ThrowsMessage<InputError>(HasSubstr("no such file")));
  EXPECT_THAT(with(Error("odd")), ThrowsMessage<Error>("odd"));
  EXPECT_THAT(with(std::runtime_error("other")), ThrowsMessage<ChildFailed>("other"));
  EXPECT_THAT(with(7), ThrowsMessage<ChildFailed>(HasSubstr("no std::exception")));
}

TEST(ChildProcess, TellsWhatNothingCaught) {
  const auto with = [](auto error) {
    return [=] {
      in_child_process(
          [=] {
            [&]() noexcept { std::rethrow_exception(std::make_exception_ptr(error)); }();
            return std::string();
          },
          seconds(60));
    };
  };
  EXPECT_THAT(with(std::runtime_error("odd")), ThrowsMessage<ChildFailed>("odd"));
  EXPECT_THAT(with(InputError("no such file")), ThrowsMessage<ChildFailed>("no such file"));
  EXPECT_THAT(with(c10::Error(c10::SourceLocation{"here", "a.cpp", 1}, "a check")),
              ThrowsMessage<ChildFailed>("a check"));
  EXPECT_THAT(with(7), ThrowsMessage<ChildFailed>(HasSubstr("no std::exception")));
  const auto in_a_thread = [] {
    in_child_process(
        []() -> std::string {
          std::thread([] { throw std::runtime_error("odd"); }).join();
          return "";
        },
        seconds(60));
  };
  EXPECT_THAT(in_a_thread, ThrowsMessage<ChildFailed>("odd"));
  const auto of_its_own_accord = [] {
    in_child_process([]() -> std::string { std::terminate(); }, seconds(60));
  };
  EXPECT_THAT(of_its_own_accord, ThrowsMessage<ChildFailed>("std::terminate was called"));
}

TEST(ChildProcess, OutlivesACrash) {
  const auto crash = [] {
    in_child_process(
        []() -> std::string {
          signal(SIGSEGV, SIG_DFL);  // as without a sanitizer's handler
          raise(SIGSEGV);
          return "";
        },
        seconds(60));
  };
  EXPECT_THAT(crash, ThrowsMessage<ChildFailed>(HasSubstr("killed by signal 11")));
}

TEST(ChildProcess, EndsWhatNeverEnds) {
  const auto hang = [] {
    in_child_process(
        [] {
          std::this_thread::sleep_for(seconds(600));
          return std::string();
        },
        seconds(1));
  };
  EXPECT_THAT(hang, ThrowsMessage<ChildFailed>("not done within 1 s"));
}

TEST(ChildProcess, ComputesThoughTheParentHasThreads) {
  const auto sum = [] { return at::ones({1 << 22}).sum().item<double>(); };
  const double expected = sum();  // starts the parent's threads
  EXPECT_EQ(in_child_process([&] { return std::to_string(sum()); }, seconds(60)), std::to_string(expected));
}

}  // namespace
}  // namespace umm
