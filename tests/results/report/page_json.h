// The JSON that a page holds.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>

namespace umm::results {

// The content of each JSON element, by id.
inline std::map<std::string, nlohmann::json> json_of(const std::string& page) {
  std::map<std::string, nlohmann::json> elements;
  const std::string start = "<script type=\"application/json\" id=\"";
  for (size_t at = 0; (at = page.find(start, at)) != std::string::npos;) {
    at += start.size();
    const size_t quote = page.find('"', at), from = quote + 2, to = page.find("</script>", from);
    elements[page.substr(at, quote - at)] = nlohmann::json::parse(page.substr(from, to - from));
    at = to;
  }
  return elements;
}

}  // namespace umm::results
