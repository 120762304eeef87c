#include "entry.h"

constinit const UmmPluginEntry umm_plugin_entry_v1 = [] {
  UmmPluginEntry entry = kSoundEntry;
  entry.struct_size += 8;
  return entry;
}();
