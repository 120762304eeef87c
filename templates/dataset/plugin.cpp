// MyDataset: the pictures of one folder, PNG and JPEG, in the order of their names. The caption of a.png is
// the text in a.txt; without such a file it is the name: "red_kettle-02.png" is captioned "red kettle 02".
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "images/picture_file.h"
#include "images/resize.h"
#include "umm/umm.h"

namespace {

using namespace umm;
namespace fs = std::filesystem;

bool is_picture(const fs::path& file) {
  std::string extension = file.extension().string();
  for (char& letter : extension) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return extension == ".png" || extension == ".jpg" || extension == ".jpeg";
}

std::vector<fs::path> pictures_in(const std::string& folder) {
  UMM_CHECK_INPUT(fs::is_directory(folder), "dataset my_dataset: the option `pictures` must name a folder; ",
                  "there is no folder '", folder, "'");
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.is_regular_file() && is_picture(entry.path())) files.push_back(entry.path());
  UMM_CHECK_INPUT(!files.empty(), "dataset my_dataset: expected PNG or JPEG files in ", folder,
                  ", found none");
  std::sort(files.begin(), files.end());  // a folder is listed in no order that lasts
  return files;
}

std::string caption_of(fs::path picture) {
  std::string caption = picture.stem().string();
  std::replace_if(
      caption.begin(), caption.end(), [](char c) { return c == '_' || c == '-'; }, ' ');
  if (std::ifstream file(picture.replace_extension(".txt")); file) {
    caption.assign(std::istreambuf_iterator<char>(file), {});
    caption.erase(caption.find_last_not_of(" \t\r\n") + 1);  // an editor's last line break
  }
  return caption;
}

class MyDataset final : public Dataset {
 public:
  explicit MyDataset(const Options& options)
      : pictures_(pictures_in(options.text("pictures"))), image_size_(options.integer("image_size")) {}

  std::optional<int64_t> size() const override { return static_cast<int64_t>(pictures_.size()); }

  // Called on several threads, in any order: it reads members and changes none.
  Sample sample(int64_t index) const override {
    UMM_CHECK(index >= 0 && index < *size(), "sample ", index, " of a folder of ", *size(), " pictures");
    const fs::path& file = pictures_[static_cast<size_t>(index)];
    const Image picture = images::shorter_side_resized(images::read_picture(file.string()), image_size_,
                                                       images::Filter::bicubic);
    Sample sample;
    sample.image = tensor_from_image(images::center_cropped(picture, image_size_));  // [3, S, S] in [-1, 1]
    sample.caption = caption_of(file);
    sample.question = "what is in this picture?";
    sample.answer = sample.caption;
    return sample;
  }

 private:
  std::vector<fs::path> pictures_;
  int64_t image_size_;  // S
};

void register_plugins(Registry& registry) {
  registry.add(
      {.kind = PluginKind::dataset,
       .id = "my_dataset",
       .doc = "The pictures of a folder, captioned by text files beside them or by their names.",
       .options = OptionSchema()
                      .path("pictures", "", "folder with PNG or JPEG files")
                      .integer("image_size", 32, {16, 4096}, "side of the pictures given, in pixels"),
       .make_dataset = [](const Options& options) { return std::make_unique<MyDataset>(options); }});
}

}  // namespace

UMM_PLUGIN(register_plugins)
