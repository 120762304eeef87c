// Pictures of one's own with their texts, listed in a file of JSON lines:
//   {"image": "a/b.png", "caption": "...", "question": "...", "answer": "...",
//    "source_image": "a/before.png", "instruction": "..."}
// Every key may be absent, "image" too where a flow reads no picture. Paths are relative to the list. Options
// say under which keys a list of another origin keeps them.
#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "image/square_fit.h"
#include "images/picture_file.h"
#include "umm/umm.h"

namespace umm::image_records {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::array kFields = {"image", "caption", "question", "answer", "source_image", "instruction"};

struct Record {
  std::string image, source_image;  // paths, "" for none
  std::string caption, question, answer, instruction;
};

// How a list is written.
struct Layout {
  std::map<std::string, std::string> keys;  // by field; two fields may share a key
  bool refuses_unknown_keys;

  explicit Layout(const Options& options) : refuses_unknown_keys(options.text("unknown_keys") == "refuse") {
    for (const std::string field : kFields) keys[field] = options.text(field + "_key");
  }

  std::string known() const {
    std::string list;
    for (const char* field : kFields) list += (list.empty() ? "" : ", ") + keys.at(field);
    return list;
  }
};

std::string text_of(const Json& json, const std::string& key) {
  if (!json.contains(key)) return "";
  UMM_CHECK_INPUT(json[key].is_string(), "`", key, "` must be text, found ", json[key].dump());
  return json[key].get<std::string>();
}

void expect_known_keys(const Json& json, const Layout& layout) {
  for (const auto& [key, value] : json.items()) {
    bool is_known = false;
    for (const auto& [field, known] : layout.keys) is_known = is_known || key == known;
    UMM_CHECK_INPUT(is_known, "unknown key `", key, "`; known are ", layout.known(),
                    "; set the option `<field>_key`, or unknown_keys = \"ignore\"");
  }
}

// `found`: gets the record's keys.
Record record_of(const std::string& line, const fs::path& folder, const Layout& layout,
                 std::set<std::string>& found) {
  const Json json = Json::parse(line, nullptr, /*allow_exceptions=*/false);
  UMM_CHECK_INPUT(json.is_object(), "expected a JSON object, found ", line.substr(0, 60));
  if (layout.refuses_unknown_keys) expect_known_keys(json, layout);
  for (const auto& [key, value] : json.items()) found.insert(key);
  const auto text = [&](const char* field) { return text_of(json, layout.keys.at(field)); };
  const auto path_of = [&](const char* field) {
    const std::string name = text(field);
    if (name.empty()) return std::string();
    const fs::path path = folder / name;
    UMM_CHECK_INPUT(fs::is_regular_file(path), "there is no file ", path.string());
    return path.string();
  };
  return {.image = path_of("image"),
          .source_image = path_of("source_image"),
          .caption = text("caption"),
          .question = text("question"),
          .answer = text("answer"),
          .instruction = text("instruction")};
}

// A key of one's own that no record has is a slip: absent keys are allowed, so nothing else would tell.
void expect_chosen_keys(const std::set<std::string>& found, const Layout& layout, const std::string& path) {
  for (const auto& [field, key] : layout.keys)
    UMM_CHECK_INPUT(key == field || found.contains(key), path, ": no record has the key `", key,
                    "`, which the option `", field, "_key` names");
}

std::vector<Record> read_records(const std::string& path, const Layout& layout) {
  std::ifstream file(path);
  UMM_CHECK_INPUT(file, "dataset image_records: the list ", path, " cannot be read");
  std::vector<Record> records;
  std::set<std::string> found;
  int64_t number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    try {
      records.push_back(record_of(line, fs::path(path).parent_path(), layout, found));
    } catch (const InputError& error) {
      throw InputError(path + ":" + std::to_string(number) + ": " + error.what());
    }
  }
  UMM_CHECK_INPUT(!records.empty(), path, ": expected a JSON object on each line, found none");
  expect_chosen_keys(found, layout, path);
  return records;
}

class ImageRecords final : public Dataset {
 public:
  explicit ImageRecords(const Options& options)
      : records_(read_records(options.text("records"), Layout(options))), fit_(options) {}

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
  Tensor pixels(const std::string& path) const { return fit_.pixels(images::read_picture(path), path); }

  std::vector<Record> records_;
  image::SquareFit fit_;
};

OptionSchema schema() {
  OptionSchema schema;
  schema.path("records", "", "list of records, one JSON object a line");
  image::SquareFit::declare(schema);
  for (const std::string field : kFields)
    schema.text(field + "_key", field, "key under which a record keeps its `" + field + "`");
  schema.choice("unknown_keys", "refuse", {"refuse", "ignore"},
                "a record with keys besides those: refuse the list, or pass them over");
  return schema;
}

void register_plugins(Registry& registry) {
  registry.add(
      {.kind = PluginKind::dataset,
       .id = "image_records",
       .doc = "Pictures of one's own with captions, questions and answers, listed in JSON lines.",
       .options = schema(),
       .make_dataset = [](const Options& options) { return std::make_unique<ImageRecords>(options); }});
}

}  // namespace
}  // namespace umm::image_records

UMM_PLUGIN(umm::image_records::register_plugins)
