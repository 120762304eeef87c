// Where requests go.
#pragma once

#include <string>

namespace umm::openai {

struct Endpoint {
  std::string url = {};     // of chat completions
  std::string shown = {};   // the same without query, for messages
  bool is_azure = false;    // the key goes into a header of its own
  bool is_private = false;  // encrypted, or on this machine
};

// `base`: "https://api.openai.com/v1"; of Azure, up to the deployment, with its "?api-version=...".
// InputError where it is no URL, or holds a user name.
Endpoint endpoint_of(const std::string& base);

}  // namespace umm::openai
