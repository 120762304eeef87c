// ImgEdit-Bench's edits: one JSON object, key -> {"id": path of the source picture, "prompt", "edit_type"},
// as published; or one on each line, {"key", "id", "prompt", "edit_type"}. UGE, the hard set, has no
// "edit_type".
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

enum class Suite { basic, uge };

struct Item {
  std::string key;     // the edited picture is <key>.png
  std::string source;  // path of the source picture below the benchmark's folder; may hold blanks
  std::string instruction;
  std::string type;  // of kTypes; "" in UGE
};

// In the file's order. Throws InputError that names the file and the key: an entry without one of its texts,
// a type that is none of kTypes, a key twice, a source path that leaves its folder.
std::vector<Item> read_items(std::string_view text, Suite suite, const std::string& source);

Item read_record(std::string_view text, Suite suite, const std::string& source);  // a line
std::string record_of(const Item& item);

// Throws InputError unless `text` is the suite's published file, byte by byte; or unless `items` are all that
// is in it.
void expect_published_items(std::string_view text, Suite suite, const std::string& source);
void expect_published_items(const std::vector<Item>& items, Suite suite, const std::string& source);

}  // namespace umm::imgedit
