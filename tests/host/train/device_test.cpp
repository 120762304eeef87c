#include "train/device.h"

#include <gmock/gmock.h>

#include "cuda/cuda_driver.h"
#include "tests/host/train/fakes.h"

namespace umm::testing {
namespace {

std::string problem_of(const std::string& name) {
  try {
    choose_device(name);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(Device, CpuAndWrongNames) {
  EXPECT_TRUE(choose_device("cpu").is_cpu());
  EXPECT_THAT(problem_of("tpu"), ::testing::HasSubstr("expected auto, cpu or cuda:N"));
  EXPECT_THAT(problem_of("cuda:x"), ::testing::HasSubstr("expected cuda:N"));
}

TEST(Device, WithoutGpuAutoIsTheCpuAndCudaSaysWhatIsMissing) {
  if (cuda_driver_device_count() > 0) GTEST_SKIP() << "this machine has a GPU";
  EXPECT_TRUE(choose_device("auto").is_cpu());
  EXPECT_THAT(problem_of("cuda:0"), ::testing::HasSubstr("no NVIDIA driver answers"));
}

TEST(Device, PlacesModelInPlace) {
  FakeArchitecture model;
  auto weight = model.parameters()[0].value;
  place_model(model, at::kCPU, precision_dtype("bf16"));
  EXPECT_EQ(weight.scalar_type(), at::kBFloat16) << "aliases follow";
  EXPECT_EQ(model.parameters()[3].value.scalar_type(), at::kLong) << "integers stay";
  EXPECT_THROW(precision_dtype("fp8"), InputError);
}

}  // namespace
}  // namespace umm::testing
