#include "bundle/layout.h"

#include <algorithm>

#include "bundle/archive.h"
#include "loader/hash_path.h"
#include "train/files.h"
#include "umm/error.h"
#include "umm/file.h"

namespace umm {

namespace fs = std::filesystem;

namespace {

fs::path whole(const fs::path& path) {
  return fs::absolute(path).lexically_normal();
}

bool copy_one(const fs::path& from, const fs::path& to) {
  make_folders(to.parent_path());
  return fs::exists(to) || fs::copy_file(from, to);
}

}  // namespace

BundleLayout::BundleLayout(fs::path bundle, std::string name, const std::vector<fs::path>& family)
    : bundle_(std::move(bundle)), name_(std::move(name)) {
  for (const auto& member : family) {
    const fs::path folder = whole(member).parent_path();
    if (common_.empty()) common_ = folder;
    fs::path shared;
    for (auto a = common_.begin(), b = folder.begin(); a != common_.end() && b != folder.end() && *a == *b;
         ++a, ++b)
      shared /= *a;
    common_ = shared;
  }
}

std::string BundleLayout::place(const fs::path& path, const std::string& outside) const {
  if (common_.empty()) return outside;
  const std::string relative = whole(path).lexically_relative(common_).generic_string();
  return is_safe_name(relative) ? name_ + "/" + relative : outside;
}

void BundleLayout::write(const std::string& name, const std::string& text) const {
  UMM_CHECK_INPUT(is_safe_name(name), name, ": a bundle cannot hold a file of this name");
  make_folders((bundle_ / name).parent_path());
  UMM_CHECK_INPUT(!fs::exists(bundle_ / name) || read_file(bundle_ / name) == text, name,
                  ": two files of the spec would have this name in the bundle; give one of them another");
  write_text_file(bundle_ / name, text);
}

bool BundleLayout::copy(const fs::path& from, const std::string& name) const {
  if (!is_safe_name(name)) return false;
  if (!fs::is_directory(from)) return copy_one(from, bundle_ / name);
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(from))
    if (entry.is_regular_file()) names.push_back(entry.path().lexically_relative(from).generic_string());
  if (!std::all_of(names.begin(), names.end(), is_safe_name)) return false;
  for (const auto& file : names) copy_one(from / file, bundle_ / name / file);
  return true;
}

std::string protocol_place(const fs::path& path) {
  const std::string text = path.generic_string();
  const size_t at = text.rfind("protocols/");
  return at == std::string::npos ? "protocols/" + path.filename().string() : text.substr(at);
}

int64_t bytes_of(const fs::path& path) {
  std::error_code failed;
  if (fs::is_regular_file(path, failed)) return static_cast<int64_t>(fs::file_size(path));
  if (!fs::is_directory(path, failed)) return -1;
  int64_t bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(path))
    if (entry.is_regular_file()) bytes += static_cast<int64_t>(entry.file_size());
  return bytes;
}

std::string content_of(const fs::path& path) {
  std::error_code failed;
  if (!fs::exists(path, failed)) return "";
  return hash_path(path);
}

}  // namespace umm
