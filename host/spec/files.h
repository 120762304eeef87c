// The file of a spec, the one that it extends, the one that that extends, and so on.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "spec/problems.h"

namespace umm::spec {

struct SpecFile {
  std::string name;  // as messages show it
  std::string text;
  std::filesystem::path folder;  // paths written in the file start here
  Value::Table root;
};

struct SpecFiles {
  std::vector<SpecFile> files;  // the spec first; the index is the source of its positions
  Problems problems;            // of reading them: what comes after an error is missing
};

// nullopt: it is no file, or cannot be read to its end.
std::optional<std::string> file_text(const std::string& path);

// Throws InputError where `path` itself cannot be read. Reports S100 and, for `extends`, S102, S131 (no such
// file) and S132 (a circle).
SpecFiles read_files(const std::string& path);

// The text of the spec; what it extends follows, each file under a comment with its name.
std::string whole_text(const SpecFiles& spec);
std::string under_its_name(const std::string& name, const std::string& text);

}  // namespace umm::spec
