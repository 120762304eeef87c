#include "evaluate/picture_store.h"

#include "loader/hash.h"
#include "train/files.h"
#include "umm/error.h"

namespace umm {

namespace fs = std::filesystem;

namespace {

// In the place of what is there. False: the file system has no hard links.
bool link(const fs::path& kept, const fs::path& file) {
  std::error_code failed;
  fs::remove(file, failed);
  fs::create_hard_link(kept, file, failed);
  return !failed;
}

}  // namespace

PictureStore::PictureStore(fs::path output, std::string drawing, uint64_t seed)
    : output_(std::move(output)), drawing_(std::move(drawing) + "\nseed = " + std::to_string(seed)) {}

// The id of a prompt counts, for its stream of random numbers is derived from it.
fs::path PictureStore::place(const EvaluationItem& item, int64_t image) const {
  const std::string key = hash_text(drawing_ + "\nimage = " + std::to_string(image) + "\nitem = " + item.id +
                                    "\nprompt = " + item.prompt);
  return output_ / "pictures" / key.substr(0, 2) / (key + ".png");
}

bool PictureStore::fetch(const EvaluationItem& item, int64_t image, const fs::path& file) const {
  const fs::path kept = place(item, image);
  if (!fs::exists(kept)) return false;
  try {
    read_png(kept.string());
  } catch (const InputError&) {
    std::error_code ignored;
    fs::remove(kept, ignored);
    return false;
  }
  return link(kept, file);
}

// In this order a process that is killed in between leaves what the next one fetches.
void PictureStore::write(const EvaluationItem& item, int64_t image, const Image& picture,
                         const fs::path& file) const {
  const fs::path kept = place(item, image);
  make_folders(kept.parent_path());
  write_png(kept.string(), picture);
  if (!link(kept, file)) fs::rename(kept, file);
}

}  // namespace umm
