#include "shard.h"

#include <algorithm>
#include <cctype>
#include <unordered_map>
#include <unordered_set>

#include "images/picture_file.h"
#include "tar_index.h"
#include "umm/error.h"

namespace umm::webdataset {
namespace {

// False for names without an extension and hidden ones, which belong to no sample: README, ._0007.jpg.
bool split(const std::string& name, std::string& key, std::string& extension) {
  const size_t slash = name.rfind('/'), start = slash == std::string::npos ? 0 : slash + 1;
  const size_t dot = name.find('.', start);
  if (dot == std::string::npos || dot == start) return false;
  key = name.substr(0, dot);
  extension = name.substr(dot + 1);
  return true;
}

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

void put(StoredSample& sample, const std::string& extension, const TarMember& member,
         const std::string& path) {
  const Extent extent{.offset = member.offset, .num_bytes = member.num_bytes};
  const std::string lower = lower_case(extension);
  if (lower == "txt") sample.text = extent;
  if (lower == "json") sample.json = extent;
  if (!images::is_picture_extension(lower)) return;
  UMM_CHECK_INPUT(!sample.picture.exists(), path, ": expected one picture for each key, found `", sample.key,
                  ".", sample.picture_extension, "` and `", member.name,
                  "`; pack them under keys of their own");
  sample.picture = extent;
  sample.picture_extension = extension;
}

void expect_pictures(const std::vector<StoredSample>& samples, const std::string& path) {
  const auto lacks = [](const StoredSample& sample) { return !sample.picture.exists(); };
  const auto first = std::find_if(samples.begin(), samples.end(), lacks);
  UMM_CHECK_INPUT(first == samples.end(), path, ": the members `", first->key,
                  ".*` are no picture (png, jpg, jpeg, webp), as of ",
                  std::count_if(first, samples.end(), lacks), " of ", samples.size(),
                  " keys; pack the shard again, or set without_picture = \"skip\"");
}

}  // namespace

std::vector<StoredSample> read_shard(const PositionedFile& file, const std::string& path, bool skips) {
  std::vector<StoredSample> samples;
  std::unordered_map<std::string, size_t> positions;
  std::unordered_set<std::string> names;
  for (const TarMember& member : read_tar_index(file, path)) {
    std::string key, extension;
    if (!split(member.name, key, extension)) continue;
    UMM_CHECK_INPUT(names.insert(key + "." + lower_case(extension)).second, path, ": two members `",
                    member.name, "`; names must differ, in more than the case of their extension");
    const auto [position, is_new] = positions.try_emplace(key, samples.size());
    if (is_new)
      samples.push_back({.key = key, .picture_extension = {}, .picture = {}, .text = {}, .json = {}});
    put(samples[position->second], extension, member, path);
  }
  if (!skips) expect_pictures(samples, path);
  std::erase_if(samples, [](const StoredSample& sample) { return !sample.picture.exists(); });
  return samples;
}

}  // namespace umm::webdataset
