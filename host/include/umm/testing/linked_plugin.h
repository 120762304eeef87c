// The one plugin whose sources are linked into a test program, without a library or a loader between.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "umm/plugin.h"

extern "C" const UmmPluginEntry umm_plugin_entry_v1;

// umm_add_plugin() writes it for a library; nothing reads it here. One source of a test includes this header.
extern "C" {
const char umm_plugin_meta_text[] = "linked into a test";
}

namespace umm::testing {

class EntryList : public Registry {
 public:
  void add(PluginEntry entry) override { entries.push_back(std::move(entry)); }
  std::vector<PluginEntry> entries;
};

inline const PluginEntry& linked_plugin() {
  static const PluginEntry entry = [] {
    EntryList list;
    umm_plugin_entry_v1.attach(&list);
    return list.entries.at(0);
  }();
  return entry;
}

inline std::unique_ptr<Method> linked_method(const std::map<std::string, OptionValue>& values = {}) {
  return linked_plugin().make_method(Options(linked_plugin().options, values));
}

inline std::unique_ptr<Evaluator> linked_evaluator(const std::vector<std::string>& records,
                                                   const std::map<std::string, OptionValue>& values = {}) {
  const PluginEntry& plugin = linked_plugin();
  return plugin.make_evaluator(Options(plugin.options, values),
                               {.records = records, .source = "prompts.jsonl"});
}

}  // namespace umm::testing
