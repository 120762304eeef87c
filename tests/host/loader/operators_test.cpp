// Libraries that register operators, each sound alone. Every load happens in a process of its own, because
// LibTorch forgets no namespace.
#include "loader/operators.h"

#include <gmock/gmock.h>

#include "foreign_library.h"
#include "loader/attach.h"
#include "loader/catalogue.h"
#include "process/child_process.h"

namespace umm::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

const fs::path kLibraries = UMM_BINARY_DIR "/tests/operator_plugins";
const fs::path kFirst = kLibraries / "operators_first.umm.so";
const fs::path kSecond = kLibraries / "operators_second.umm.so";
const fs::path kElsewhere = kLibraries / "operators_elsewhere.umm.so";

using OperatorsTest = PluginFolder;

// The files of what was taken, then what was refused.
std::string load(const std::vector<fs::path>& places, const fs::path& memory = {}) {
  const auto tell = [&] {
    Probe probe(memory);
    const Catalogue catalogue = Catalogue::load(places, probe);
    std::string text;
    for (const auto& plugin : catalogue.entries()) text += plugin.file.filename().string() + " ";
    for (const auto& refusal : catalogue.rejected()) text += "\n" + to_text(refusal);
    return text;
  };
  return in_child_process(tell, std::chrono::seconds(60));
}

TEST_F(OperatorsTest, EachIsSoundAlone) {
  EXPECT_EQ(load({kFirst}), "operators_first.umm.so ");
  EXPECT_EQ(load({kSecond}), "operators_second.umm.so ");
}

TEST_F(OperatorsTest, ANamespaceThatIsTakenIsP011InEitherOrder) {
  for (const auto& [first, second] : {std::pair(kFirst, kSecond), {kSecond, kFirst}}) {
    const std::string name = second.stem().stem().string();
    EXPECT_EQ(load({first, second, kElsewhere}),
              first.filename().string() + " operators_elsewhere.umm.so " +
                  "\nerror[P011]: plugin registers an operator namespace that is taken\n  plugin  " +
                  second.string() + "  (" + name + " 1.2.3)\n  namespace umm_test_taken\n  held by " +
                  first.string() +
                  "\n  fix     give its operators another namespace, or take the other library out of the "
                  "folders");
  }
}

TEST_F(OperatorsTest, AVerdictRememberedFromALoadAloneDoesNotCountBesideOthers) {
  const fs::path memory = folder_ / "memory";
  EXPECT_EQ(load({kSecond}, memory), "operators_second.umm.so ");
  for (int time = 0; time < 2; ++time)
    EXPECT_THAT(load({kFirst, kSecond}, memory),
                AllOf(HasSubstr("operators_first.umm.so"), HasSubstr("P011"), HasSubstr("umm_test_taken")));
  EXPECT_EQ(load({kSecond}, memory), "operators_second.umm.so ");
  EXPECT_EQ(bytes_of(memory).find("TORCH_LIBRARY"), std::string::npos);
}

TEST_F(OperatorsTest, ALibraryThatWasRefusedAfterItWasOpenedKeepsItsNamespace) {
  const fs::path memory = folder_ / "memory";
  EXPECT_EQ(load({kSecond}, memory), "operators_second.umm.so ");
  const auto tell = [&]() -> std::string {
    const std::vector<LoadedPlugin> same_id = {{{.id = "takes_namespace"}, "other.umm.so", "", ""}};
    try {
      attach_plugin(inspect_plugin(kFirst, host_identity()), same_id);
    } catch (const PluginRefused&) {
      return load({kSecond}, memory);
    }
    return "the first was taken";
  };
  EXPECT_THAT(in_child_process(tell, std::chrono::seconds(60)),
              AllOf(HasSubstr("namespace umm_test_taken"), HasSubstr("held by " + kFirst.string())));
}

TEST_F(OperatorsTest, WhoRegistersOperatorsIsReadFromTheFile) {
  EXPECT_TRUE(inspect_plugin(kFirst, host_identity()).registers_operators);
  EXPECT_FALSE(inspect_plugin(kRealPlugin, host_identity()).registers_operators);
}

TEST(TakenNamespace, IsOfLibTorchsComplaintAlone) {
  EXPECT_EQ(taken_namespace("Only a single TORCH_LIBRARY can be used to register the namespace mine; please"),
            "mine");
  EXPECT_EQ(taken_namespace("killed by signal 6, Aborted"), "");
  EXPECT_EQ(taken_namespace(""), "");
}

TEST(TakenNamespace, ThatNoPluginHoldsIsTracedToItsSource) {
  const Refusal refusal = namespace_taken(
      {},
      "Only a single TORCH_LIBRARY can be used to register the namespace aten; please put all. Previous "
      "registration of TORCH_LIBRARY was registered at schema.cpp:5; latest registration was registered "
      "at mine.cpp:7");
  EXPECT_THAT(to_text(refusal), HasSubstr("namespace aten\n  held by schema.cpp:5\n"));
}

}  // namespace
}  // namespace umm::testing
