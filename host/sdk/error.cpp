#include "umm/error.h"

namespace umm {

Error::Error(const std::string& message) : std::runtime_error(message) {}
Error::~Error() = default;
InputError::InputError(const std::string& message) : Error(message) {}
InputError::~InputError() = default;

}  // namespace umm
