// The wish to stop: SIGINT, SIGTERM, and SIGUSR1 and SIGUSR2, which clusters send before a time limit or a
// preemption, ask loops to finish their step, write what resume needs, and return.
#pragma once

namespace umm {

// A second signal of the same kind ends the process at once, as if there were no handler.
void install_stop_handlers();

bool stop_requested();
void request_stop(bool stop = true);

}  // namespace umm
