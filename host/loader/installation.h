// Where the program finds what belongs to it:
//                a build tree               an installation             a bundle
//   plugins      <program>/plugins          ../lib/ummbench/plugins     ../plugins
//   tiny world   ../../experiments/tiny     ../share/ummbench/tiny      ../experiments/tiny
//   templates    ../../templates            ../share/ummbench/templates
//   protocols    as the tiny world: experiments/protocols or share/ummbench/protocols
// (each from the program's folder; in a build tree the program lies in build/<preset>)
#pragma once

#include <filesystem>

namespace umm {

// The first of them that is there; where none is, that of a build tree.
std::filesystem::path installed_plugins();
std::filesystem::path tiny_world_files();
std::filesystem::path plugin_templates();
std::filesystem::path installed_protocols();

// What find_package(UmmSdk) finds this program by; "" unless it was installed.
std::filesystem::path sdk_prefix();

}  // namespace umm
