// Protocols: a file says how scores are made, so that all specs that name it make the same.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "spec/experiment.h"
#include "spec/settings.h"

namespace umm::spec {

struct Context;

// The protocols that were read, each once. Their settings are laid over those of the spec.
struct Protocols {
  struct File {
    std::string text = {};
    Entry table = {};  // [protocol]
    std::vector<ProtocolAnchor> anchors = {};
    bool sound = false;
  };

  std::map<std::pair<std::string, std::string>, std::string> paths = {};  // by folder that names it, and name
  std::map<std::string, File> files = {};                                 // by path
  std::map<std::pair<std::string, std::string>, Settings> settings = {};  // by path and table
  SettingStore store = {};
};

// What the protocol that `named` gives says under `table` ("eval.geneval"): never nothing. nullptr: reported
// (S113, S131, or what is wrong in the file, at its place there).
const Settings* protocol_settings(Context& context, const Setting& named, const std::string& table);

// The published scores of a protocol that was read without fault; `named` as above.
const std::vector<ProtocolAnchor>& protocol_anchors(Context& context, const Setting& named);

// Whether `key` of an evaluation is the spec's own even where a protocol is named: "sampling.steps".
bool stands_beside_protocol(const std::string& key);

}  // namespace umm::spec
