// Pictures of one's own with their texts, listed in a file of JSON lines:
//   {"image": "a/b.png", "caption": "...", "question": "...", "answer": "...",
//    "source_image": "a/before.png", "instruction": "..."}
// Every key may be absent, "image" too where a flow reads no picture. Paths are relative to the list.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "image/picture_file.h"
#include "image/resize.h"
#include "umm/umm.h"

namespace umm::image_records {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

struct Record {
  std::string image, source_image;  // paths, "" for none
  std::string caption, question, answer, instruction;
};

std::string text_of(const Json& json, const char* key) {
  if (!json.contains(key)) return "";
  UMM_CHECK_INPUT(json[key].is_string(), "`", key, "` must be text, found ", json[key].dump());
  return json[key].get<std::string>();
}

Record record_of(const std::string& line, const fs::path& folder) {
  const Json json = Json::parse(line, nullptr, /*allow_exceptions=*/false);
  UMM_CHECK_INPUT(json.is_object(), "expected a JSON object, found ", line.substr(0, 60));
  static const std::vector<std::string> known = {"image",  "source_image", "caption",
                                                 "answer", "question",     "instruction"};
  for (const auto& [key, value] : json.items())
    UMM_CHECK_INPUT(std::find(known.begin(), known.end(), key) != known.end(), "unknown key `", key,
                    "`; known are image, caption, question, answer, source_image, instruction");
  const auto path_of = [&](const char* key) {
    const std::string name = text_of(json, key);
    if (name.empty()) return std::string();
    const fs::path path = folder / name;
    UMM_CHECK_INPUT(fs::is_regular_file(path), "there is no file ", path.string());
    return path.string();
  };
  return {.image = path_of("image"),
          .source_image = path_of("source_image"),
          .caption = text_of(json, "caption"),
          .question = text_of(json, "question"),
          .answer = text_of(json, "answer"),
          .instruction = text_of(json, "instruction")};
}

std::vector<Record> read_records(const std::string& path) {
  std::ifstream file(path);
  UMM_CHECK_INPUT(file, "dataset image_records: the list ", path, " cannot be read");
  std::vector<Record> records;
  int64_t number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    try {
      records.push_back(record_of(line, fs::path(path).parent_path()));
    } catch (const InputError& error) {
      throw InputError(path + ":" + std::to_string(number) + ": " + error.what());
    }
  }
  UMM_CHECK_INPUT(!records.empty(), path, ": expected a JSON object on each line, found none");
  return records;
}

class ImageRecords final : public Dataset {
 public:
  explicit ImageRecords(const Options& options)
      : records_(read_records(options.text("records"))),
        image_size_(options.integer("image_size")),
        squashes_(options.text("fit") == "squash") {}

  std::optional<int64_t> size() const override { return static_cast<int64_t>(records_.size()); }

  Sample sample(int64_t index) const override {
    UMM_CHECK(index >= 0 && index < *size(), "sample ", index, " of a list of ", *size());
    const Record& record = records_[static_cast<size_t>(index)];
    Sample sample;
    if (!record.image.empty()) sample.image = pixels(record.image);
    if (!record.source_image.empty()) sample.source_image = pixels(record.source_image);
    sample.caption = record.caption;
    sample.question = record.question;
    sample.answer = record.answer;
    sample.instruction = record.instruction;
    return sample;
  }

 private:
  Tensor pixels(const std::string& path) const {  // [3, S, S]
    const Image picture = image::read_picture(path);
    if (squashes_)
      return tensor_from_image(image::resized(picture, image_size_, image_size_, image::Filter::bicubic));
    return tensor_from_image(image::center_cropped(
        image::shorter_side_resized(picture, image_size_, image::Filter::bicubic), image_size_));
  }

  std::vector<Record> records_;
  int64_t image_size_;
  bool squashes_;
};

void register_plugins(Registry& registry) {
  registry.add(
      {.kind = PluginKind::dataset,
       .id = "image_records",
       .doc = "Pictures of one's own with captions, questions and answers, listed in JSON lines.",
       .options = OptionSchema()
                      .path("records", "", "list of records, one JSON object a line")
                      .integer("image_size", 512, {16, 4096}, "side of the pictures given, in pixels")
                      .choice("fit", "crop", {"crop", "squash"},
                              "crop the middle after the shorter side fits, or squash to a square"),
       .make_dataset = [](const Options& options) { return std::make_unique<ImageRecords>(options); }});
}

}  // namespace
}  // namespace umm::image_records

UMM_PLUGIN(umm::image_records::register_plugins)
