// The wish to stop: a signal, which clusters send before a time limit or a preemption, asks loops to finish
// their step, write what resume needs, and return. Plugins that wait for something look for it, too.
#pragma once

#include "umm/version.h"

namespace umm {

// On any thread. A plugin that cannot return a result throws Error; the host then takes what it was doing for
// stopped, not for failed.
UMM_API bool stop_requested();

UMM_API void request_stop(bool stop = true);  // also in a signal handler

}  // namespace umm
