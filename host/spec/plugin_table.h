// [plugins]: where a spec's plugins lie, and which versions of them it needs.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "spec/context.h"
#include "spec/files.h"

namespace umm::spec {

// The folders of `path`, the spec's own before those of what it extends. Read before there is a catalogue, so
// what is wrong with the table is left to check_plugins().
std::vector<std::filesystem::path> plugin_folders(const SpecFiles& spec);

// Reports S102, S119 (no such requirement can be written), S131, S110 and S118 (another version is there).
void check_plugins(Context& context, const std::vector<SpecFile>& files);

// Whether `version` is in a requirement like ">=1.2, <2"; nullopt where that is none. Missing numbers are 0.
std::optional<bool> satisfies(const std::string& version, const std::string& requirement);

}  // namespace umm::spec
