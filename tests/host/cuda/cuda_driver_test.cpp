#include "cuda/cuda_driver.h"

#include <gtest/gtest.h>

namespace umm {
namespace {

TEST(CudaDriver, AnswersWithAndWithoutADriver) {
  const int count = cuda_driver_device_count();
  EXPECT_GE(count, 0);
  EXPECT_EQ(cuda_device_name(count), "cuda") << "no device has this number";
  EXPECT_EQ(cuda_compute_capability(count), 0);
  for (int device = 0; device < count; ++device) {
    EXPECT_NE(cuda_device_name(device), "cuda");
    EXPECT_GE(cuda_compute_capability(device), 50);
  }
}

}  // namespace
}  // namespace umm
