#include "loader/guard.h"

#include <c10/util/Exception.h>
#include <gtest/gtest.h>

#include <new>

#include "umm/error.h"

namespace umm::testing {
namespace {

const std::string kPlugin = named(PluginKind::dataset, "shards");

template <typename Thrown>
std::string text_of(const Thrown& thrown) {
  try {
    guarded(kPlugin, "reading sample 7", [&]() -> int { throw thrown; });
  } catch (const InputError&) {
    return "input error";
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing was thrown";
}

TEST(Guarded, GivesWhatTheCallGives) {
  int value = 1;
  int& same = guarded(kPlugin, "counting", [&]() -> int& { return value; });
  EXPECT_EQ(&same, &value);
  guarded(kPlugin, "counting", [&] { ++value; });
  EXPECT_EQ(value, 2);
}

TEST(Guarded, NamesPluginAndPhaseOfWhateverIsThrown) {
  const std::string begin = "dataset `shards`, while reading sample 7: ";
  EXPECT_EQ(text_of(Error("no such row")), begin + "no such row");
  EXPECT_EQ(text_of(std::runtime_error("no such row")), begin + "no such row");
  EXPECT_EQ(text_of(std::bad_alloc()), begin + "std::bad_alloc");
  EXPECT_EQ(text_of(7), begin + "something that is no std::exception");
  EXPECT_EQ(text_of(c10::Error({"f", "file.cpp", 1}, "no such row")), begin + "no such row");
  EXPECT_EQ(text_of(InputError("no such folder")), "input error");
}

}  // namespace
}  // namespace umm::testing
