// safetensors: 8 bytes little-endian header length, a JSON header, then the tensors' bytes without gaps.
#include "umm/checkpoint.h"

#include <ATen/ops/empty.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

#include "umm/error.h"

namespace umm {
namespace {

using Json = nlohmann::ordered_json;

struct DtypeName {
  at::ScalarType dtype;
  const char* name;
};

constexpr DtypeName kDtypes[] = {{at::kFloat, "F32"},  {at::kBFloat16, "BF16"}, {at::kHalf, "F16"},
                                 {at::kDouble, "F64"}, {at::kLong, "I64"},      {at::kInt, "I32"},
                                 {at::kShort, "I16"},  {at::kChar, "I8"},       {at::kByte, "U8"},
                                 {at::kBool, "BOOL"}};

// The reference implementation's own limit.
constexpr uint64_t kMaxHeaderBytes = 100'000'000;

const char* dtype_name(at::ScalarType dtype, const std::string& tensor) {
  for (const auto& known : kDtypes) {
    if (known.dtype == dtype) return known.name;
  }
  throw Error(
      detail::concat("tensor `", tensor, "`: safetensors has no name for dtype ", at::toString(dtype)));
}

struct Entry {
  std::string name;
  at::ScalarType dtype = at::kFloat;
  std::vector<int64_t> shape;
  uint64_t begin = 0, end = 0;  // bytes within the data section
};

Entry parse_entry(const std::string& path, const std::string& name, const Json& json) {
  const auto fail = [&](const std::string& why) {
    throw InputError(detail::concat(path, ": tensor `", name, "`: ", why));
  };
  if (!json.is_object() || !json.contains("dtype") || !json.contains("shape") ||
      !json.contains("data_offsets")) {
    fail("expected an object with dtype, shape and data_offsets");
  }
  Entry entry;
  entry.name = name;
  const auto dtype = json["dtype"].is_string() ? json["dtype"].get<std::string>() : "?";
  const auto known = std::find_if(std::begin(kDtypes), std::end(kDtypes),
                                  [&](const DtypeName& candidate) { return dtype == candidate.name; });
  if (known == std::end(kDtypes)) fail("unknown dtype \"" + dtype + "\"");
  entry.dtype = known->dtype;
  const auto& offsets = json["data_offsets"];
  if (!offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() ||
      !offsets[1].is_number_unsigned()) {
    fail("data_offsets must be two unsigned integers");
  }
  entry.begin = offsets[0].get<uint64_t>();
  entry.end = offsets[1].get<uint64_t>();
  if (!json["shape"].is_array()) fail("shape must be an array");
  uint64_t bytes = c10::elementSize(entry.dtype);
  for (const auto& size : json["shape"]) {
    if (!size.is_number_unsigned()) fail("shape must hold unsigned integers");
    const auto value = size.get<uint64_t>();
    if (value > std::numeric_limits<int64_t>::max() || (value != 0 && bytes > (uint64_t{1} << 62) / value)) {
      fail("shape is too large");
    }
    bytes *= value;
    entry.shape.push_back(static_cast<int64_t>(value));
  }
  if (entry.end < entry.begin || entry.end - entry.begin != bytes) {
    fail(detail::concat("data_offsets [", entry.begin, ", ", entry.end, ") do not hold the ", bytes,
                        " bytes that dtype and shape ask for"));
  }
  return entry;
}

// Ranges must tile the data section exactly: no overlap, no hole, nothing left over.
void check_coverage(const std::string& path, const std::vector<Entry>& entries, uint64_t data_bytes) {
  std::vector<const Entry*> sorted;
  for (const auto& entry : entries) sorted.push_back(&entry);
  std::sort(sorted.begin(), sorted.end(), [](const Entry* a, const Entry* b) {
    return std::pair(a->begin, a->end) < std::pair(b->begin, b->end);
  });
  uint64_t position = 0;
  for (const auto* entry : sorted) {
    UMM_CHECK_INPUT(entry->begin == position, path, ": tensor `", entry->name, "` starts at byte ",
                    entry->begin, " of the data, expected ", position, " (overlap or hole)");
    position = entry->end;
  }
  UMM_CHECK_INPUT(position == data_bytes, path, ": the header describes ", position,
                  " bytes of data, the file has ", data_bytes, " (truncated or damaged)");
}

Json read_header(const std::string& path, std::ifstream& file, uint64_t file_bytes, uint64_t& header_bytes) {
  unsigned char prefix[8];
  UMM_CHECK_INPUT(file_bytes >= 8 && file.read(reinterpret_cast<char*>(prefix), 8), path,
                  ": not a safetensors file: ", file_bytes, " bytes, expected at least 8");
  header_bytes = 0;
  for (int byte = 7; byte >= 0; --byte) header_bytes = header_bytes << 8 | prefix[byte];
  UMM_CHECK_INPUT(header_bytes <= kMaxHeaderBytes && header_bytes <= file_bytes - 8, path,
                  ": not a safetensors file, or truncated: the header claims ", header_bytes,
                  " bytes, the file has ", file_bytes);
  std::string text(header_bytes, '\0');
  UMM_CHECK_INPUT(file.read(text.data(), static_cast<std::streamsize>(header_bytes)), path,
                  ": cannot read the header");
  Json header = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  UMM_CHECK_INPUT(header.is_object(), path, ": the header is not a JSON object");
  return header;
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

std::vector<NamedTensor> read_safetensors(const std::string& path, Metadata* metadata) {
  std::error_code missing;
  UMM_CHECK_INPUT(std::filesystem::is_regular_file(path, missing), path,
                  ": expected a safetensors file, found none");
  const uint64_t file_bytes = std::filesystem::file_size(path);
  std::ifstream file(path, std::ios::binary);
  UMM_CHECK_INPUT(file.is_open(), path, ": cannot open: ", std::strerror(errno));
  uint64_t header_bytes = 0;
  const Json header = read_header(path, file, file_bytes, header_bytes);
  std::vector<Entry> entries;
  for (const auto& [name, json] : header.items()) {
    if (name != "__metadata__") {
      entries.push_back(parse_entry(path, name, json));
      continue;
    }
    UMM_CHECK_INPUT(json.is_object(), path, ": __metadata__ is not an object");
    for (const auto& [key, value] : json.items()) {
      UMM_CHECK_INPUT(value.is_string(), path, ": metadata `", key, "` is not text");
      if (metadata != nullptr) (*metadata)[key] = value.get<std::string>();
    }
  }
  check_coverage(path, entries, file_bytes - 8 - header_bytes);
  std::vector<NamedTensor> tensors;
  for (const auto& entry : entries) {
    Tensor value = at::empty(entry.shape, entry.dtype);
    file.seekg(static_cast<std::streamoff>(8 + header_bytes + entry.begin));
    UMM_CHECK_INPUT(
        file.read(static_cast<char*>(value.data_ptr()), static_cast<std::streamsize>(value.nbytes())), path,
        ": tensor `", entry.name, "`: cannot read ", value.nbytes(), " bytes");
    tensors.push_back({entry.name, value});
  }
  return tensors;
}

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
