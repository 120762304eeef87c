// <name>/data.pkl, <name>/data/<key> for each storage, <name>/byteorder; all stored without compression.
#include <ATen/ops/empty.h>
#include <zip.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "checkpoint/torch_file.h"
#include "umm/error.h"

namespace umm::checkpoint {
namespace {

constexpr uint64_t kMaxPickleBytes = 256 << 20;

// A zip archive that cannot surprise: libzip checks that it is consistent and that names are unique, and
// entries are as large as they say they are.
class Archive {
 public:
  explicit Archive(const std::string& path) : path_(path) {
    int code = 0;
    zip_.reset(zip_open(path.c_str(), ZIP_RDONLY | ZIP_CHECKCONS, &code));
    if (!zip_) {
      zip_error_t error;
      zip_error_init_with_code(&error, code);
      const std::string reason = zip_error_strerror(&error);
      zip_error_fini(&error);
      throw InputError(path + ": not a whole zip archive: " + reason);
    }
    const auto file_bytes = static_cast<uint64_t>(std::filesystem::file_size(path));
    const zip_int64_t count = zip_get_num_entries(zip_.get(), 0);
    for (zip_int64_t i = 0; i < count; ++i) add_entry(static_cast<uint64_t>(i), file_bytes);
  }

  // Bytes of an entry; nullopt-like -1 where there is none.
  int64_t size_of(const std::string& name) const {
    const auto found = entries_.find(name);
    return found == entries_.end() ? -1 : static_cast<int64_t>(found->second.size);
  }

  // Name of the one entry that ends so.
  std::string only_entry_ending(const std::string& ending) const {
    std::string only;
    for (const auto& [name, entry] : entries_) {
      if (!name.ends_with(ending)) continue;
      UMM_CHECK_INPUT(only.empty(), path_, ": two entries `", only, "` and `", name, "`");
      only = name;
    }
    UMM_CHECK_INPUT(!only.empty(), path_, ": a zip archive without `", ending,
                    "`: not written by torch.save");
    return only;
  }

  // Fills `bytes`, which must be as large as the entry; its checksum is compared.
  void read(const std::string& name, void* bytes) const {
    const Entry& entry = entries_.at(name);
    const std::unique_ptr<zip_file_t, decltype(&zip_fclose)> file(zip_fopen_index(zip_.get(), entry.index, 0),
                                                                  &zip_fclose);
    UMM_CHECK_INPUT(file, path_, ": `", name, "`: ", zip_strerror(zip_.get()));
    uint64_t done = 0;
    while (done < entry.size) {
      const auto count = zip_fread(file.get(), static_cast<char*>(bytes) + done, entry.size - done);
      UMM_CHECK_INPUT(count > 0, path_, ": `", name, "`: damaged: ", zip_file_strerror(file.get()));
      done += static_cast<uint64_t>(count);
    }
    char beyond = 0;  // the checksum is looked at when the end is read
    UMM_CHECK_INPUT(zip_fread(file.get(), &beyond, 1) == 0, path_, ": `", name,
                    "`: damaged: ", zip_file_strerror(file.get()));
  }

 private:
  struct Entry {
    uint64_t index = 0, size = 0;
  };
  struct Close {
    void operator()(zip_t* zip) const { zip_discard(zip); }
  };

  void add_entry(uint64_t index, uint64_t file_bytes) {
    zip_stat_t status;
    UMM_CHECK_INPUT(zip_stat_index(zip_.get(), index, 0, &status) == 0, path_, ": entry ", index, ": ",
                    zip_strerror(zip_.get()));
    const std::string name = status.name;
    UMM_CHECK_INPUT(status.comp_method == ZIP_CM_STORE && status.encryption_method == ZIP_EM_NONE &&
                        status.size == status.comp_size && status.size <= file_bytes,
                    path_, ": `", name,
                    "` is compressed or encrypted; torch.save stores its entries as they are");
    entries_[name] = {index, status.size};
  }

  std::string path_;
  std::unique_ptr<zip_t, Close> zip_;
  std::map<std::string, Entry> entries_;
};

std::string read_text(const Archive& archive, const std::string& name) {
  std::string text(static_cast<size_t>(archive.size_of(name)), '\0');
  archive.read(name, text.data());
  return text;
}

class TorchZip final : public TorchFile {
 public:
  TorchZip(const std::string& path, std::unique_ptr<Archive> archive, std::string folder,
           const PickledDocument& document)
      : TorchFile(path, document), archive_(std::move(archive)), folder_(std::move(folder)) {}

 private:
  Tensor read_storage(const PickledStorage& storage) override {
    const std::string name = folder_ + "data/" + storage.key;
    const int64_t expected = storage.num_elements * static_cast<int64_t>(c10::elementSize(storage.dtype));
    const int64_t found = archive_->size_of(name);
    UMM_CHECK_INPUT(found >= 0, path_, ": `", name, "` is missing");
    UMM_CHECK_INPUT(found == expected, path_, ": `", name, "` has ", found, " bytes, expected ", expected);
    Tensor values = at::empty({storage.num_elements}, storage.dtype);
    archive_->read(name, values.data_ptr());
    return values;
  }

  std::unique_ptr<Archive> archive_;
  std::string folder_;  // "archive/"
};

}  // namespace

std::unique_ptr<TensorFile> open_torch_zip(const std::string& path) {
  auto archive = std::make_unique<Archive>(path);
  const std::string name = archive->only_entry_ending("data.pkl");
  const std::string folder = name.substr(0, name.size() - std::string("data.pkl").size());
  if (archive->size_of(folder + "byteorder") >= 0 && archive->size_of(folder + "byteorder") < 16) {
    const std::string order = read_text(*archive, folder + "byteorder");
    UMM_CHECK_INPUT(order == "little", path, ": its numbers are stored ", order, "-endian, expected little");
  }
  UMM_CHECK_INPUT(archive->size_of(name) < static_cast<int64_t>(kMaxPickleBytes), path, ": `", name, "` has ",
                  archive->size_of(name), " bytes; a list of tensors is smaller");
  try {
    const PickledDocument document = read_pickle(read_text(*archive, name));
    return std::make_unique<TorchZip>(path, std::move(archive), folder, document);
  } catch (const InputError& error) {
    const std::string text = error.what();
    throw InputError(text.starts_with(path) ? text : path + ": " + text);
  }
}

}  // namespace umm::checkpoint
