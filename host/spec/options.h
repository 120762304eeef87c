// Values against a schema: a plugin's options and the spec's own tables are checked alike.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "spec/context.h"
#include "umm/options.h"

namespace umm::spec {

struct BoundOptions {
  Options options;                                 // misfits are reported and keep their defaults
  std::map<std::string, std::string> path_hashes;  // path options that are not empty -> content hash
  std::map<std::string, std::string> unseen;       // an awaited preset, where the options have the default
};

// `declared_by` names the plugin in messages; "" for the spec's own keys.
BoundOptions bind_options(Context& context, Merged& settings, const std::string& table,
                          const OptionSchema& schema, const std::string& declared_by = "");

// Reports S107 unless `key` is set; `at` is where to point if its whole table is absent.
bool require_key(Context& context, Merged& settings, const std::string& key, Position at);

// nullopt: not set, or reported as not text.
std::optional<std::string> bind_text(Context& context, Merged& settings, const std::string& key);

// Empty where it is not set, which `otherwise` tells of. What is no text is reported and left out.
std::vector<std::string> bind_text_list(Context& context, Merged& settings, const std::string& key,
                                        const std::string& otherwise = "[]");
std::vector<std::string> bind_text_list(Context& context, const Value& value, const std::string& key);

// A file or folder relative to that of the file which names it; it must exist (S131) or be awaited. Its
// content hash, or kAwaited, goes to `hash`.
std::string bind_path(Context& context, const std::string& path, const Setting* setting, std::string& hash);

// S131: `what` is "file" or "file or folder".
void report_absent_file(Context& context, const Position& at, const std::string& what,
                        const std::string& path);

// S122: `value` is none of what there is to choose from.
void report_choice(Context& context, const Position& at, const std::string& key, const std::string& value,
                   const std::vector<std::string>& choices, const std::string& note = "");

void report_type(Context& context, const Value& value, const std::string& key, const std::string& expected);

}  // namespace umm::spec
