#include <webp/decode.h>

#include "images/formats.h"
#include "umm/error.h"

namespace umm::images {

Image decode_webp(Bytes bytes, const std::string& place, int64_t most_pixels) {
  WebPBitstreamFeatures features;
  UMM_CHECK_INPUT(WebPGetFeatures(bytes.data(), bytes.size(), &features) == VP8_STATUS_OK, place,
                  ": not a readable WebP");
  UMM_CHECK_INPUT(features.has_animation == 0, place,
                  ": an animated WebP; only still pictures are read: save one of its frames");
  check_size(features.width, features.height, place, most_pixels);
  Image image = make_image(features.width, features.height);
  UMM_CHECK_INPUT(WebPDecodeRGBInto(bytes.data(), bytes.size(), image.rgb.data(), image.rgb.size(),
                                    features.width * 3) != nullptr,
                  place, ": damaged or truncated WebP");
  return image;
}

}  // namespace umm::images
