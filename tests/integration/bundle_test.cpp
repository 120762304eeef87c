// The bundle, copied elsewhere, runs the main job with nothing of the build tree and none of Debian's.
#include <algorithm>
#include <set>

#include "program.h"

namespace umm::testing {
namespace {

class BundleTest : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    fs::copy(UMM_BINARY_DIR "/bundle/ummbench", folder_ / "copy", fs::copy_options::recursive);
  }

  // Runs the copied launcher; the dynamic loader writes what the program initialises to loaded.<pid>.
  Finished run_copy(const std::string& arguments, const std::string& torch) const {
    const std::string command = "cd '" + folder_.string() + "' && env -i PATH=/usr/bin:/bin UMM_TORCH_DIR='" +
                                torch + "' LD_DEBUG=libs LD_DEBUG_OUTPUT=loaded ./copy/ummbench " +
                                arguments + " >out.txt 2>err.txt </dev/null";
    const int status = std::system(command.c_str());
    return {WEXITSTATUS(status), read_text(folder_ / "out.txt"), read_text(folder_ / "err.txt")};
  }

  // Libraries of every process that initialised `program_library`: they differ by the plugins each loads.
  std::set<std::string> libraries_of(const std::string& program_library) const {
    std::set<std::string> all;
    for (const auto& entry : fs::directory_iterator(folder_)) {
      if (!entry.path().filename().string().starts_with("loaded.")) continue;
      std::set<std::string> libraries;
      // One process: the launcher's shell comes first and hands over to the program.
      const std::string trace = read_text(entry.path()), handover = "transferring control: ";
      const auto program_starts = trace.rfind(handover);
      if (program_starts == std::string::npos || program_starts == 0) continue;
      const auto shell_ends = trace.rfind(handover, program_starts - 1);
      std::istringstream lines(shell_ends == std::string::npos ? trace : trace.substr(shell_ends));
      for (std::string line; std::getline(lines, line);) {
        const std::string marker = "calling init: ";
        if (const auto at = line.find(marker); at != std::string::npos)
          libraries.insert(line.substr(at + marker.size()));
      }
      if (std::ranges::any_of(libraries, [&](const auto& name) { return name.ends_with(program_library); }))
        all.merge(libraries);
    }
    return all;
  }
};

TEST_F(BundleTest, RunsTheQuickstartsSpecFromACopy) {
  const Finished finished = run_copy(
      "run copy/experiments/tiny/quickstart.toml --set train.updates=2 --set train.warmup=0 "
      "--set eval.geneval.images_per_prompt=1 --set eval.geneval.prompt_options.prompts_per_tag=2 "
      "--set eval.dpg.images_per_prompt=1 --set eval.dpg.prompt_options.prompts=2",
      UMM_TORCH_ROOT);
  ASSERT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_NE(finished.out.find("2 stages trained, 6 evaluations made, 0 failed"), std::string::npos)
      << finished.out;

  const auto libraries = libraries_of("libumm_sdk.so");
  EXPECT_GT(libraries.size(), 10u);
  const std::string torch = fs::path(UMM_TORCH_ROOT).parent_path().string();
  const std::set<std::string> glibc = {"libc.so.6",       "libm.so.6",           "libdl.so.2",
                                       "libpthread.so.0", "librt.so.1",          "libutil.so.1",
                                       "libresolv.so.2",  "ld-linux-x86-64.so.2"};
  for (const auto& library : libraries) {
    const bool carried = library.starts_with((folder_ / "copy").string()) || library.starts_with(torch) ||
                         library.starts_with((folder_ / "runs/tiny/frozen").string());
    EXPECT_TRUE(carried || glibc.contains(fs::path(library).filename().string())) << library;
  }
}

TEST_F(BundleTest, AnotherLibTorchIsRefusedByName) {
  fs::create_directories(folder_ / "torch/lib");
  write("torch/lib/libtorch_cpu.so", "another build");
  const Finished finished = run_copy("plugin list", (folder_ / "torch").string());
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_NE(finished.err.find("build id"), std::string::npos) << finished.err;
  EXPECT_EQ(run_copy("plugin list", (folder_ / "absent").string()).exit_code, 2);
}

}  // namespace
}  // namespace umm::testing
