#include "checkpoint/tensor_file.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "checkpoint/torch_file.h"
#include "umm/error.h"

namespace umm::checkpoint {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

// Several files as one, their tensors one file after the other.
class Shards final : public TensorFile {
 public:
  explicit Shards(const std::vector<std::string>& paths) {
    for (const auto& path : paths) {
      files_.push_back(open_tensor_file(path));
      for (size_t i = 0; i < files_.back()->tensors().size(); ++i) {
        infos_.push_back(files_.back()->tensors()[i]);
        places_.emplace_back(files_.size() - 1, i);
      }
    }
  }

  const std::vector<TensorInfo>& tensors() const override { return infos_; }
  Tensor read(size_t index) override {
    const auto [file, place] = places_.at(index);
    return files_[file]->read(place);
  }

 private:
  std::vector<std::shared_ptr<TensorFile>> files_;
  std::vector<TensorInfo> infos_;
  std::vector<std::pair<size_t, size_t>> places_;  // file, index there
};

// {"weight_map": {tensor: file, ...}}; the files lie beside the index.
std::shared_ptr<TensorFile> open_shards(const std::string& index_path) {
  std::ifstream file(index_path);
  const Json json = Json::parse(file, nullptr, /*allow_exceptions=*/false);
  UMM_CHECK_INPUT(json.is_object() && json.contains("weight_map") && json["weight_map"].is_object(),
                  index_path, ": expected a JSON object with a weight_map: tensor -> file");
  std::map<std::string, std::string> file_of;
  std::vector<std::string> paths;
  for (const auto& [tensor, value] : json["weight_map"].items()) {
    const std::string name = value.is_string() ? value.get<std::string>() : "";
    UMM_CHECK_INPUT(!name.empty() && name.find('/') == std::string::npos && name != "..", index_path,
                    ": weight_map of `", tensor, "` must name a file beside the index, found ", value.dump());
    file_of[tensor] = name;
    const std::string path = (fs::path(index_path).parent_path() / name).string();
    if (std::find(paths.begin(), paths.end(), path) == paths.end()) paths.push_back(path);
  }
  auto shards = std::make_shared<Shards>(paths);
  for (const auto& info : shards->tensors())
    UMM_CHECK_INPUT(file_of.erase(info.name) == 1, index_path, ": a shard holds `", info.name,
                    "`, which the index lacks or has twice");
  UMM_CHECK_INPUT(file_of.empty(), index_path, ": `", file_of.empty() ? "" : file_of.begin()->first,
                  "` is in none of the shards");
  return shards;
}

}  // namespace

std::shared_ptr<TensorFile> open_tensor_file(const std::string& path) {
  UMM_CHECK_INPUT(fs::is_regular_file(path), path, ": expected a checkpoint file, found none");
  if (path.ends_with(".index.json")) return open_shards(path);
  char head[4] = {};
  std::ifstream(path, std::ios::binary).read(head, sizeof head);
  const std::string_view magic(head, sizeof head);
  if (magic == std::string_view("PK\x03\x04", 4)) return open_torch_zip(path);
  if (magic.starts_with(std::string_view("\x80\x02", 2))) return open_torch_stream(path);
  return std::make_shared<SafetensorsFile>(path);
}

std::string first_existing(const std::string& folder, const std::vector<std::string>& names) {
  for (const auto& name : names)
    if (const fs::path path = fs::path(folder) / name; fs::is_regular_file(path)) return path.string();
  return "";
}

}  // namespace umm::checkpoint
