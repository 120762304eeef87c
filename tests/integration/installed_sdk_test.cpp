// The SDK as an author outside the project has it: from an install prefix that was moved, and nothing else.
#include <gmock/gmock.h>

#include "program.h"

namespace umm::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// kind, id, what its smoke run's table must show
struct Scaffold {
  const char* kind;
  const char* id;
  const char* row;
};

const std::vector<Scaffold>& scaffolds() {
  static const std::vector<Scaffold> all = {
      {"architecture", "options", "reca"},  // names of the SDK's own classes
      {"method", "image", "image"},
      {"dataset", "batch", "sft"},
      {"evaluator", "class", "overall"}};
  return all;
}

class InstalledSdkTest : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    const Finished installed = shell("cmake --install '" UMM_BINARY_DIR
                                     "' --prefix first/prefix && mv first/prefix moved && rmdir first");
    ASSERT_EQ(installed.exit_code, 0) << installed.err;
  }

  Finished shell(const std::string& commands) const {
    const std::string prefix = (folder_ / "moved").string();
    return run_command("unset UMM_PLUGIN_PATH; export PATH='" + prefix + "/bin':\"$PATH\"; PREFIX='" +
                       prefix + "'; set -e; " + commands);
  }
};

TEST_F(InstalledSdkTest, EachKindOfNewPluginBuildsKeepsItsPromisesAndRuns) {
  std::string project =
      "cmake_minimum_required(VERSION 3.25)\nproject(all LANGUAGES CXX)\ninclude(CTest)\n"
      "find_package(UmmSdk CONFIG REQUIRED)\n";
  for (const auto& [kind, id, row] : scaffolds()) {
    const Finished made = shell(std::string("ummbench plugin new ") + id + " --kind " + kind);
    ASSERT_EQ(made.exit_code, 0) << made.err;
    EXPECT_THAT(made.out,
                AllOf(HasSubstr(std::string(id) + "_test.cpp"), HasSubstr((folder_ / "moved").string())));
    project += std::string("add_subdirectory(") + id + ")\n";
  }
  write("CMakeLists.txt", project);
  const Finished built =
      shell("cmake -B build -G Ninja -DCMAKE_PREFIX_PATH=\"$PREFIX\"; cmake --build build");
  ASSERT_EQ(built.exit_code, 0) << built.out << built.err;
  const Finished tested = shell("ctest --test-dir build --output-on-failure --no-tests=error");
  EXPECT_EQ(tested.exit_code, 0) << tested.out;
  EXPECT_THAT(tested.out, HasSubstr("0 tests failed out of 8"));
  for (const auto& [kind, id, row] : scaffolds()) {
    const Finished trained = shell(std::string("cd ") + id + "; ummbench --plugins ../build/" + id +
                                   "/plugins run smoke.toml; ummbench table runs/smoke/results.sqlite");
    EXPECT_EQ(trained.exit_code, 0) << trained.err;
    EXPECT_THAT(trained.out, HasSubstr(row));
  }
}

TEST_F(InstalledSdkTest, AnotherLibTorchStopsTheConfiguration) {
  ASSERT_EQ(shell("ummbench plugin new other --kind method").exit_code, 0);
  // Any library with a build id of its own.
  ASSERT_EQ(shell("mkdir -p torch/lib torch/include; C=$(ldd \"$PREFIX/bin/ummbench\" | awk '/libc[.]so/ "
                  "{print $3}'); "
                  "cp \"$C\" torch/lib/libtorch_cpu.so; cp \"$C\" torch/lib/libc10.so")
                .exit_code,
            0);
  const Finished configured = shell(
      "cmake -S other -B build -G Ninja -DCMAKE_PREFIX_PATH=\"$PREFIX\" -DUMM_TORCH_DIR=\"$PWD/torch\"");
  EXPECT_NE(configured.exit_code, 0);
  EXPECT_THAT(configured.err,
              AllOf(HasSubstr("another LibTorch than the program's"), HasSubstr("needs"), HasSubstr("fix")));
  const Finished missing = shell(
      "cmake -S other -B build2 -G Ninja -DCMAKE_PREFIX_PATH=\"$PREFIX\" -DUMM_TORCH_DIR=\"$PWD/nothing\"");
  EXPECT_NE(missing.exit_code, 0);
  EXPECT_THAT(missing.err, HasSubstr("no LibTorch in " + (folder_ / "nothing").string()));
}

TEST_F(InstalledSdkTest, WhatCannotBeANewPluginIsRefused) {
  const auto refused = [&](const std::string& arguments, const std::string& reason) {
    const Finished made = shell("ummbench plugin new " + arguments);
    EXPECT_EQ(made.exit_code, 2) << made.out;
    EXPECT_THAT(made.out + made.err, HasSubstr(reason));
  };
  refused("Big-Model --kind method", "found `Big-Model`");
  refused("sft --kind method", "there is method `sft` already");
  refused("mine --kind sampler", "sampler");
  refused("mine", "--kind");
  write("mine", "a file of the user's");
  refused("mine --kind method", "mine is there already");
  EXPECT_EQ(read_text(folder_ / "mine"), "a file of the user's");
}

}  // namespace
}  // namespace umm::testing
