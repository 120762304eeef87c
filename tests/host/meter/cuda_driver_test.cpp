#include "meter/cuda_driver.h"

#include <gtest/gtest.h>

namespace umm {
namespace {

TEST(CudaDriver, AnswersWithAndWithoutADriver) {
  const int count = cuda_driver_device_count();
  EXPECT_GE(count, 0);
  EXPECT_EQ(cuda_device_name(count), "cuda") << "no device has this number";
  for (int device = 0; device < count; ++device) EXPECT_NE(cuda_device_name(device), "cuda");
}

}  // namespace
}  // namespace umm
