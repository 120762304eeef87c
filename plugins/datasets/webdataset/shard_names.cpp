#include "shard_names.h"

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "tar_index.h"
#include "umm/error.h"

namespace umm::webdataset {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kMaxShards = 1'000'000;

int64_t number_in(const std::string& digits, const std::string& pattern) {
  int64_t number = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, number);
  UMM_CHECK_INPUT(error == std::errc() && stop == end && number >= 0, "dataset webdataset: `names` = \"",
                  pattern, "\": expected a range of numbers in braces, as in data-{00000..00012}.tar");
  return number;
}

std::string padded(int64_t number, size_t width) {
  const std::string digits = std::to_string(number);
  return std::string(width > digits.size() ? width - digits.size() : 0, '0') + digits;
}

bool has_shard_name(const fs::path& file) {
  return file.string().ends_with(".tar") || !unpacking_command(file.filename().string()).empty();
}

// Compressed shards too, which are then refused: left out, they would be missed by nobody.
std::vector<std::string> shards_in(const fs::path& folder) {
  std::vector<std::string> paths;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    if (has_shard_name(entry->path()) && !entry->path().filename().string().starts_with('.') &&
        entry->is_regular_file(error))
      paths.push_back(entry->path().string());
  UMM_CHECK_INPUT(!error, "dataset webdataset: ", folder.string(), " cannot be listed: ", error.message());
  UMM_CHECK_INPUT(!paths.empty(), "dataset webdataset: expected .tar files in ", folder.string(),
                  ", found none; folders inside it are not read");
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace

std::vector<std::string> expanded(const std::string& pattern) {
  const size_t open = pattern.find('{'), close = pattern.find('}', open == std::string::npos ? 0 : open);
  if (open == std::string::npos && close == std::string::npos) return {pattern};
  const std::string inside =
      open < close && close != std::string::npos ? pattern.substr(open + 1, close - open - 1) : "";
  const size_t dots = inside.find("..");
  const std::string first = inside.substr(0, dots),
                    last = dots == std::string::npos ? "" : inside.substr(dots + 2);
  const int64_t from = number_in(first, pattern), to = number_in(last, pattern);
  const auto rests = expanded(pattern.substr(close + 1));
  UMM_CHECK_INPUT(from <= to && (to - from) < kMaxShards / static_cast<int64_t>(rests.size()),
                  "dataset webdataset: `names` = \"", pattern, "\": expected 1 to ", kMaxShards,
                  " shards, counted upwards");
  const size_t width = first.size() > 1 && first.starts_with('0') ? std::max(first.size(), last.size()) : 0;
  std::vector<std::string> names;
  for (int64_t number = from; number <= to; ++number)
    for (const std::string& rest : rests)
      names.push_back(pattern.substr(0, open) + padded(number, width) + rest);
  return names;
}

std::vector<std::string> shard_paths(const std::string& shards, const std::string& names) {
  UMM_CHECK_INPUT(fs::is_regular_file(shards) || fs::is_directory(shards),
                  "dataset webdataset: the option `shards` must name a .tar file or a folder of them; ",
                  "there is no '", shards, "'");
  if (fs::is_directory(shards) && names.empty()) return shards_in(shards);
  UMM_CHECK_INPUT(names.empty() || fs::is_directory(shards), "dataset webdataset: `names` = \"", names,
                  "\" chooses files of a folder, but `shards` is the file ", shards);
  if (names.empty()) return {shards};
  UMM_CHECK_INPUT(names.find('/') == std::string::npos, "dataset webdataset: `names` = \"", names,
                  "\": expected names of files in the folder `shards`, without \"/\"");
  std::vector<std::string> paths;
  for (const std::string& name : expanded(names)) {
    paths.push_back((fs::path(shards) / name).string());
    UMM_CHECK_INPUT(fs::is_regular_file(paths.back()), "dataset webdataset: `names` = \"", names,
                    "\": there is no file ", paths.back());
  }
  return paths;
}

}  // namespace umm::webdataset
