// Where files of many folders go in a bundle: those of one family keep their places to each other.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace umm {

class BundleLayout {
 public:
  // The folder that `family` has in common becomes `name` in the bundle.
  BundleLayout(std::filesystem::path bundle, std::string name,
               const std::vector<std::filesystem::path>& family);

  // Where a file or folder goes: below `name` where it lies in the common folder, else `outside`.
  std::string place(const std::filesystem::path& path, const std::string& outside) const;

  // InputError where another text has this name.
  void write(const std::string& name, const std::string& text) const;

  // A file, or the plain files of a folder. False: a name on the way cannot be in a bundle.
  bool copy(const std::filesystem::path& from, const std::string& name) const;

 private:
  std::filesystem::path bundle_;
  std::string name_;
  std::filesystem::path common_;  // absolute; "": the family is empty
};

// "protocols/geneval/tiny-4x.toml" of a path that ends so.
std::string protocol_place(const std::filesystem::path& path);

// Of a file, or of all plain files below a folder; -1: nothing is there.
int64_t bytes_of(const std::filesystem::path& path);

// Content hash of a file or folder; "": nothing is there, or it cannot be read.
std::string content_of(const std::filesystem::path& path);

}  // namespace umm
