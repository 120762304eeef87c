// An entry by hand, for plugins that get wrong what UMM_PLUGIN writes.
#pragma once

#include "umm/plugin.h"

inline void register_nothing(umm::Registry* registry) {
  (void)registry;
}

inline constexpr UmmPluginEntry kSoundEntry{sizeof(UmmPluginEntry), UMM_ENTRY_ABI, umm_plugin_meta_text,
                                            umm::type_sizes(), register_nothing};

extern "C" UMM_API const UmmPluginEntry umm_plugin_entry_v1;
