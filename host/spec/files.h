// The file of a spec, the one that it extends, the one that that extends, and so on.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "spec/elsewhere.h"
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

// Files are read from where `elsewhere` has them, and keep their names; it is used during the call.
// Throws InputError where `path` itself cannot be read. Reports S100 and, for `extends`, S102, S131 (no such
// file) and S132 (a circle).
SpecFiles read_files(const std::string& path, const Elsewhere* elsewhere = nullptr);

// The text of the spec; what it extends follows, each file under a comment with its name.
std::string whole_text(const SpecFiles& spec);
std::string under_its_name(const std::string& name, const std::string& text);

// The path that `extends = "NAME"` means in a file of this folder.
std::string extended_file(const std::filesystem::path& folder, const std::string& name);

// A file of a spec as a sweep keeps it.
struct FrozenFile {
  std::string name, text;
  bool protocol = false;  // else the spec itself, which comes first, or what it extends
};

// Takes apart Experiment::spec_text: whole_text() and the protocols behind it.
std::vector<FrozenFile> frozen_files(const std::string& spec_path, const std::string& spec_text);

}  // namespace umm::spec
