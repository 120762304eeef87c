// [awaits]: what a spec needs and knows not to be here yet. A run that needs some of it is checked as far as
// it can be, and cannot start.
#pragma once

#include <string>
#include <vector>

#include "spec/files.h"
#include "spec/settings.h"

namespace umm::spec {

struct Context;

// Stands in canonical texts where the hash of what is awaited would; a file's path from
// the spec's folder follows it.
inline constexpr const char* kAwaited = "awaited";

struct Awaited {
  std::string text;  // as it is written
  Position at;
  std::string path;     // of a file: as bind_path() gives it
  bool needed = false;  // some run asks for it, and it is not here
  bool named = false;   // something in the spec is called so
};

struct Awaits {
  std::vector<Awaited> plugins, files, presets;
  bool everything = false;  // what is not here is awaited without being named; only some runs are wanted
  Awaited unnamed = {};

  // The entry for what some run asks for and is not here, from now on `needed`; nullptr: none.
  const Awaited* need_plugin(const std::string& id);
  const Awaited* need_file(const std::string& path);  // it, or a folder above it
  const Awaited* need_preset(const std::string& plugin, const std::string& value);
};

// Reads the tables of all files: their lists add up.
void read_awaits(Context& context, const std::vector<SpecFile>& files);

// After all runs were bound: which entries some setting may be called by, then what they name in vain: S133
// where nothing is called so, S204 where it is here by now.
void note_awaited_names(Context& context, const SettingStore& store);
void check_awaits(Context& context);

}  // namespace umm::spec
