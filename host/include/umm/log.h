// Messages to the person who runs the program. Plugins use these, never stdout or stderr.
#pragma once

#include <string_view>

#include "umm/version.h"

namespace umm {

UMM_API void log_info(std::string_view message);

// A setting that was skipped or adjusted. Also kept in the run's record.
UMM_API void log_warning(std::string_view message);

}  // namespace umm
