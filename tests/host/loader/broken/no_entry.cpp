// A plugin whose author forgot UMM_PLUGIN.
#include "umm/plugin.h"

UMM_API int umm_plugin_nothing = 0;
