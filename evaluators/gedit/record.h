// GEdit-Bench's items, one JSON object per line:
//   {"key", "task_type", "instruction", "instruction_language": "en" | "cn", "input_image",
//    "intersection_exist"}
// input_image is the picture's path below the pictures' folder.
#pragma once

#include <string>

namespace umm::gedit {

// The only group of judgements that others published (published_judgements.h); no group of the benchmark.
inline constexpr const char* kPublishedGroup = "published_judgements";

struct Record {
  std::string key;
  std::string group;
  std::string instruction;
  std::string language;
  std::string input_image;
  bool in_intersection = false;  // all models of the paper's comparison answered it
};

// Throws InputError that starts with `where` ("items.jsonl:17").
Record parse_record(const std::string& text, const std::string& where);

}  // namespace umm::gedit
