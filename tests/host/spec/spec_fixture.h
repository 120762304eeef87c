// Specs in a folder of their own, read against plugins that exist only here.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "spec/read.h"
#include "spec_plugins.h"

namespace umm {

class SpecFolder {
 public:
  SpecFolder();
  ~SpecFolder();
  SpecFolder(const SpecFolder&) = delete;
  SpecFolder& operator=(const SpecFolder&) = delete;

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  void write(const std::string& name, const std::string& text) const;

  Experiment read(const std::string& spec, const std::vector<std::string>& sets = {},
                  const Catalogue& catalogue = Catalogue::of(test_plugins())) const;

  // With --only.
  Experiment read_only(const std::string& spec, const std::vector<std::string>& only,
                       const std::vector<std::string>& sets = {}) const;

  // "S101 4:1" for every problem; "S101 set1:1:5" for --set arguments, "S101 base.toml:4:1" for other files.
  std::vector<std::string> problems(const std::string& spec, const std::vector<std::string>& sets = {},
                                    const std::vector<std::string>& only = {}) const;

  // The whole message, without the folder's name; "" if there was no error.
  std::string message(const std::string& spec, const std::vector<std::string>& sets = {}) const;

 private:
  std::filesystem::path folder_;
};

// 15 lines, one run: what is appended starts in line 16.
inline const std::string kMinimal = R"(schema = 1
[sweep]
name = "test"
[base]
seed = 0
[base.architecture]
use = "toy"
[base.method]
use = "reca"
[base.data.recon]
use = "world"
batch = 8
[base.train]
updates = 10
lr = 4e-4
)";

inline const std::string kMethods = R"([base.data.t2i]
use = "world"
batch = 4
[[axis]]
name = "method"
key = "method.use"
values = ["sft", "reca"]
)";  // lines 16 to 22

inline const std::string kSeeds = R"([[axis]]
name = "seed"
key = "seed"
values = [0, 1, 2]
replicate = true
)";

inline const std::string kEvaluation = R"([eval.geneval]
prompts = "world"
detector = "oracle"
)";

// `text` with the first `from` replaced; fails the test where there is none.
std::string replaced(std::string text, const std::string& from, const std::string& to);

}  // namespace umm
