// The build identity of a plugin file, read without running anything of it.
#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace umm {

using Identity = std::map<std::string, std::string>;  // "torch_cpu_build_id" -> "feae..."

// The umm_plugin_meta section of an ELF file. Throws InputError: P001 not an ELF file of this machine,
// P002 no identity in it.
Identity read_identity(const std::filesystem::path& file);

Identity host_identity();

// One line per fact in which the plugin differs from the host ("" if none), naming both sides.
std::string identity_mismatch(const Identity& plugin, const Identity& host);

}  // namespace umm
