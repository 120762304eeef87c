#include "score/official_pictures.h"

#include <algorithm>
#include <map>
#include <set>

#include "images/picture_file.h"
#include "loader/hash.h"
#include "umm/error.h"

namespace umm {
namespace {

namespace fs = std::filesystem;

// "00017/samples/0" for 00017/samples/00000: numbers are compared as such.
std::string normal_stem(const fs::path& stem) {
  std::string name = stem.filename().string();
  const bool is_number = !name.empty() && name.find_first_not_of("0123456789") == std::string::npos;
  if (is_number) name.erase(0, std::min(name.find_first_not_of('0'), name.size() - 1));
  return (stem.parent_path() / name).generic_string();
}

// Picture files below `folder` by their normal stems.
std::map<std::string, fs::path> picture_files(const fs::path& folder) {
  std::map<std::string, fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string extension = entry.path().extension().string();
    if (extension.empty() || !images::is_picture_extension(extension.substr(1))) continue;
    if (!entry.is_regular_file()) continue;
    const fs::path relative = entry.path().lexically_relative(folder);
    const auto [known, is_new] =
        files.emplace(normal_stem(relative.parent_path() / relative.stem()), entry.path());
    UMM_CHECK_INPUT(is_new, folder.string(), ": two files are one picture, ",
                    std::min(known->second, entry.path()).string(), " and ",
                    std::max(known->second, entry.path()).string(), "; take one away");
  }
  return files;
}

}  // namespace

OfficialPictures find_official_pictures(const Benchmark& benchmark, const fs::path& folder) {
  UMM_CHECK_INPUT(fs::is_directory(folder), folder.string(), ": expected a folder of pictures, found ",
                  fs::exists(folder) ? "a file" : "nothing");
  const auto files = picture_files(folder);
  OfficialPictures pictures;
  std::set<std::string> used;
  for (size_t item = 0; item < benchmark.items.size(); ++item) {
    for (int64_t image = 0; image < benchmark.images_per_prompt; ++image) {
      const OfficialPicture place =
          benchmark.evaluator->official_picture(benchmark.items[item], image, benchmark.images_per_prompt);
      const std::string stem = normal_stem(place.stem);
      const auto file = files.find(stem);
      if (file == files.end()) {
        if (place.cell == 0) pictures.missing.push_back((folder / (place.stem + ".png")).string());
        continue;
      }
      used.insert(stem);
      pictures.found.push_back({.item = item,
                                .image = image,
                                .file = file->second,
                                .shown_path = file->second.string(),
                                .grid = place.grid,
                                .cell = place.cell});
    }
  }
  for (const auto& [stem, file] : files)
    if (!used.contains(stem)) pictures.extra.push_back(file.string());
  return pictures;
}

std::string hash_of(const std::vector<SubmittedPicture>& pictures) {
  std::string text;
  std::map<fs::path, std::string> hashes;
  for (const auto& picture : pictures) {
    std::string& hash = hashes[picture.file];
    if (hash.empty()) hash = hash_file(picture.file);
    text += detail::concat(picture.item, " ", picture.image, " ", hash, "\n");
  }
  return hash_text(text);
}

}  // namespace umm
