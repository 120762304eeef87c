#include "evaluate/official_layout.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "train/files.h"
#include "umm/error.h"

namespace umm {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

fs::path sample_file(const fs::path& folder, const EvaluationItem& item, int64_t image) {
  return folder / item.id / "samples" / fmt::format("{:05}.png", image);
}

fs::path picture_file(const fs::path& folder, const EvaluationItem& item) {
  return folder / (item.id + ".png");
}

const std::string& text_at(const Json& record, const char* key, const std::string& place) {
  UMM_CHECK_INPUT(record.is_object() && record.contains(key) && record[key].is_string(), place,
                  ": expected an object with the text \"", key, "\", found ", record.dump().substr(0, 80));
  return record[key].get_ref<const std::string&>();
}

std::vector<EvaluationItem> geneval_prompts(const fs::path& file) {
  std::vector<EvaluationItem> items;
  std::istringstream text(read_text_file(file));
  int64_t number = 0;
  for (std::string line; std::getline(text, line);) {
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const auto place = fmt::format("{}:{}", file.string(), number);
    const auto record = Json::parse(line, nullptr, /*allow_exceptions=*/false);
    items.push_back({.id = fmt::format("{:05}", items.size()),
                     .tag = "",
                     .prompt = text_at(record, "prompt", place),
                     .metadata = line});
  }
  return items;
}

std::vector<EvaluationItem> dpg_prompts(const fs::path& file, const Json& json) {
  UMM_CHECK_INPUT(json.is_object(), file.string(), ": expected one object of \"<id>.txt\": prompt");
  std::vector<EvaluationItem> items;
  for (const auto& [key, prompt] : json.items()) {
    UMM_CHECK_INPUT(prompt.is_string(), file.string(), ": \"", key, "\": expected text, found ",
                    prompt.dump().substr(0, 80));
    items.push_back({.id = key.substr(0, key.find('.')), .tag = "", .prompt = prompt, .metadata = ""});
  }
  return items;
}

std::vector<EvaluationItem> wise_prompts(const fs::path& file, const Json& json) {
  UMM_CHECK_INPUT(json.is_array(), file.string(), ": expected a list of objects with prompt_id and Prompt");
  std::vector<EvaluationItem> items;
  for (const auto& record : json) {
    const auto place = fmt::format("{}: entry {}", file.string(), items.size() + 1);
    const auto& prompt = text_at(record, "Prompt", place);
    UMM_CHECK_INPUT(record.contains("prompt_id") && record["prompt_id"].is_number_integer(), place,
                    ": expected the integer \"prompt_id\"");
    items.push_back({.id = std::to_string(record["prompt_id"].get<int64_t>()),
                     .tag = "",
                     .prompt = prompt,
                     .metadata = ""});
  }
  return items;
}

// Left to right, then down.
Tensor grid_of(const Tensor& pictures) {
  if (pictures.size(0) == 1) return pictures[0];
  return at::cat({at::cat({pictures[0], pictures[1]}, 2), at::cat({pictures[2], pictures[3]}, 2)}, 1);
}

}  // namespace

OfficialLayout official_layout(const std::string& name) {
  if (name == "geneval") return OfficialLayout::geneval;
  if (name == "dpg") return OfficialLayout::dpg;
  if (name == "wise") return OfficialLayout::wise;
  throw InputError("there is no layout \"" + name + "\", expected geneval, dpg or wise");
}

int64_t default_images_per_prompt(OfficialLayout layout) {
  return layout == OfficialLayout::wise ? 1 : 4;
}

void check_images_per_prompt(OfficialLayout layout, int64_t images_per_prompt) {
  const bool fits = layout == OfficialLayout::geneval || images_per_prompt == 1 ||
                    (layout == OfficialLayout::dpg && images_per_prompt == 4);
  UMM_CHECK_INPUT(
      images_per_prompt > 0 && fits, images_per_prompt,
      " pictures of a prompt have no place in this layout: geneval takes any number, dpg 4 (its grid) "
      "or 1, wise 1");
}

std::vector<EvaluationItem> read_official_prompts(OfficialLayout layout, const fs::path& file) {
  UMM_CHECK_INPUT(fs::is_regular_file(file), file.string(), ": there is no such file of prompts");
  std::vector<EvaluationItem> items;
  if (layout == OfficialLayout::geneval) {
    items = geneval_prompts(file);
  } else {
    const auto json = Json::parse(read_text_file(file), nullptr, /*allow_exceptions=*/false);
    UMM_CHECK_INPUT(!json.is_discarded(), file.string(), ": is not JSON");
    items = layout == OfficialLayout::dpg ? dpg_prompts(file, json) : wise_prompts(file, json);
  }
  UMM_CHECK_INPUT(!items.empty(), file.string(), ": holds no prompt");
  std::set<std::string> ids;
  for (const auto& item : items) {
    UMM_CHECK_INPUT(!item.id.empty() && item.id.find('/') == std::string::npos, file.string(), ": \"",
                    item.id, "\" cannot be a file's name");
    UMM_CHECK_INPUT(ids.insert(item.id).second, file.string(), ": two prompts are called \"", item.id, "\"");
  }
  return items;
}

bool has_pictures(OfficialLayout layout, const fs::path& folder, const EvaluationItem& item,
                  int64_t images_per_prompt) {
  if (layout != OfficialLayout::geneval) return fs::exists(picture_file(folder, item));
  for (int64_t i = 0; i < images_per_prompt; ++i)
    if (!fs::exists(sample_file(folder, item, i))) return false;
  return true;
}

void write_pictures(OfficialLayout layout, const fs::path& folder, const EvaluationItem& item,
                    const Tensor& pictures) {
  if (layout != OfficialLayout::geneval)
    return write_png(picture_file(folder, item).string(), image_from_tensor(grid_of(pictures)));
  make_folders(folder / item.id / "samples");
  write_text_file(folder / item.id / "metadata.jsonl", item.metadata + "\n");
  for (int64_t i = 0; i < pictures.size(0); ++i)
    write_png(sample_file(folder, item, i).string(), image_from_tensor(pictures[i]));
}

}  // namespace umm
