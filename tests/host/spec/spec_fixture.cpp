#include "spec_fixture.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <map>

namespace umm {

SpecFolder::SpecFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "umm_spec_XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw Error("no temporary folder");
  folder_ = name;
}

SpecFolder::~SpecFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void SpecFolder::write(const std::string& name, const std::string& text) const {
  const std::filesystem::path file = folder_ / name;
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
}

Experiment SpecFolder::read(const std::string& spec, const std::vector<std::string>& sets,
                            const Catalogue& catalogue) const {
  write("sweep.toml", spec);
  return read_experiment(path("sweep.toml"), sets, catalogue);
}

Experiment SpecFolder::read_only(const std::string& spec, const std::vector<std::string>& only,
                                 const std::vector<std::string>& sets) const {
  write("sweep.toml", spec);
  return read_experiment(spec::read_files(path("sweep.toml")), {.sets = sets, .only = only},
                         Catalogue::of(test_plugins()));
}

std::vector<std::string> SpecFolder::problems(const std::string& spec, const std::vector<std::string>& sets,
                                              const std::vector<std::string>& only) const {
  std::vector<std::string> result;
  try {
    read_only(spec, only, sets);
  } catch (const SpecError& error) {
    std::map<std::string, int> arguments;
    std::vector<std::string> names;
    for (const spec::SourceText& source : error.sources()) {
      const std::string name = std::filesystem::path(source.name).filename().string();
      names.push_back(names.empty() ? ""
                      : !source.name.starts_with("--")
                          ? name + ":"
                          : name.substr(2) + std::to_string(++arguments[name]) + ":");
    }
    for (const spec::Problem& problem : error.problems()) {
      result.push_back(problem.code + " " + names.at(static_cast<size_t>(problem.at.source)) +
                       std::to_string(problem.at.line) + ":" + std::to_string(problem.at.column));
    }
  }
  return result;
}

std::string SpecFolder::message(const std::string& spec, const std::vector<std::string>& sets) const {
  try {
    read(spec, sets);
  } catch (const SpecError& error) {
    std::string text = error.what();
    const std::string folder = path("");
    for (size_t at; (at = text.find(folder)) != std::string::npos;) text.erase(at, folder.size());
    return text;
  }
  return "";
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

}  // namespace umm
