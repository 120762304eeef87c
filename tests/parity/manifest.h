// Files of official weights with holes for values, made from a list of names, dtypes and shapes
// (manifest*.txt).
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

namespace umm::testing {

// Header of a safetensors file for one tensor after the other.
class HeaderWriter {
 public:
  void add(const std::string& key, const std::string& dtype, const std::string& shape) {
    Json sizes = Json::array();
    int64_t bytes = dtype == "int64" ? 8 : 4;
    std::istringstream numbers(shape == "scalar" ? "" : shape);
    for (std::string number; std::getline(numbers, number, 'x');) {
      sizes.push_back(std::stoll(number));
      bytes *= std::stoll(number);
    }
    header_[key] = {{"dtype", dtype == "int64" ? "I64" : "F32"},
                    {"shape", sizes},
                    {"data_offsets", {end_, end_ + bytes}}};
    end_ += bytes;
  }

  size_t size() const { return header_.size(); }

  void write(const std::filesystem::path& file) const {
    const std::string text = header_.dump();
    const uint64_t length = text.size();
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary).write(reinterpret_cast<const char*>(&length), 8) << text;
    std::filesystem::resize_file(file,
                                 8 + length + static_cast<uint64_t>(end_));  // a hole: nothing is written
  }

 private:
  using Json = nlohmann::ordered_json;
  Json header_ = Json::object();
  int64_t end_ = 0;
};

// By component, from tests/data/parity/<name>, without keys that begin with `left_out`; [n] in a key stands
// for 0 to n - 1.
inline std::map<std::string, HeaderWriter> read_manifest(const std::string& name,
                                                         const std::string& left_out = "\n") {
  std::map<std::string, HeaderWriter> files;
  std::ifstream manifest(UMM_SOURCE_DIR "/tests/data/parity/" + name);
  std::string component, key, dtype, shape;
  while (manifest >> component >> key >> dtype >> shape) {
    if (key.starts_with(left_out)) continue;
    const auto open = key.find('['), close = key.find(']');
    const int count = open == std::string::npos ? 1 : std::stoi(key.substr(open + 1));
    for (int i = 0; i < count; ++i)
      files[component].add(
          open == std::string::npos ? key : key.substr(0, open) + std::to_string(i) + key.substr(close + 1),
          dtype, shape);
  }
  return files;
}

}  // namespace umm::testing
