// Operators that plugins register with LibTorch (TORCH_LIBRARY). LibTorch has one table of them in a process;
// a namespace that comes to it twice is an exception out of a static initialiser, which nothing can catch: it
// ends the process that opens the second library. So how a library fares depends on those before it.
#pragma once

#include <functional>
#include <string>

#include "loader/identity.h"
#include "loader/refusal.h"

namespace umm {

// Opens the library by `open`, and where it registers operators remembers whose they are.
void open_operators(const PluginFile& plugin, const std::function<void()>& open);

// What the end of opening the library depends on besides itself: the contents of the other libraries with
// operators that this process has opened. "" where it registers none.
std::string operators_before(const PluginFile& plugin);

// The namespace, where the message is LibTorch's complaint that it comes twice, else "".
std::string taken_namespace(const std::string& message);

// P011, from that complaint.
Refusal namespace_taken(const PluginFile& plugin, const std::string& message);

}  // namespace umm
