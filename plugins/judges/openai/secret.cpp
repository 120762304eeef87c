#include "secret.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "umm/error.h"

namespace umm::openai {

namespace {

using Json = nlohmann::json;

std::string without_ill_formed(const std::string& text) {
  return Json::parse(Json(text).dump(-1, ' ', false, Json::error_handler_t::ignore)).get<std::string>();
}

}  // namespace

Secret::Secret(std::string key) : key_(std::move(key)) {
  const bool sendable = std::all_of(key_.begin(), key_.end(), [](char c) { return c > ' ' && c < 127; });
  UMM_CHECK_INPUT(sendable,
                  "the judge's key: expected printable ASCII without spaces, found another character");
}

std::string Secret::scrub(std::string text) const {
  if (key_.size() < kShortest) return text;
  for (size_t at = text.find(key_); at != std::string::npos; at = text.find(key_, at))
    text.replace(at, key_.size(), "***");
  return text;
}

std::string excerpt(const std::string& text, const Secret& secret) {
  constexpr size_t kLongest = 300;
  std::string line = secret.scrub(without_ill_formed(text));  // what is taken out may stand within the key
  for (char& c : line)
    if (static_cast<unsigned char>(c) < ' ' || c == 127) c = ' ';
  if (line.size() > kLongest) line = line.substr(0, kLongest) + "...";
  return without_ill_formed(line);
}

}  // namespace umm::openai
