#include "entry.h"

constinit const UmmPluginEntry umm_plugin_entry_v1 = [] {
  UmmPluginEntry entry = kSoundEntry;
  entry.identity = "UMMPLUG1\nid=somebody_else\n";
  return entry;
}();
