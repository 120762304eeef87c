// SIGINT, SIGTERM, and SIGUSR1 and SIGUSR2, which clusters send before a time limit or a preemption, become
// the wish to stop (umm/stop.h).
#pragma once

#include "umm/stop.h"

namespace umm {

// A second signal of the same kind ends the process at once, as if there were no handler.
void install_stop_handlers();

}  // namespace umm
