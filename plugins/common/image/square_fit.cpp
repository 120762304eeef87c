#include "image/square_fit.h"

#include <algorithm>

#include "images/resize.h"
#include "umm/error.h"

namespace umm::image {

OptionSchema& SquareFit::declare(OptionSchema& schema) {
  return schema.integer("image_size", 512, {16, 4096}, "side of the pictures given, in pixels")
      .choice("fit", "crop", {"crop", "squash"},
              "crop the middle after the shorter side fits, or squash to a square");
}

SquareFit::SquareFit(const Options& options)
    : image_size_(options.integer("image_size")), squashes_(options.text("fit") == "squash") {}

Tensor SquareFit::pixels(const Image& picture, const std::string& place) const {
  if (squashes_)
    return tensor_from_image(images::resized(picture, image_size_, image_size_, images::Filter::bicubic));
  constexpr int64_t kMaxRatio =
      64;  // the longer side is resized whole: a line of pixels would fill the memory
  const auto [shorter, longer] = std::minmax({picture.width, picture.height});
  UMM_CHECK_INPUT(longer <= kMaxRatio * shorter, place, ": ", picture.width, " x ", picture.height,
                  " pixels; of pictures longer than ", kMaxRatio,
                  " times their width no middle is cropped: leave it out, or set fit = \"squash\"");
  return tensor_from_image(images::center_cropped(
      images::shorter_side_resized(picture, image_size_, images::Filter::bicubic), image_size_));
}

}  // namespace umm::image
