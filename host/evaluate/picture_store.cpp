#include "evaluate/picture_store.h"

#include "loader/hash.h"
#include "umm/error.h"
#include "umm/image.h"

namespace umm {

namespace fs = std::filesystem;

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
  std::error_code failed;
  try {
    read_png(kept.string());
  } catch (const InputError&) {
    fs::remove(kept, failed);
    return false;
  }
  fs::remove(file, failed);
  fs::create_hard_link(kept, file, failed);
  return !failed;
}

void PictureStore::keep(const EvaluationItem& item, int64_t image, const fs::path& file) const {
  const fs::path kept = place(item, image);
  std::error_code ignored;
  fs::create_directories(kept.parent_path(), ignored);
  fs::create_hard_link(file, kept, ignored);
}

}  // namespace umm
