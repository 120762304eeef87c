// The pictures below a folder, in the order of their names, with captions from files beside them:
//   a/b.png, and a/b.txt with the caption or else a/b.json, an object that has it under a key.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "image/caption.h"
#include "image/square_fit.h"
#include "images/picture_file.h"
#include "umm/umm.h"

namespace umm::image_folder {
namespace {

namespace fs = std::filesystem;

struct Picture {
  fs::path file;
  std::string caption_extension;  // ".txt" or ".json"; "" for none

  fs::path caption_file() const { return fs::path(file).replace_extension(caption_extension); }
};

// Hidden files and folders are what systems and editors leave behind. Links to folders are not followed: what
// lies behind them is no part of the run's identity.
std::set<std::string> files_below(const fs::path& folder) {
  std::set<std::string> files;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().filename().string().starts_with('.')) {
      entry.disable_recursion_pending();
      continue;
    }
    const bool is_file = entry->is_regular_file(error);
    UMM_CHECK_INPUT(!error, "dataset image_folder: expected a file or folder ", entry->path().string(),
                    ", found none behind that name: ", error.message());
    if (is_file) files.insert(entry->path().lexically_relative(folder).generic_string());
  }
  UMM_CHECK_INPUT(!error, "dataset image_folder: ", folder.string(), " cannot be listed: ", error.message());
  return files;
}

std::vector<Picture> pictures_below(const fs::path& folder, const image::CaptionReader& captions) {
  UMM_CHECK_INPUT(fs::is_directory(folder),
                  "dataset image_folder: the option `pictures` must name a folder; ", "there is no folder '",
                  folder.string(), "'");
  const std::set<std::string> files = files_below(folder);
  std::vector<Picture> pictures;
  for (const std::string& name : files) {
    const std::string extension = fs::path(name).extension().string();
    if (extension.empty() || !images::is_picture_extension(extension.substr(1))) continue;
    Picture picture{.file = folder / name, .caption_extension = {}};
    for (const char* beside : {".json", ".txt"})
      if (files.contains(fs::path(name).replace_extension(beside).generic_string()))
        picture.caption_extension = beside;
    if (picture.caption_extension.empty()) captions.expect_none_needed(picture.file.string());
    pictures.push_back(std::move(picture));
  }
  UMM_CHECK_INPUT(!pictures.empty(), "dataset image_folder: expected PNG, JPEG or WebP files below ",
                  folder.string(), ", found none; they are known by .png, .jpg, .jpeg and .webp");
  return pictures;
}

class ImageFolder final : public Dataset {
 public:
  explicit ImageFolder(const Options& options)
      : captions_(options), fit_(options), pictures_(pictures_below(options.text("pictures"), captions_)) {}

  std::optional<int64_t> size() const override { return static_cast<int64_t>(pictures_.size()); }

  Sample sample(int64_t index) const override {
    UMM_CHECK(index >= 0 && index < *size(), "sample ", index, " of a folder of ", *size(), " pictures");
    const Picture& picture = pictures_[static_cast<size_t>(index)];
    const std::string path = picture.file.string();
    Sample sample;
    sample.image = fit_.pixels(images::read_picture(path), path);
    captions_.fill(sample, caption_of(picture), picture.file.stem().string(), path);
    return sample;
  }

 private:
  std::string caption_of(const Picture& picture) const {
    if (picture.caption_extension.empty()) return "";
    const std::string path = picture.caption_file().string();
    std::ifstream file(path, std::ios::binary);
    UMM_CHECK_INPUT(file, path, ": expected the caption of ", picture.file.filename().string(),
                    ", found no file that can be read");
    const std::string bytes((std::istreambuf_iterator<char>(file)), {});
    return picture.caption_extension == ".txt" ? captions_.in_text(bytes, path)
                                               : captions_.in_json(bytes, path);
  }

  image::CaptionReader captions_;
  image::SquareFit fit_;
  std::vector<Picture> pictures_;
};

OptionSchema schema() {
  OptionSchema schema;
  schema.path("pictures", "", "folder with PNG, JPEG or WebP files, in it or in folders below");
  image::SquareFit::declare(schema);
  image::CaptionReader::declare(schema);
  return schema;
}

void register_plugins(Registry& registry) {
  registry.add(
      {.kind = PluginKind::dataset,
       .id = "image_folder",
       .doc = "The pictures below a folder, captioned by .txt or .json files beside them.",
       .options = schema(),
       .make_dataset = [](const Options& options) { return std::make_unique<ImageFolder>(options); }});
}

}  // namespace
}  // namespace umm::image_folder

UMM_PLUGIN(umm::image_folder::register_plugins)
