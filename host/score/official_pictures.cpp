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

bool is_number(const std::string& name) {
  return !name.empty() && name.find_first_not_of("0123456789") == std::string::npos;
}

// "17/samples/0" for 00017/samples/00000: numbers are compared as such.
fs::path normal_stem(const fs::path& stem) {
  fs::path normal;
  for (const auto& part : stem) {
    std::string name = part.string();
    if (is_number(name)) name.erase(0, std::min(name.find_first_not_of('0'), name.size() - 1));
    normal /= name;
  }
  return normal;
}

bool is_picture(const fs::path& path) {
  const std::string extension = path.extension().string();
  return !extension.empty() && images::is_picture_extension(extension.substr(1));
}

// Picture files below a folder by their normal stems, in the order of their names.
class PictureFiles {
 public:
  explicit PictureFiles(const fs::path& folder) : folder_(folder) {
    try {
      add(folder);
    } catch (const fs::filesystem_error& error) {
      throw InputError(
          detail::concat(error.path1().string(), ": cannot be listed: ", error.code().message()));
    }
    for (auto& [stem, files] : by_stem_) std::sort(files.begin(), files.end());
  }

  const std::map<fs::path, std::vector<fs::path>>& by_stem() const { return by_stem_; }

 private:
  // A link may lead back to a folder that it lies in.
  void add(const fs::path& folder) {
    const fs::path real = fs::canonical(folder);
    if (!open_.insert(real).second) return;
    for (const auto& entry : fs::directory_iterator(folder)) {
      std::error_code error;  // a link that leads nowhere is neither
      if (entry.is_directory(error)) {
        add(entry.path());
      } else if (is_picture(entry.path()) && entry.is_regular_file(error)) {
        const fs::path relative = entry.path().lexically_relative(folder_);
        by_stem_[normal_stem(relative.parent_path() / relative.stem())].push_back(entry.path());
      }
    }
    open_.erase(real);
  }

  fs::path folder_;
  std::set<fs::path> open_;
  std::map<fs::path, std::vector<fs::path>> by_stem_;
};

// What prompts ask for, and what lies beside that by the same layout.
class Asked {
 public:
  void add(const fs::path& stem) {
    stems_.insert(stem);
    const fs::path folder = stem.parent_path();
    folders_.insert(folder);
    if (!folder.parent_path().empty()) above_.insert(folder.parent_path());
  }

  bool has(const fs::path& stem) const { return stems_.contains(stem); }

  bool has_beside(const fs::path& stem) const {
    const fs::path folder = stem.parent_path();
    if (!folders_.contains(folder)) return above_.contains(folder) || above_.contains(folder.parent_path());
    const std::string name = stem.filename().string();
    const size_t word = name.rfind('_');
    return word != std::string::npos && !is_number(name.substr(word + 1)) &&
           has(normal_stem(folder / name.substr(0, word)));
  }

 private:
  std::set<fs::path> stems_, folders_, above_;
};

}  // namespace

OfficialPictures find_official_pictures(const Benchmark& benchmark, const fs::path& folder,
                                        const fs::path& output) {
  const fs::path from = fs::absolute(output);  // which may not be there yet
  UMM_CHECK_INPUT(fs::is_directory(folder), folder.string(), ": expected a folder of pictures, found ",
                  fs::exists(folder) ? "a file" : "nothing");
  const PictureFiles files(folder);
  OfficialPictures pictures;
  Asked asked;
  std::map<std::pair<fs::path, int64_t>, std::string> taken;  // file and cell, by which item
  for (size_t item = 0; item < benchmark.items.size(); ++item) {
    for (int64_t image = 0; image < benchmark.images_per_prompt; ++image) {
      const OfficialPicture place =
          benchmark.evaluator->official_picture(benchmark.items[item], image, benchmark.images_per_prompt);
      const fs::path stem = normal_stem(place.stem);
      asked.add(stem);
      const auto found = files.by_stem().find(stem);
      if (found == files.by_stem().end()) {
        if (place.cell == 0) pictures.missing.push_back((folder / (place.stem + ".png")).string());
        continue;
      }
      const auto& same = found->second;
      UMM_CHECK_INPUT(same.size() == 1, folder.string(), ": two files are one picture, ",
                      same.front().string(), " and ", same.back().string(), "; take one away");
      const std::string& id = benchmark.items[item].id;
      const auto [by, is_free] = taken.emplace(std::pair(same.front(), place.cell), id);
      UMM_CHECK_INPUT(is_free, same.front().string(), ": would be the picture of two prompts, \"", by->second,
                      "\" and \"", id, "\"; names that differ in leading zeros alone are one: rename one");
      pictures.found.push_back({.item = item,
                                .image = image,
                                .file = same.front(),
                                .stored_path = fs::relative(same.front(), from).generic_string(),
                                .grid = place.grid,
                                .cell = place.cell});
    }
  }
  for (const auto& [stem, same] : files.by_stem())
    if (!asked.has(stem) && !asked.has_beside(stem))
      for (const auto& file : same) pictures.extra.push_back(file.string());
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
