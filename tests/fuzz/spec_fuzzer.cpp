// An experiment spec, what it extends, and the command line: parts of the input, divided by zero bytes. Read
// against the plugins of tests/host/spec. What is wrong must come as an InputError.
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "../host/spec/spec_plugins.h"
#include "loader/hash.h"
#include "spec/plugin_table.h"
#include "spec/read.h"

// In the place of loader/catalogue.cpp and loader/hash.cpp: no library is loaded, and no file is read that an
// input names as data, which could be the whole disk.
namespace umm {

Catalogue Catalogue::of(std::vector<LoadedPlugin> entries) {
  Catalogue catalogue;
  catalogue.entries_ = std::move(entries);
  return catalogue;
}

const LoadedPlugin* Catalogue::find(PluginKind kind, std::string_view id) const {
  for (const LoadedPlugin& plugin : entries_)
    if (plugin.entry.kind == kind && plugin.entry.id == id) return &plugin;
  return nullptr;
}

std::string hash_text(std::string_view text) {
  return std::to_string(std::hash<std::string_view>()(text));
}

std::string hash_file(const std::filesystem::path& file) {
  return hash_text(file.string());
}

std::string hash_folder(const std::filesystem::path& folder) {
  return hash_text(folder.string());
}

}  // namespace umm

namespace {

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "umm_fuzz_XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) std::abort();
    path_ = name;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string file(const char* name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

std::vector<std::string> parts_of(const uint8_t* data, size_t size) {
  std::vector<std::string> parts(1);
  for (size_t i = 0; i < size; ++i) {
    if (data[i] == 0)
      parts.emplace_back();
    else
      parts.back() += static_cast<char>(data[i]);
  }
  return parts;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const umm::Catalogue catalogue = umm::Catalogue::of(umm::test_plugins());
  static const Folder folder;
  const auto parts = parts_of(data, size);
  std::ofstream(folder.file("spec.toml"), std::ios::binary) << parts[0];
  std::ofstream(folder.file("base.toml"), std::ios::binary) << (parts.size() > 1 ? parts[1] : "");
  umm::SpecChanges changes{.max_runs = 300};
  for (size_t i = 2; i < parts.size(); ++i)
    (parts[i].starts_with("only ") ? changes.only : changes.sets)
        .push_back(parts[i].starts_with("only ") ? parts[i].substr(5) : parts[i]);
  try {
    const auto files = umm::spec::read_files(folder.file("spec.toml"));
    umm::spec::plugin_folders(files);
    umm::explain(files, changes, catalogue, "train.lr");
  } catch (const umm::InputError&) {
  }
  return 0;
}
