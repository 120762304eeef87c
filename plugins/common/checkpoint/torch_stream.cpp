// Pickles of a magic number, a protocol version, the writer's machine, the state dict and the list of storage
// keys; then for each key its number of elements (8 bytes) and its bytes.
#include <ATen/ops/empty.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>

#include "checkpoint/state_dict.h"
#include "checkpoint/torch_file.h"
#include "umm/error.h"

namespace umm::checkpoint {
namespace {

// Pickle of the magic number 0x1950a86a20f9469cfc6c, protocol 2.
constexpr std::string_view kMagic("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19\x2e", 15);

// The pickles of a file of this format fit; storages are read from the file itself.
constexpr uint64_t kMaxPickleBytes = 64 << 20;
constexpr int64_t kStreamVersion = 1001;

struct Place {
  uint64_t begin = 0;  // bytes from the file's start
  int64_t num_elements = 0;
};

class TorchStream final : public TorchFile {
 public:
  TorchStream(const std::string& path, std::ifstream file, std::map<std::string, Place> places,
              const PickledDocument& document)
      : TorchFile(path, document), file_(std::move(file)), places_(std::move(places)) {}

 private:
  Tensor read_storage(const PickledStorage& storage) override {
    const auto place = places_.find(storage.key);
    UMM_CHECK_INPUT(place != places_.end(), path_, ": storage ", storage.key, " is missing");
    UMM_CHECK_INPUT(place->second.num_elements == storage.num_elements, path_, ": storage ", storage.key,
                    " has ", place->second.num_elements, " elements, expected ", storage.num_elements);
    Tensor values = at::empty({storage.num_elements}, storage.dtype);
    file_.clear();
    file_.seekg(static_cast<std::streamoff>(place->second.begin));
    UMM_CHECK_INPUT(
        file_.read(static_cast<char*>(values.data_ptr()), static_cast<std::streamsize>(values.nbytes())),
        path_, ": storage ", storage.key, ": cannot read ", values.nbytes(), " bytes");
    return values;
  }

  std::ifstream file_;
  std::map<std::string, Place> places_;
};

// The types of the storages that tensors use, by key.
std::map<std::string, at::ScalarType> storage_types(const PickledDocument& document) {
  std::map<std::string, at::ScalarType> types;
  for (const auto& value : document.values) {
    if (const auto* storage = std::get_if<PickledStorage>(&value)) {
      const auto [found, is_new] = types.emplace(storage->key, storage->dtype);
      UMM_CHECK_INPUT(is_new || found->second == storage->dtype, "storage ", storage->key, " has two types");
    }
  }
  return types;
}

std::map<std::string, Place> find_storages(std::ifstream& file, uint64_t file_bytes, uint64_t position,
                                           const PickledDocument& keys,
                                           const std::map<std::string, at::ScalarType>& types) {
  const auto* list = keys.get<PickledSequence>(keys.root);
  UMM_CHECK_INPUT(list != nullptr, "expected a list of storage keys");
  std::map<std::string, Place> places;
  for (const ValueId id : list->items) {
    const auto* key = keys.get<std::string>(id);
    UMM_CHECK_INPUT(key != nullptr, "a storage key that is not text");
    const auto type = types.find(*key);
    UMM_CHECK_INPUT(type != types.end(), "storage ", *key, " belongs to no tensor");
    int64_t count = 0;
    file.seekg(static_cast<std::streamoff>(position));
    UMM_CHECK_INPUT(file.read(reinterpret_cast<char*>(&count), sizeof count), "truncated before storage ",
                    *key);
    position += sizeof count;
    const auto left = static_cast<int64_t>((file_bytes - position) / c10::elementSize(type->second));
    UMM_CHECK_INPUT(count >= 0 && count <= left, "storage ", *key, " claims ", count,
                    " elements, the file has room for ", left, " (truncated or damaged)");
    UMM_CHECK_INPUT(places.emplace(*key, Place{position, count}).second, "storage ", *key,
                    " is listed twice");
    position += static_cast<uint64_t>(count) * c10::elementSize(type->second);
  }
  return places;
}

std::unique_ptr<TensorFile> read_stream(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const auto file_bytes = static_cast<uint64_t>(std::filesystem::file_size(path));
  std::string head(std::min(file_bytes, kMaxPickleBytes), '\0');
  UMM_CHECK_INPUT(file.read(head.data(), static_cast<std::streamsize>(head.size())), "cannot be read");
  const std::string_view bytes(head);
  UMM_CHECK_INPUT(bytes.starts_with(kMagic), "not a file of torch.save");

  size_t position = kMagic.size();
  const auto next = [&] {
    PickledDocument document = read_pickle(bytes.substr(position));
    position += document.num_bytes;
    return document;
  };
  const PickledDocument version = next();
  const auto* number = version.get<int64_t>(version.root);
  UMM_CHECK_INPUT(number != nullptr && *number == kStreamVersion, "another version of the stream format");
  next();  // of the machine that wrote it
  const PickledDocument state = next(), keys = next();
  auto places = find_storages(file, file_bytes, position, keys, storage_types(state));
  return std::make_unique<TorchStream>(path, std::move(file), std::move(places), state);
}

}  // namespace

std::unique_ptr<TensorFile> open_torch_stream(const std::string& path) {
  try {
    return read_stream(path);
  } catch (const InputError& error) {
    throw InputError(path + ": " + error.what());
  }
}

}  // namespace umm::checkpoint
