// Runs the built ummbench as a user would, in a folder of its own.
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <sstream>
#include <string>

namespace umm::testing {

namespace fs = std::filesystem;

inline std::string read_text(const fs::path& file) {
  std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// Of a folder of experiments, without what benchmarks publish and somebody may have put beside protocols.
inline void copy_experiments(const fs::path& from, const fs::path& to) {
  const std::string protocols = UMM_SOURCE_DIR "/experiments/protocols/";
  for (const auto& entry : fs::recursive_directory_iterator(from)) {
    const fs::path& file = entry.path();
    if (!entry.is_regular_file()) continue;
    if (file.string().starts_with(protocols) && file.extension() != ".toml") continue;
    const fs::path copy = to / file.lexically_relative(from);
    fs::create_directories(copy.parent_path());
    fs::copy_file(file, copy);
  }
}

struct Finished {
  int exit_code = -1;  // 128 + signal where a signal ended it
  std::string out, err;
};

class ProgramTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("umm_cli_" + std::to_string(getpid()));
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    unsetenv("UMM_PLUGIN_PATH");  // an author's, in the place of the built ones
  }
  void TearDown() override { fs::remove_all(folder_); }

  // `before` goes in front of the command: "ulimit -f 10;" or "timeout -s KILL 3".
  Finished run(const std::string& arguments, const std::string& before = "") const {
    return run_command("export XDG_CACHE_HOME=cache; " + before + " '" UMM_BINARY_DIR "/ummbench' " +
                       arguments);
  }

  // The shell command for a Session.
  std::string command(const std::string& arguments) const {
    return "cd '" + folder_.string() + "'; export XDG_CACHE_HOME=cache; exec '" UMM_BINARY_DIR "/ummbench' " +
           arguments;
  }

  // Shell commands in the test's folder.
  Finished run_command(const std::string& commands) const {
    const std::string command =
        "cd '" + folder_.string() + "' && { " + commands + "; } >out.txt 2>err.txt </dev/null";
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), read_text(folder_ / "out.txt"),
            read_text(folder_ / "err.txt")};
  }

  fs::path write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }

  static void expect_words(const std::string& text, std::initializer_list<const char*> words) {
    for (const char* word : words) EXPECT_NE(text.find(word), std::string::npos) << word << "\n" << text;
  }

  // A sweep of seconds over fresh weights: one reference, SFT and RecA, a dozen pictures each.
  std::string small_spec(const std::string& train = "updates = 2",
                         const std::string& architecture = "showo") const {
    return R"(schema = 1
[sweep]
name = "small"
output = "out"
[base]
seed = 0
[base.architecture]
use = ")" + architecture +
           R"("
vocabulary = ")" UMM_SOURCE_DIR R"(/experiments/tiny/vocabulary.txt"
[base.method]
use = "reca"
[base.data.recon]
use = "tiny_world"
batch = 2
[base.data.t2i]
use = "tiny_world"
batch = 2
[base.data.i2t]
use = "tiny_world"
batch = 2
[base.train]
lr = 1e-3
)" + train +
           R"(
[[axis]]
name = "method"
key = "method.use"
values = ["sft", "reca"]
[[reference]]
name = "base"
[eval.geneval]
prompts = "tiny_world"
prompt_options = { prompts_per_tag = 2 }
detector = "tiny_world"
sampling = { steps = 2 }
images_per_prompt = 1
)";
  }

  static inline const std::string kTwoSeeds = R"([[axis]]
name = "seed"
key = "seed"
values = [0, 1]
replicate = true
)";

  // The small sweep with the method of explosive/; its runs throw each of `throws`: `"memory", "error"`.
  std::string explosive_spec(const std::string& throws) const {
    std::string spec = small_spec("updates = 1");
    const auto replace = [&](const std::string& from, const std::string& to) {
      ASSERT_NE(spec.find(from), std::string::npos) << from;
      spec.replace(spec.find(from), from.size(), to);
    };
    replace(R"(use = "reca")", R"(use = "explosive")");
    replace(R"(key = "method.use")", R"(key = "method.throws")");
    replace(R"("sft", "reca")", throws);
    for (const std::string flow : {"recon", "i2t"})
      replace("[base.data." + flow + "]\nuse = \"tiny_world\"\nbatch = 2\n", "");
    return spec;
  }

  fs::path folder_;
};

}  // namespace umm::testing
