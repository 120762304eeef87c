// Opens a library that has passed the checks of its file, and lets it register what it provides.
#pragma once

#include <vector>

#include "loader/catalogue.h"
#include "loader/identity.h"

namespace umm {

// Throws PluginRefused: P010 cannot be bound, P009 it brings a second LibTorch, P003 and P006 layouts, P014
// identities that differ, P011 an id that `known` or the library itself has already, P013 failed while
// registering. The library stays open in any case.
std::vector<PluginEntry> attach_plugin(const PluginFile& plugin, const std::vector<LoadedPlugin>& known);

}  // namespace umm
