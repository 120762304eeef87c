// The one exception type of the project, and the checks that throw it.
//
// A message says what was expected, what was found, where, and what to do about it.
// `assert` is for our own bugs only; expected outcomes are return values.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "umm/tensor_fwd.h"
#include "umm/version.h"

namespace umm {

// Something failed and the run cannot go on: exit code 1.
class UMM_API Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message);
  ~Error() override;  // key function: one type_info for all shared libraries
};

// The user's input is wrong (spec, option, file): exit code 2, nothing was started.
class UMM_API InputError : public Error {
 public:
  explicit InputError(const std::string& message);
  ~InputError() override;
};

namespace detail {
template <typename... Parts>
std::string concat(const Parts&... parts) {
  std::ostringstream out;
  (out << ... << parts);
  return out.str();
}
}  // namespace detail

// Throws Error unless `tensor` has exactly these sizes; -1 accepts any size.
// expect_shape(images, {batch, 3, -1, -1}, "images")
UMM_API void expect_shape(const Tensor& tensor, std::initializer_list<int64_t> sizes, std::string_view name);

}  // namespace umm

// UMM_CHECK(width > 0, "width must be positive, found ", width)
#define UMM_CHECK(condition, ...)                             \
  do {                                                        \
    if (!(condition)) [[unlikely]]                            \
      throw ::umm::Error(::umm::detail::concat(__VA_ARGS__)); \
  } while (false)

// The same for mistakes in what the user wrote or handed over.
#define UMM_CHECK_INPUT(condition, ...)                            \
  do {                                                             \
    if (!(condition)) [[unlikely]]                                 \
      throw ::umm::InputError(::umm::detail::concat(__VA_ARGS__)); \
  } while (false)
