// The names of number types in safetensors headers.
#pragma once

#include <c10/core/ScalarType.h>

namespace umm {

struct SafetensorsDtype {
  at::ScalarType dtype;
  const char* name;
};

inline constexpr SafetensorsDtype kSafetensorsDtypes[] = {
    {at::kFloat, "F32"}, {at::kBFloat16, "BF16"}, {at::kHalf, "F16"},  {at::kDouble, "F64"},
    {at::kLong, "I64"},  {at::kInt, "I32"},       {at::kShort, "I16"}, {at::kChar, "I8"},
    {at::kByte, "U8"},   {at::kBool, "BOOL"}};

}  // namespace umm
