// The house rules that a machine can check: sizes, layering, names, words that do not belong.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

const fs::path kRoot = UMM_SOURCE_DIR;

bool has_extension(const fs::path& file, std::initializer_list<const char*> extensions) {
  return std::any_of(extensions.begin(), extensions.end(),
                     [&](const char* e) { return file.extension() == e; });
}

std::vector<fs::path> sources(std::initializer_list<const char*> folders) {
  std::vector<fs::path> files;
  for (const char* folder : folders) {
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / folder)) {
      if (has_extension(entry.path(), {".h", ".cpp", ".cu"})) files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<std::string> lines_of(const fs::path& file) {
  std::ifstream in(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string path_text(const fs::path& file) {
  return fs::relative(file, kRoot).string();
}

// Every #include "..." of the files below `folder` must start with one of `allowed`.
void expect_includes_only(const char* folder, const std::vector<std::string>& allowed) {
  const std::regex include(R"re(^#include "([^"]+)")re");
  for (const auto& file : sources({folder})) {
    for (const auto& line : lines_of(file)) {
      std::smatch match;
      if (!std::regex_search(line, match, include)) continue;
      const std::string target = match[1];
      const bool sibling = target.find('/') == std::string::npos;
      const bool fine =
          sibling || std::any_of(allowed.begin(), allowed.end(),
                                 [&](const std::string& prefix) { return target.starts_with(prefix); });
      EXPECT_TRUE(fine) << path_text(file) << " must not include \"" << target << "\"";
    }
  }
}

// A plugin's main file is the one named like its folder.
size_t line_limit(const fs::path& file) {
  const std::string path = path_text(file);
  const bool plugin = path.starts_with("plugins/") && !path.starts_with("plugins/common/");
  return plugin && file.stem() == file.parent_path().filename() ? 500 : 300;
}

TEST(House, FilesAndLinesAreShort) {
  for (const auto& file : sources({"host", "plugins", "evaluators", "results", "tests"})) {
    const auto lines = lines_of(file);
    EXPECT_LE(lines.size(), line_limit(file)) << path_text(file);
    for (size_t i = 0; i < lines.size(); ++i)
      EXPECT_LE(lines[i].size(), 110u) << path_text(file) << ":" << i + 1;
  }
}

// Whether the line after `line` is one of a raw string. Those with a delimiter of their own pass for code.
bool ends_in_raw_string(const std::string& line, bool begins_in_one) {
  const size_t opens = line.rfind("R\"("), closes = line.rfind(")\"");
  if (opens == std::string::npos) return begins_in_one && closes == std::string::npos;
  return closes == std::string::npos || closes < opens;
}

// As clang-format has it, a function ends with a "}" alone and begins at the latest line before that is
// indented as little, whether it stands by itself or in a class.
TEST(House, FunctionsAreShort) {
  for (const auto& file : sources({"host", "plugins", "evaluators", "results", "tests"})) {
    const auto lines = lines_of(file);
    size_t begins[3] = {};  // by indentation
    bool raw = false;
    for (size_t i = 0; i < lines.size(); ++i) {
      const bool text = raw;
      raw = ends_in_raw_string(lines[i], raw);
      const size_t indent = lines[i].find_first_not_of(' ');
      if (text || indent > 2) continue;
      if (lines[i].find_first_of("})#/:", indent) != indent) begins[indent] = i;
      if (lines[i].substr(indent) != "}") continue;
      EXPECT_LE(i - begins[indent] + 1, 60u) << path_text(file) << ":" << begins[indent] + 1;
    }
  }
}

TEST(House, EveryTopFolderSaysWhatBelongsThere) {
  for (const char* folder : {"benchmarks", "cmake", "evaluators", "experiments", "host", "plugins", "results",
                             "templates", "tests"})
    EXPECT_TRUE(fs::exists(kRoot / folder / "README.md")) << folder;
}

TEST(House, MethodsAreShort) {
  for (const auto& file : sources({"plugins/methods"})) {
    if (file.stem() == file.parent_path().filename()) {
      EXPECT_LE(lines_of(file).size(), 150u) << path_text(file);
    }
  }
}

TEST(House, SdkHeadersAreShortAndNeverIncludeAllOfTorch) {
  for (const auto& file : sources({"host/include"})) {
    const auto lines = lines_of(file);
    EXPECT_LE(lines.size(), 150u) << path_text(file);
    for (const auto& line : lines) EXPECT_FALSE(line.starts_with("#include <torch/")) << path_text(file);
  }
}

TEST(House, DependenciesPointDown) {
  expect_includes_only("host/include", {"umm/"});
  expect_includes_only("host/images", {"umm/", "images/"});
  expect_includes_only("host/json", {"umm/", "json/"});
  expect_includes_only("host/sdk", {"umm/"});
  expect_includes_only("host/process", {"umm/", "process/"});
  expect_includes_only("host/cuda", {"umm/", "cuda/"});
  expect_includes_only("host/loader", {"umm/", "process/", "cuda/", "loader/"});
  expect_includes_only("host/spec", {"umm/", "loader/", "spec/"});
  expect_includes_only("host/meter", {"umm/", "cuda/", "meter/", "results/"});
  expect_includes_only("host/train", {"umm/", "cuda/", "loader/", "spec/", "meter/", "train/", "results/"});
  expect_includes_only("host/estimate",
                       {"umm/", "process/", "loader/", "spec/", "meter/", "train/", "estimate/"});
  expect_includes_only("host/conformance",
                       {"umm/", "images/", "process/", "loader/", "estimate/", "conformance/"});
  expect_includes_only("host/evaluate", {"umm/", "images/", "json/", "process/", "loader/", "spec/", "meter/",
                                         "train/", "estimate/", "evaluate/", "results/"});
  expect_includes_only("host/launch", {"umm/", "json/", "process/", "cuda/", "loader/", "spec/", "meter/",
                                       "train/", "evaluate/", "launch/", "results/"});
  expect_includes_only("host/plan", {"umm/", "process/", "loader/", "spec/", "meter/", "train/", "estimate/",
                                     "evaluate/", "results/", "plan/"});
  expect_includes_only("host/score", {"umm/", "images/", "json/", "loader/", "spec/", "meter/", "train/",
                                      "evaluate/", "launch/", "results/", "score/"});
  expect_includes_only("host/tables", {"umm/", "loader/", "spec/", "results/", "tables/"});
  expect_includes_only("host/bundle", {"umm/", "process/", "loader/", "spec/", "train/", "evaluate/",
                                       "launch/", "tables/", "results/", "bundle/"});
  expect_includes_only("host/serve",
                       {"umm/", "process/", "spec/", "train/", "launch/", "tables/", "results/", "serve/"});
  expect_includes_only("results", {"results/"});
  const std::vector<std::string> shared = {"umm/",   "images/",    "nn/",   "vae/", "checkpoint/",
                                           "image/", "diffusion/", "text/", "json/"};
  for (const char* plugins :
       {"plugins/common", "plugins/architectures", "plugins/methods", "plugins/datasets", "plugins/judges"})
    expect_includes_only(plugins, shared);
  expect_includes_only("evaluators", {"umm/", "images/", "json/"});
}

TEST(House, MethodsNameNoArchitectureAndSharedBlocksNameNoModel) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kRoot / "plugins/architectures")) {
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  }
  ASSERT_FALSE(names.empty());
  for (const auto& file : sources({"plugins/methods", "plugins/common/nn", "plugins/common/diffusion"})) {
    for (const auto& line : lines_of(file)) {
      if (line.find("//") != std::string::npos) continue;  // comments may cite sources
      for (const auto& name : names)
        EXPECT_EQ(line.find(name), std::string::npos) << path_text(file) << ": " << line;
    }
  }
}

// The words of a CMakeLists.txt as paths, each from the list's own folder.
std::set<fs::path> paths_in(const fs::path& list) {
  std::set<fs::path> paths;
  for (const auto& line : lines_of(list)) {
    std::istringstream words(line.substr(0, line.find('#')));
    for (std::string word; words >> word;)
      paths.insert((list.parent_path() / word.substr(0, word.find(')'))).lexically_normal());
  }
  return paths;
}

TEST(House, EveryTestFileIsBuilt) {
  std::set<fs::path> built;
  for (const auto& entry : fs::recursive_directory_iterator(kRoot / "tests"))
    if (entry.path().filename() == "CMakeLists.txt") built.merge(paths_in(entry.path()));
  for (const auto& file : sources({"tests"})) {
    if (!file.stem().string().ends_with("_test")) continue;
    EXPECT_TRUE(built.contains(file.lexically_normal())) << path_text(file) << " is in no CMakeLists.txt";
  }
}

}  // namespace
