#include "loader/identity.h"

#include "foreign_library.h"
#include "umm/error.h"

namespace umm::testing {
namespace {

using IdentityTest = PluginFolder;

std::string code_of(const fs::path& file) {
  try {
    inspect_plugin(file, host_identity());
  } catch (const PluginRefused& refused) {
    return refused.refusal.code;
  }
  return "";
}

// The host's identity as a plugin's, with one value replaced.
std::string code_with(const std::string& key, const std::string& value) {
  Identity plugin = host_identity();
  plugin[key] = value;
  try {
    check_identity("a.umm.so", plugin, host_identity());
  } catch (const PluginRefused& refused) {
    return refused.refusal.code;
  }
  return "";
}

TEST_F(IdentityTest, OfThisBuildEqualsTheHosts) {
  const Identity plugin = inspect_plugin(kRealPlugin, host_identity()).identity;
  EXPECT_EQ(plugin.at("id"), "sft");
  EXPECT_EQ(plugin.at("kind"), "method");
  EXPECT_EQ(plugin.at("torch_cpu_build_id").size(), 40u);
  EXPECT_EQ(plugin.at("cuda_architectures"), "none");
  EXPECT_EQ(plugin.at("cuda_version"), "none");
  for (const auto& [key, value] : host_identity()) EXPECT_EQ(plugin.at(key), value);
  EXPECT_EQ(identity_warning(plugin, host_identity()), "");
}

TEST_F(IdentityTest, AMismatchNamesBothSides) {
  try {
    inspect_plugin(write("a.umm.so", forged("c10_build_id")), host_identity());
    FAIL() << "accepted";
  } catch (const PluginRefused& refused) {
    EXPECT_EQ(refused.what(), "error[P005]: plugin was built against another LibTorch\n  plugin  " +
                                  (folder_ / "a.umm.so").string() + "  (sft " +
                                  host_identity().at("sdk_version") + ")\n  needs   c10_build_id " +
                                  std::string(40, 'x') + "\n  host    c10_build_id " +
                                  host_identity().at("c10_build_id") +
                                  "\n  fix     configure and build it again with the UmmSdk of this program"
                                  "\n  note    nothing from the plugin was executed");
  }
}

TEST_F(IdentityTest, EveryFactHasItsCode) {
  EXPECT_EQ(code_with("entry_abi", "2"), "P003");
  EXPECT_EQ(code_with("sdk_epoch", "99"), "P003");
  EXPECT_EQ(code_with("sdk_version", "999.0.0"), "P007");
  EXPECT_EQ(code_with("sdk_version", "0.0.1"), "");  // the fingerprint decides
  EXPECT_EQ(code_with("sdk_fingerprint", "00"), "P004");
  EXPECT_EQ(code_with("torch_version", "1.13.1"), "P005");
  EXPECT_EQ(code_with("torch_cpu_build_id", ""), "P005");
  EXPECT_EQ(code_with("cplusplus", "201703L"), "P006");
  EXPECT_EQ(code_with("cxx11_abi", "0"), "P006");
  EXPECT_EQ(code_with("standard_library", "libc++ 14000"), "P006");
  EXPECT_EQ(code_with("sanitizers", "memory"), "P006");
}

TEST_F(IdentityTest, AnotherCompilerIsAWarningAndItsAbiVersionMayDiffer) {
  Identity plugin = host_identity();
  plugin["compiler"] = "icx 2025.1";
  plugin["abi_version"] = "icx 1";
  EXPECT_NO_THROW(check_identity("a.umm.so", plugin, host_identity()));
  EXPECT_NE(identity_warning(plugin, host_identity()).find("icx 2025.1"), std::string::npos);
  const std::string family =
      host_identity().at("compiler").substr(0, host_identity().at("compiler").find(' '));
  EXPECT_EQ(code_with("abi_version", family + " 1"), "P006");
}

TEST_F(IdentityTest, WhatIsNoLibraryOfThisMachineIsP001) {
  EXPECT_EQ(code_of(write("text.umm.so", "hello")), "P001");
  EXPECT_EQ(code_of(write("empty.umm.so", "")), "P001");
  EXPECT_EQ(code_of(folder_ / "absent.umm.so"), "P001");
  std::string other_machine = bytes_of(kRealPlugin);
  other_machine[18] = '\xb7';  // e_machine: AArch64
  EXPECT_EQ(code_of(write("arm.umm.so", other_machine)), "P001");
}

TEST_F(IdentityTest, ALibraryWithoutIdentityIsP002) {
  EXPECT_EQ(code_of(UMM_BINARY_DIR "/lib/libumm_sdk.so"), "P002");
}

TEST_F(IdentityTest, EveryTruncationIsP001) {
  const std::string bytes = bytes_of(kRealPlugin);
  for (size_t length = 0; length < bytes.size() - 1; length += bytes.size() / 97 + 1)
    EXPECT_EQ(code_of(write("cut.umm.so", bytes.substr(0, length))), "P001") << length;
}

}  // namespace
}  // namespace umm::testing
