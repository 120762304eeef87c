#include "spec/identity.h"

namespace umm {

std::string canonical_text(const Options& options) {
  std::string text;
  for (const auto& [name, value] : options.values()) text += name + " = " + to_text(value) + "\n";
  return text;
}

}  // namespace umm

namespace umm::spec {
namespace {

// Raised when the program itself trains, samples or scores differently, so that nothing older is reused.
constexpr const char* kProgramVersion = "ummbench 1";

std::string quoted(const std::string& text) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      result += {'\\', c};
    } else if (static_cast<unsigned char>(c) < 0x20) {
      result += {'\\', 'x', kDigits[c >> 4], kDigits[c & 15]};
    } else {
      result += c;
    }
  }
  return result + "\"";
}

}  // namespace

void Canonical::add(const std::string& key, const OptionValue& value) {
  const auto* text = std::get_if<std::string>(&value);
  lines_[key] = text == nullptr ? to_text(value) : quoted(*text);
}

void Canonical::add_list(const std::string& key, const std::vector<std::string>& values) {
  std::string joined;
  for (const std::string& value : values) joined += (joined.empty() ? "" : ", ") + quoted(value);
  lines_[key] = "[" + joined + "]";
}

void Canonical::add_options(const std::string& key, const Options& options,
                            const std::map<std::string, std::string>& path_hashes) {
  for (const auto& [name, value] : options.values()) {
    const auto hash = path_hashes.find(name);
    add(key + "." + name, hash == path_hashes.end() ? value : OptionValue("sha256:" + hash->second));
  }
}

void Canonical::add_plugin(const std::string& key, const BoundPlugin& plugin, bool with_library) {
  add(key, plugin.use.id);
  if (with_library) add(key + " library", plugin.library_hash);
  add_options(key, plugin.use.options, plugin.path_hashes);
  for (const auto& [name, text] : plugin.unseen) add(key + "." + name, text);
}

std::string Canonical::text() const {
  std::string text;
  for (const auto& [key, value] : lines_) text += key + " = " + value + "\n";
  return text;
}

Canonical starting_point(const BoundPlugin& architecture, const std::string& base_hash,
                         const uint64_t* seed) {
  Canonical canonical;
  canonical.add("program", std::string(kProgramVersion));
  canonical.add_plugin("architecture", architecture, true);
  canonical.add("base", base_hash);
  if (seed != nullptr) canonical.add("seed", static_cast<int64_t>(*seed));
  return canonical;
}

}  // namespace umm::spec
