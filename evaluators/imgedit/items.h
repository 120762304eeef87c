// ImgEdit-Bench's edits: one JSON object, key -> {"id": path of the source picture, "prompt", "edit_type"}.
// UGE, the hard set, has the same without "edit_type".
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace umm::imgedit {

// The order of the published tables; "compose" is printed as Hybrid.
inline constexpr std::array<const char*, 9> kTypes = {"add",        "adjust", "extract", "replace", "remove",
                                                      "background", "style",  "compose", "action"};
// Edits of each type in the published file, 737 together.
inline constexpr std::array<int64_t, 9> kPublishedCounts = {95, 94, 117, 92, 86, 94, 100, 23, 36};

struct Item {
  std::string key;     // the edited picture is <key>.png
  std::string source;  // path of the source picture below the benchmark's folder; may hold blanks
  std::string instruction;
  std::string type;  // of kTypes; "" in UGE
};

// In the file's order. Throws InputError that names the file and the key: an entry without one of its texts,
// a type that is none of kTypes, a key twice, a source path that leaves its folder.
std::vector<Item> read_items(std::string_view text, const std::string& source);
std::vector<Item> read_uge_items(std::string_view text, const std::string& source);

// Throws InputError unless `text` is the published file, byte by byte.
void expect_published_items(std::string_view text, const std::string& source);
void expect_published_uge_items(std::string_view text, const std::string& source);

}  // namespace umm::imgedit
