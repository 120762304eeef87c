// How the process deals with the system's memory.
#pragma once

namespace umm {

// Freed memory stays with the process (up to 1 GiB) instead of going back to the system, which would clear
// its pages anew for every large tensor.
void keep_freed_memory();

}  // namespace umm
