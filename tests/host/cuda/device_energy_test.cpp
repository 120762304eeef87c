// Against the stubs of this folder.
#include "cuda/device_energy.h"

#include <gtest/gtest.h>

#include "cuda/cuda_driver.h"

namespace umm {
namespace {

TEST(DeviceEnergy, IsCountedInJoulesOfTheDeviceAtThatPlaceOnTheBus) {
  ASSERT_EQ(cuda_device_name(1), "stub 6") << "another driver than the stub was found";
  EXPECT_EQ(cuda_bus_id(1), "0000:06:00.0");
  EXPECT_EQ(cuda_device_joules(1), 2.5);
  EXPECT_EQ(cuda_device_joules(1), 5.0);
}

TEST(DeviceEnergy, IsUnknownOfADeviceWithoutACounterAndOfNone) {
  EXPECT_EQ(cuda_device_joules(0), std::nullopt) << "the management library does not know it";
  EXPECT_EQ(cuda_device_joules(2), std::nullopt) << "the driver does not know it";
  EXPECT_EQ(cuda_bus_id(2), "");
}

}  // namespace
}  // namespace umm
