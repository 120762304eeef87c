#include "evaluate/image_folder.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "train/files.h"
#include "umm/error.h"
#include "umm/log.h"

namespace umm {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

bool is_readable(const fs::path& picture) {
  if (!fs::exists(picture)) return false;
  try {
    read_png(picture.string());
    return true;
  } catch (const InputError& error) {
    log_warning(std::string(error.what()) + "; the picture is made again");
    return false;
  }
}

Json to_json(const results::CostRow& cost) {
  return {{"phase", cost.phase},
          {"device_seconds", cost.device_seconds},
          {"device_name", cost.device_name},
          {"num_devices", cost.num_devices},
          {"peak_host_bytes", cost.peak_host_bytes},
          {"peak_device_bytes", cost.peak_device_bytes},
          {"images", cost.images}};
}

results::CostRow cost_from_json(const Json& json) {
  results::CostRow cost;
  cost.phase = json.at("phase");
  cost.device_seconds = json.at("device_seconds");
  cost.device_name = json.at("device_name");
  cost.num_devices = json.at("num_devices");
  cost.peak_host_bytes = json.at("peak_host_bytes");
  cost.peak_device_bytes = json.at("peak_device_bytes");
  cost.images = json.at("images");
  return cost;
}

void write_if_other(const fs::path& file, const std::string& text) {
  if (!fs::exists(file) || read_text_file(file) != text) write_text_file(file, text);
}

}  // namespace

ImageFolder::ImageFolder(fs::path output, const std::string& identity,
                         const std::vector<EvaluationItem>& items, int64_t images_per_prompt)
    : output_(std::move(output)),
      folder_(output_ / "images" / identity.substr(0, 16)),
      identity_(identity),
      items_(items),
      images_per_prompt_(images_per_prompt) {
  cost_.phase = "generate";
  make_folders(folder_);
  if (fs::exists(folder_ / "generation.json"))
    read_manifest(identity);
  else
    write_manifest();
  for (const auto& item : items_) {
    UMM_CHECK(!item.id.empty() && item.id.find_first_of("/\\.") == std::string::npos,
              "the evaluator names a prompt \"", item.id, "\"; expected a name that can be a folder");
    make_folders(folder_ / item.id / "samples");
    write_if_other(folder_ / item.id / "metadata.jsonl", item.metadata + "\n");
  }
}

void ImageFolder::read_manifest(const std::string& identity) {
  const auto manifest = folder_ / "generation.json";
  const Json json = Json::parse(read_text_file(manifest), nullptr, /*allow_exceptions=*/false);
  UMM_CHECK_INPUT(json.is_object() && json.value("identity", "") == identity && json.contains("cost"),
                  manifest.string(), ": belongs to another evaluation than ", identity,
                  ", or is damaged; remove ", folder_.string(), " to make its pictures again");
  cost_ = cost_from_json(json["cost"]);
}

void ImageFolder::write_manifest() const {
  const Json json = {{"identity", identity_}, {"cost", to_json(cost_)}};
  write_text_file(folder_ / "generation.json", json.dump(2) + "\n");
}

std::vector<ImageSlot> ImageFolder::slots() const {
  std::vector<ImageSlot> slots;
  for (size_t item = 0; item < items_.size(); ++item) {
    for (int64_t image = 0; image < images_per_prompt_; ++image) slots.push_back({item, image});
  }
  return slots;
}

std::vector<ImageSlot> ImageFolder::missing() const {
  auto slots = this->slots();
  std::erase_if(slots, [&](const ImageSlot& slot) { return is_readable(file(slot)); });
  return slots;
}

fs::path ImageFolder::file(const ImageSlot& slot) const {
  const auto number = std::to_string(slot.image);
  const auto padding = std::string(5 - std::min<size_t>(number.size(), 5), '0');
  return folder_ / items_[slot.item].id / "samples" / (padding + number + ".png");
}

std::string ImageFolder::relative_path(const ImageSlot& slot) const {
  return file(slot).lexically_relative(output_).generic_string();
}

void ImageFolder::add_cost(const results::CostRow& cost) {
  cost_.device_seconds += cost.device_seconds;
  cost_.images += cost.images;
  cost_.device_name = cost.device_name;
  cost_.peak_host_bytes = std::max(cost_.peak_host_bytes, cost.peak_host_bytes);
  cost_.peak_device_bytes = std::max(cost_.peak_device_bytes, cost.peak_device_bytes);
  write_manifest();
}

}  // namespace umm
