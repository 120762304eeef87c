#include "entry.h"

constinit const UmmPluginEntry umm_plugin_entry_v1 = [] {
  UmmPluginEntry entry = kSoundEntry;
  entry.sizes[1] += 8;  // Tensor
  return entry;
}();
