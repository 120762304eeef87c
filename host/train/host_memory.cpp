#include "train/host_memory.h"

#include <malloc.h>

namespace umm {

void keep_freed_memory() {
  mallopt(M_MMAP_THRESHOLD, 32 << 20);  // the largest that glibc takes
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
}

}  // namespace umm
