#include "loader/cuda_code.h"

#include <gmock/gmock.h>

#include "foreign_library.h"
#include "loader/catalogue.h"

namespace umm::testing {
namespace {

using ::testing::HasSubstr;

struct Case {
  const char* architecture;
  std::vector<int> runs_on;  // of kGpus
};

const std::vector<int> kGpus = {70, 75, 80, 86, 89, 90, 100, 103, 120, 121};

TEST(RunsOn, FollowsNvidiasRule) {
  const std::vector<Case> cases = {{"80-real", {80, 86, 89}},
                                   {"86-real", {86, 89}},
                                   {"90-real", {90}},
                                   {"120-real", {120, 121}},
                                   {"90a-real", {90}},
                                   {"103a-real", {103}},
                                   {"100f-real", {100, 103}},
                                   {"103f-real", {103}},
                                   {"80-virtual", {80, 86, 89, 90, 100, 103, 120, 121}},
                                   {"103-virtual", {103, 120, 121}},
                                   {"90a-virtual", {90}},
                                   {"120f-virtual", {120, 121}},
                                   {"75", {75, 80, 86, 89, 90, 100, 103, 120, 121}},
                                   {"121", {121}},
                                   {"90a", {90}},
                                   {"100f", {100, 103}},
                                   {"90x", {}},
                                   {"90-cubin", {}},
                                   {"native", {}},
                                   {"", {}}};
  for (const Case& c : cases) {
    std::vector<int> runs;
    for (const int gpu : kGpus)
      if (runs_on(c.architecture, gpu)) runs.push_back(gpu);
    EXPECT_EQ(runs, c.runs_on) << c.architecture;
  }
}

PluginFile plugin_with(const std::string& architectures, const std::string& version) {
  return {.file = "kernels.umm.so",
          .identity_text = {},
          .identity = {{"id", "kernels"},
                       {"version", "1.2.3"},
                       {"cuda_architectures", architectures},
                       {"cuda_version", version}},
          .content_hash = {},
          .registers_operators = false};
}

// Of a program whose LibTorch has CUDA 13. "" where the plugin is accepted.
std::string refusal_on(const std::vector<int>& gpus, const std::string& architectures,
                       const std::string& version = "13.0") {
  try {
    check_cuda(plugin_with(architectures, version), {{"torch_cuda_major", "13"}}, [&] { return gpus; });
  } catch (const PluginRefused& refused) {
    return refused.what();
  }
  return "";
}

TEST(CudaCode, ThatDoesNotRunOnAGpuIsP008) {
  EXPECT_EQ(refusal_on({90}, "70-real"),
            "error[P008]: plugin's CUDA code does not run on every GPU of this machine\n"
            "  plugin  kernels.umm.so  (kernels 1.2.3)\n"
            "  needs   CUDA architectures 70-real\n"
            "  host    GPU 0: compute capability 9.0\n"
            "  fix     configure it again with -DCMAKE_CUDA_ARCHITECTURES=90\n"
            "  note    nothing from the plugin was executed");
}

TEST(CudaCode, OfSeveralGpusMustRunOnEach) {
  EXPECT_EQ(refusal_on({80, 90, 120, 90}, "80-real;86"), "");
  EXPECT_THAT(refusal_on({80, 90, 120, 90}, "80-real;100-virtual"),
              HasSubstr("needs   CUDA architectures 80-real;100-virtual\n"
                        "  host    GPU 1: compute capability 9.0\n"
                        "  fix     configure it again with -DCMAKE_CUDA_ARCHITECTURES='80;90;120'"));
}

TEST(CudaCode, OfAnotherMajorVersionThanLibTorchsIsP008WhateverTheGpus) {
  const std::string text = refusal_on({}, "90", "12.8");
  EXPECT_THAT(text, HasSubstr("error[P008]: plugin was compiled by another CUDA"));
  EXPECT_THAT(text, HasSubstr("needs   cuda_version 12.8\n  host    torch_cuda_major 13\n"));
  EXPECT_EQ(refusal_on({90}, "90", "13.9"), "");
  EXPECT_THAT(refusal_on({90}, "90", "none"), HasSubstr("P008"));
  EXPECT_THAT(refusal_on({90}, "none", "13.0"), HasSubstr("P008"));
}

TEST(CudaCode, IsNotComparedWhereThereIsNoGpu) {
  EXPECT_EQ(refusal_on({}, "70-real"), "");
}

using CudaCodeTest = PluginFolder;

TEST_F(CudaCodeTest, GpusAreNotAskedForWithoutIt) {
  Probe probe;
  int times_asked = 0;
  const auto ask = [&] {
    ++times_asked;
    return std::vector<int>{90};
  };
  EXPECT_EQ(Catalogue::load({kRealPlugin}, probe, ask).entries().size(), 1u);
  EXPECT_EQ(times_asked, 0);
}

TEST_F(CudaCodeTest, OfALibraryIsComparedBeforeItIsOpened) {
  const std::string major = host_identity().at("torch_cuda_major");
  if (major == "none") GTEST_SKIP() << "this LibTorch has no CUDA";
  const std::string with_code = forged("cuda_architectures", "120a", forged("cuda_version", major + ".0"));
  const fs::path file = write("kernels.umm.so", with_code);
  Probe probe;
  const Catalogue elsewhere = Catalogue::load({file}, probe, [] { return std::vector<int>{121}; });
  ASSERT_EQ(elsewhere.rejected().size(), 1u);
  EXPECT_EQ(elsewhere.rejected()[0].code, "P008");
  EXPECT_THAT(to_text(elsewhere.rejected()[0]), HasSubstr("nothing from the plugin was executed"));
  const Catalogue here = Catalogue::load({file}, probe, [] { return std::vector<int>{120}; });
  EXPECT_EQ(here.entries().size(), 1u);
}

TEST(Gpus, OfThisMachineAreAskedForWithoutHarm) {
  for (const int gpu : gpus_of_this_machine()) EXPECT_GE(gpu, 50);
}

}  // namespace
}  // namespace umm::testing
