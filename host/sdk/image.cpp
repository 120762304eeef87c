#include "umm/image.h"

#include <ATen/ops/empty.h>

#include <cstring>

#include "umm/error.h"

namespace umm {

Image image_from_tensor(const Tensor& chw) {
  expect_shape(chw, {3, -1, -1}, "image");
  const Tensor bytes = ((chw.detach().to(at::kCPU, at::kFloat) + 1) / 2)
                           .clamp(0, 1)
                           .mul(255)
                           .to(at::kByte)
                           .permute({1, 2, 0})
                           .contiguous();  // [H, W, 3]
  Image image = make_image(chw.size(2), chw.size(1));
  std::memcpy(image.rgb.data(), bytes.data_ptr<uint8_t>(), image.rgb.size());
  return image;
}

Tensor tensor_from_image(const Image& image) {
  Tensor bytes = at::empty({image.height, image.width, 3}, at::kByte);
  std::memcpy(bytes.data_ptr<uint8_t>(), image.rgb.data(), image.rgb.size());
  return (bytes.to(at::kFloat) / 127.5 - 1).permute({2, 0, 1}).contiguous();  // [3, H, W]
}

}  // namespace umm
