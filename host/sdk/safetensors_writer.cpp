// Writes safetensors files: complete or absent.
#include "umm/checkpoint.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "safetensors_dtypes.h"
#include "umm/error.h"

namespace umm {
namespace {

using Json = nlohmann::ordered_json;

const char* dtype_name(at::ScalarType dtype, const std::string& tensor) {
  for (const auto& known : kSafetensorsDtypes) {
    if (known.dtype == dtype) return known.name;
  }
  throw Error(
      detail::concat("tensor `", tensor, "`: safetensors has no name for dtype ", at::toString(dtype)));
}

// fsync of the file or folder itself, so that a rename after it can never expose a half-written file.
void sync_path(const std::filesystem::path& path) {
  const int descriptor = open(path.c_str(), O_RDONLY);
  if (descriptor < 0) return;
  fsync(descriptor);
  close(descriptor);
}

Json header_for(const std::vector<NamedTensor>& tensors, const Metadata& metadata) {
  Json header = Json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  uint64_t position = 0;
  for (const auto& [name, value] : tensors) {
    UMM_CHECK(!header.contains(name), "cannot save two tensors under the name `", name, "`");
    const uint64_t bytes = static_cast<uint64_t>(value.numel()) * value.element_size();
    header[name] = {{"dtype", dtype_name(value.scalar_type(), name)},
                    {"shape", value.sizes().vec()},
                    {"data_offsets", {position, position + bytes}}};
    position += bytes;
  }
  return header;
}

}  // namespace

void write_safetensors(const std::string& path, const std::vector<NamedTensor>& tensors,
                       const Metadata& metadata) {
  std::string header = header_for(tensors, metadata).dump();
  header.append((8 - header.size() % 8) % 8, ' ');  // data starts 8-byte aligned
  const std::string partial = path + ".partial-" + std::to_string(getpid());
  std::ofstream file(partial, std::ios::binary);
  const uint64_t header_bytes = header.size();
  for (int byte = 0; byte < 8; ++byte) file.put(static_cast<char>(header_bytes >> (8 * byte)));
  file << header;
  for (const auto& [name, value] : tensors) {
    const Tensor flat = value.detach().to(at::kCPU).contiguous();
    file.write(static_cast<const char*>(flat.data_ptr()), static_cast<std::streamsize>(flat.nbytes()));
  }
  file.close();
  if (!file) {
    const std::string reason = std::strerror(errno);
    std::error_code ignored;
    std::filesystem::remove(partial, ignored);
    throw Error(detail::concat(path, ": cannot write the checkpoint: ", reason,
                               "; free space or choose another output folder, then run again"));
  }
  sync_path(partial);
  std::filesystem::rename(partial, path);
  sync_path(std::filesystem::path(path).parent_path());
}

}  // namespace umm
