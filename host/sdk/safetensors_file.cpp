// safetensors: 8 bytes little-endian header length, a JSON header, then the tensors' bytes without gaps.
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <string_view>

#include "safetensors_dtypes.h"
#include "umm/checkpoint.h"
#include "umm/error.h"

namespace umm {
namespace {

using Json = nlohmann::ordered_json;

// The reference implementation's own limit.
constexpr uint64_t kMaxHeaderBytes = 100'000'000;

struct Entry {
  TensorInfo info;
  uint64_t begin = 0, end = 0;  // bytes within the data section
};

struct Mapping {
  std::shared_ptr<void> bytes;
  uint64_t size = 0;

  std::string_view view() const { return {static_cast<const char*>(bytes.get()), size}; }
};

// Private: a tensor that aliases it can be written to, and the file stays as it is.
Mapping map_file(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  UMM_CHECK_INPUT(descriptor >= 0, path, ": expected a safetensors file: ", std::strerror(errno));
  const std::shared_ptr<void> closed(nullptr, [descriptor](void*) { close(descriptor); });
  struct stat status {};
  UMM_CHECK_INPUT(fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode), path,
                  ": expected a safetensors file, found none");
  const auto size = static_cast<uint64_t>(status.st_size);
  if (size == 0) return {};
  void* bytes = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE, descriptor, 0);
  UMM_CHECK_INPUT(bytes != MAP_FAILED, path, ": cannot map ", size, " bytes: ", std::strerror(errno));
  return {std::shared_ptr<void>(bytes, [size](void* mapped) { munmap(mapped, size); }), size};
}

std::vector<int64_t> parse_shape(const Json& json, uint64_t& bytes) {
  std::vector<int64_t> shape;
  for (const auto& size : json) {
    UMM_CHECK_INPUT(size.is_number_unsigned(), "shape must hold unsigned integers");
    const auto value = size.get<uint64_t>();
    UMM_CHECK_INPUT(
        value <= std::numeric_limits<int64_t>::max() && (value == 0 || bytes <= (uint64_t{1} << 62) / value),
        "shape is too large");
    bytes *= value;
    shape.push_back(static_cast<int64_t>(value));
  }
  return shape;
}

Entry parse_entry(const std::string& name, const Json& json) {
  UMM_CHECK_INPUT(
      json.is_object() && json.contains("dtype") && json.contains("shape") && json.contains("data_offsets"),
      "expected an object with dtype, shape and data_offsets");
  const auto dtype = json["dtype"].is_string() ? json["dtype"].get<std::string>() : "?";
  const auto known = std::find_if(std::begin(kSafetensorsDtypes), std::end(kSafetensorsDtypes),
                                  [&](const SafetensorsDtype& candidate) { return dtype == candidate.name; });
  UMM_CHECK_INPUT(known != std::end(kSafetensorsDtypes), "unknown dtype \"", dtype, "\"");
  const auto& offsets = json["data_offsets"];
  UMM_CHECK_INPUT(offsets.is_array() && offsets.size() == 2 && offsets[0].is_number_unsigned() &&
                      offsets[1].is_number_unsigned(),
                  "data_offsets must be two unsigned integers");
  UMM_CHECK_INPUT(json["shape"].is_array(), "shape must be an array");
  uint64_t bytes = c10::elementSize(known->dtype);
  Entry entry{.info = {.name = name, .dtype = known->dtype, .shape = parse_shape(json["shape"], bytes)},
              .begin = offsets[0].get<uint64_t>(),
              .end = offsets[1].get<uint64_t>()};
  UMM_CHECK_INPUT(entry.end >= entry.begin && entry.end - entry.begin == bytes, "data_offsets [", entry.begin,
                  ", ", entry.end, ") do not hold the ", bytes, " bytes that dtype and shape ask for");
  return entry;
}

// Ranges must tile the data section exactly: no overlap, no hole, nothing left over.
void check_coverage(const std::vector<Entry>& entries, uint64_t data_bytes) {
  std::vector<const Entry*> sorted;
  for (const auto& entry : entries) sorted.push_back(&entry);
  std::sort(sorted.begin(), sorted.end(), [](const Entry* a, const Entry* b) {
    return std::pair(a->begin, a->end) < std::pair(b->begin, b->end);
  });
  uint64_t position = 0;
  for (const auto* entry : sorted) {
    UMM_CHECK_INPUT(entry->begin == position, "tensor `", entry->info.name, "` starts at byte ", entry->begin,
                    " of the data, expected ", position, " (overlap or hole)");
    position = entry->end;
  }
  UMM_CHECK_INPUT(position == data_bytes, "the header describes ", position, " bytes of data, the file has ",
                  data_bytes, " (truncated or damaged)");
}

struct Header {
  std::vector<Entry> entries;
  Metadata metadata;
  uint64_t data_begin = 0;  // bytes from the file's start
};

void parse_metadata(const Json& json, Metadata& metadata) {
  UMM_CHECK_INPUT(json.is_object(), "__metadata__ is not an object");
  for (const auto& [key, value] : json.items()) {
    UMM_CHECK_INPUT(value.is_string(), "metadata `", key, "` is not text");
    metadata[key] = value.get<std::string>();
  }
}

Header parse(std::string_view file) {
  UMM_CHECK_INPUT(file.size() >= 8, "not a safetensors file: ", file.size(), " bytes, expected at least 8");
  uint64_t length = 0;
  for (int byte = 7; byte >= 0; --byte) length = length << 8 | static_cast<unsigned char>(file[byte]);
  UMM_CHECK_INPUT(length <= kMaxHeaderBytes && length <= file.size() - 8,
                  "not a safetensors file, or truncated: the header claims ", length, " bytes, the file has ",
                  file.size());
  const Json json = Json::parse(file.substr(8, length), nullptr, /*allow_exceptions=*/false);
  UMM_CHECK_INPUT(json.is_object(), "the header is not a JSON object");
  Header header{.entries = {}, .metadata = {}, .data_begin = 8 + length};
  for (const auto& [name, value] : json.items()) {
    if (name == "__metadata__") {
      parse_metadata(value, header.metadata);
      continue;
    }
    try {
      header.entries.push_back(parse_entry(name, value));
    } catch (const InputError& error) {
      throw InputError("tensor `" + name + "`: " + error.what());
    }
  }
  check_coverage(header.entries, file.size() - header.data_begin);
  return header;
}

}  // namespace

SafetensorsFile::SafetensorsFile(const std::string& path) : path_(path) {
  const Mapping mapping = map_file(path);
  Header header;
  try {
    header = parse(mapping.view());
  } catch (const InputError& error) {
    throw InputError(path + ": " + error.what());
  }
  for (auto& entry : header.entries) {
    tensors_.push_back(std::move(entry.info));
    begins_.push_back(header.data_begin + entry.begin);
  }
  metadata_ = std::move(header.metadata);
  mapping_ = mapping.bytes;
}

Tensor SafetensorsFile::read(size_t index) {
  UMM_CHECK(index < tensors_.size(), path_, ": tensor ", index, " of ", tensors_.size());
  const TensorInfo& info = tensors_[index];
  char* bytes = static_cast<char*>(mapping_.get()) + begins_[index];
  // The format does not ask for alignment.
  if (begins_[index] % c10::elementSize(info.dtype) == 0)
    return at::from_blob(
        bytes, info.shape, [kept = mapping_](void*) {}, info.dtype);
  Tensor aligned = at::empty(info.shape, info.dtype);
  std::memcpy(aligned.data_ptr(), bytes, aligned.nbytes());
  return aligned;
}

std::vector<NamedTensor> read_safetensors(const std::string& path, Metadata* metadata) {
  SafetensorsFile file(path);
  if (metadata != nullptr) *metadata = file.metadata();
  std::vector<NamedTensor> tensors;
  for (size_t i = 0; i < file.tensors().size(); ++i)
    tensors.push_back({file.tensors()[i].name, file.read(i).clone()});
  return tensors;
}

}  // namespace umm
