#include "loader/identity.h"

#include "foreign_library.h"
#include "umm/error.h"

namespace umm::testing {
namespace {

using IdentityTest = PluginFolder;

std::string refusal(const fs::path& file) {
  try {
    read_identity(file);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST_F(IdentityTest, OfThisBuildEqualsTheHosts) {
  const Identity plugin = read_identity(kRealPlugin);
  EXPECT_EQ(plugin.at("id"), "sft");
  EXPECT_EQ(plugin.at("kind"), "method");
  EXPECT_EQ(identity_mismatch(plugin, host_identity()), "");
  EXPECT_EQ(host_identity().at("torch_cpu_build_id").size(), 40u);
}

TEST_F(IdentityTest, AMismatchNamesBothSides) {
  const Identity plugin = read_identity(write("a.umm.so", forged("c10_build_id")));
  const std::string text = identity_mismatch(plugin, host_identity());
  EXPECT_EQ(text, "  c10_build_id: plugin " + std::string(40, 'x') + ", host " +
                      host_identity().at("c10_build_id") + "\n");
}

TEST_F(IdentityTest, WhatIsNoLibraryOfThisMachineIsP001) {
  EXPECT_EQ(refusal(write("text.umm.so", "hello")).substr(0, 4), "P001");
  EXPECT_EQ(refusal(write("empty.umm.so", "")).substr(0, 4), "P001");
  EXPECT_EQ(refusal(folder_ / "absent.umm.so").substr(0, 4), "P001");
  std::string other_machine = bytes_of(kRealPlugin);
  other_machine[18] = '\xb7';  // e_machine: AArch64
  EXPECT_EQ(refusal(write("arm.umm.so", other_machine)).substr(0, 4), "P001");
}

TEST_F(IdentityTest, ALibraryWithoutIdentityIsP002) {
  EXPECT_EQ(refusal(UMM_BINARY_DIR "/lib/libumm_sdk.so").substr(0, 4), "P002");
}

TEST_F(IdentityTest, EveryTruncationIsRefused) {
  const std::string bytes = bytes_of(kRealPlugin);
  for (size_t length = 0; length < bytes.size() - 1; length += bytes.size() / 97 + 1) {
    EXPECT_NE(refusal(write("cut.umm.so", bytes.substr(0, length))), "") << length;
  }
}

}  // namespace
}  // namespace umm::testing
