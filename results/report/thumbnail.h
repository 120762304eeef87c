// Small pictures that stand in a page.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

namespace umm::results {

// Width and height of a PNG, from its first bytes. nullopt: there is no such file, or it is no PNG.
std::optional<std::pair<int64_t, int64_t>> png_size(const std::filesystem::path& file);

// "data:image/jpeg;base64,..." of a PNG whose longer side becomes at most `side` pixels. A file that is small
// already is taken as it is. nullopt: it cannot be read.
std::optional<std::string> thumbnail(const std::filesystem::path& png, int side);

}  // namespace umm::results
