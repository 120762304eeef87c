// Pictures of any size as squares of one size: what datasets of pictures have in common.
#pragma once

#include <cstdint>
#include <string>

#include "umm/image.h"
#include "umm/options.h"
#include "umm/version.h"

namespace umm::image {

class UMM_API SquareFit {
 public:
  // Adds the options `image_size` and `fit`.
  static OptionSchema& declare(OptionSchema& schema);

  explicit SquareFit(const Options& options);

  // [3, S, S] float32 in [-1, 1]. `place` names the picture in messages.
  Tensor pixels(const Image& picture, const std::string& place) const;

 private:
  int64_t image_size_;  // S
  bool squashes_;
};

}  // namespace umm::image
