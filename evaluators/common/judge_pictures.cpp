// Pictures for a judge, see judge_pictures.h.
#include "judge_pictures.h"

#include <algorithm>
#include <filesystem>

#include "images/encode.h"
#include "prompt_texts.h"
#include "umm/error.h"

namespace umm::evaluators {
namespace {

JudgePart part(std::string media_type, const std::vector<uint8_t>& bytes) {
  return {.media_type = std::move(media_type), .bytes = std::string(bytes.begin(), bytes.end())};
}

}  // namespace

JudgePart as_file(const PictureFile& picture) {
  if (picture.bytes.empty()) return as_png(picture.image);
  return {.media_type = media_type(picture.bytes, picture.path), .bytes = picture.bytes};
}

JudgePart as_jpeg(const Image& image) {
  return part("image/jpeg", images::encode_jpeg(image, 75));
}

JudgePart as_png(const Image& image) {
  return part("image/png", images::encode_png(image));
}

std::string media_type(std::string_view bytes, const std::string& where) {
  if (bytes.starts_with("\x89PNG\r\n\x1A\n")) return "image/png";
  if (bytes.starts_with("\xFF\xD8\xFF")) return "image/jpeg";
  if (bytes.starts_with("RIFF") && bytes.substr(std::min<size_t>(8, bytes.size())).starts_with("WEBP"))
    return "image/webp";
  throw InputError(where + ": expected a picture in PNG, JPEG or WebP, found another file");
}

bool stays_below(const std::string& path) {
  const std::filesystem::path parts(path);
  return parts.is_relative() && std::find(parts.begin(), parts.end(), "..") == parts.end();
}

std::string path_in(const std::string& folder, const std::string& path) {
  return folder.empty() ? path : (std::filesystem::path(folder) / path).string();
}

std::string read_source(const EvaluationItem& item, const std::string& folder) {
  UMM_CHECK_INPUT(!folder.empty(), "item ", item.id, " edits the picture ", item.source_picture,
                  ": expected the option `pictures` to name the folder that holds it, found none");
  auto bytes = text_if_there(item.source_picture);
  UMM_CHECK_INPUT(bytes, item.source_picture, ": expected the picture that item ", item.id,
                  " edits, found no file that can be read");
  return std::move(*bytes);
}

}  // namespace umm::evaluators
