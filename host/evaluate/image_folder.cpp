#include "evaluate/image_folder.h"

#include <algorithm>

#include "results/journal.h"
#include "results/rows_json.h"
#include "results/run_folder.h"
#include "train/files.h"
#include "umm/error.h"
#include "umm/file.h"
#include "umm/log.h"

namespace umm {
namespace {

namespace fs = std::filesystem;
using results::Json;

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

// A sum is known where all of its parts are.
template <typename Number>
void add_known(std::optional<Number>& sum, const std::optional<Number>& part) {
  sum = sum && part ? std::optional(*sum + *part) : std::nullopt;
}

}  // namespace

fs::path image_folder(const fs::path& output, const std::string& evaluation_identity) {
  return output / "images" / evaluation_identity.substr(0, 16);
}

bool is_evaluated(const fs::path& output, const std::string& evaluation_identity) {
  const auto file = image_folder(output, evaluation_identity) / "evaluated.json";
  if (!fs::exists(file)) return false;
  const Json json = Json::parse(read_file(file), nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || json.value("identity", "") != evaluation_identity) return false;
  const auto journal = results::journal_file(output / json.value("attempt", ""));
  const std::string stamp = results::journal_stamp(journal);
  return !stamp.empty() && stamp == json.value("journal", "");
}

void mark_evaluated(const fs::path& output, const std::string& evaluation_identity,
                    const fs::path& attempt_folder) {
  const Json json = {{"identity", evaluation_identity},
                     {"attempt", attempt_folder.lexically_relative(output).generic_string()},
                     {"journal", results::journal_stamp(results::journal_file(attempt_folder))}};
  write_text_file(image_folder(output, evaluation_identity) / "evaluated.json", json.dump(2) + "\n");
}

ImageFolder::ImageFolder(fs::path output, const std::string& identity,
                         const std::vector<EvaluationItem>& items, int64_t images_per_prompt)
    : output_(std::move(output)),
      folder_(image_folder(output_, identity)),
      identity_(identity),
      items_(items),
      images_per_prompt_(images_per_prompt) {
  cost_.phase = "generate";
  cost_.energy_joules = 0;
  cost_.tokens = 0;
  cost_.model_flops = 0;
  make_folders(folder_);
  if (fs::exists(folder_ / "generation.json"))
    read_manifest(identity);
  else
    write_manifest();
  for (const auto& item : items_) {
    make_folders(folder_ / item.id / "samples");
    update_text_file(folder_ / item.id / "metadata.jsonl", item.metadata + "\n");
  }
}

void ImageFolder::read_manifest(const std::string& identity) {
  const auto manifest = folder_ / "generation.json";
  const Json json = Json::parse(read_file(manifest), nullptr, /*allow_exceptions=*/false);
  UMM_CHECK_INPUT(json.is_object() && json.value("identity", "") == identity && json.contains("cost"),
                  manifest.string(), ": belongs to another evaluation than ", identity,
                  ", or is damaged; remove ", folder_.string(), " to make its pictures again");
  cost_ = json["cost"].get<results::CostRow>();
}

void ImageFolder::write_manifest() const {
  const Json json = {{"identity", identity_}, {"cost", cost_}};
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

std::string ImageFolder::relative_path(const ImageSlot& slot) const {
  return results::usual_image_path(identity_, items_[slot.item].id, slot.image);
}

fs::path ImageFolder::file(const ImageSlot& slot) const {
  return output_ / relative_path(slot);
}

void ImageFolder::add_cost(const results::CostRow& cost) {
  add_known(cost_.energy_joules, cost.energy_joules);
  add_known(cost_.tokens, cost.tokens);
  add_known(cost_.model_flops, cost.model_flops);
  cost_.device_seconds += cost.device_seconds;
  cost_.images += cost.images;
  cost_.device_name = cost.device_name;
  cost_.peak_host_bytes = std::max(cost_.peak_host_bytes, cost.peak_host_bytes);
  cost_.peak_device_bytes = std::max(cost_.peak_device_bytes, cost.peak_device_bytes);
  write_manifest();
}

}  // namespace umm
