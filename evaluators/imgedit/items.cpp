// ImgEdit-Bench's edits, see items.h.
#include "items.h"

#include <algorithm>
#include <filesystem>

#include "digest.h"
#include "json.h"
#include "umm/error.h"

namespace umm::imgedit {
namespace {

using evaluators::Json;

// SHA-256 of Benchmark/Basic/basic_edit.json and Benchmark/UGE/UGE_edit.json at revision 547185d.
constexpr const char* kBasic = "5ee9b7d61e918692416f79896300f738598c83adff8de737b25be4aaff72dc69";
constexpr const char* kUge = "807817d8765f8fc45397be9afbf638b00fad91e37c1d44fabd5103df73074d16";

// Below the folder: no root, no "..".
bool stays_below(const std::filesystem::path& path) {
  return path.is_relative() && std::find(path.begin(), path.end(), "..") == path.end();
}

std::vector<Item> read(std::string_view text, const std::string& source, bool has_types) {
  std::vector<std::string> keys;
  const Json object = evaluators::parse_json(text, source, &keys);
  UMM_CHECK_INPUT(object.is_object() && !object.empty(), source,
                  ": expected an object of edits, key to {\"id\", \"prompt\", \"edit_type\"}, found ",
                  evaluators::excerpt(object));
  std::vector<Item> items;
  for (const std::string& key : keys) {
    const std::string where = source + ": " + evaluators::excerpt(key);
    const Json& entry = object.at(key);
    Item item;
    item.key = key;
    item.source = evaluators::text_field(entry, "id", where);
    item.instruction = evaluators::text_field(entry, "prompt", where);
    UMM_CHECK_INPUT(stays_below(item.source), where,
                    ": expected \"id\" to be a path below the pictures' folder, ", "found ",
                    evaluators::excerpt(item.source));
    UMM_CHECK_INPUT(!key.empty() && key.find('/') == std::string::npos, where,
                    ": expected a key that can name a file");
    if (has_types) {
      item.type = evaluators::text_field(entry, "edit_type", where);
      UMM_CHECK_INPUT(
          std::find(kTypes.begin(), kTypes.end(), item.type) != kTypes.end(), where,
          ": expected \"edit_type\" to be one of add, adjust, extract, replace, remove, background, "
          "style, compose, action, found ",
          evaluators::excerpt(item.type));
    }
    items.push_back(std::move(item));
  }
  return items;
}

void expect_digest(std::string_view text, const std::string& source, const char* name,
                   const char* published) {
  const std::string found = evaluators::sha256_hex(text);
  UMM_CHECK_INPUT(found == published, source, ": expected the published ", name, ", SHA-256 ", published,
                  ", found ", found,
                  ": take the file from the authors' repository as it is, or name a protocol of your own");
}

}  // namespace

std::vector<Item> read_items(std::string_view text, const std::string& source) {
  return read(text, source, true);
}

std::vector<Item> read_uge_items(std::string_view text, const std::string& source) {
  return read(text, source, false);
}

void expect_published_items(std::string_view text, const std::string& source) {
  expect_digest(text, source, "basic_edit.json", kBasic);
}

void expect_published_uge_items(std::string_view text, const std::string& source) {
  expect_digest(text, source, "UGE_edit.json", kUge);
}

}  // namespace umm::imgedit
