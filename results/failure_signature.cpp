#include "results/failure_signature.h"

#include <fmt/format.h>
#include <zlib.h>

#include <regex>

namespace umm::results {

constexpr size_t kMostBytes = 4096;  // that are looked at: std::regex takes stack for each

std::string failure_signature(const std::string& error) {
  static const std::regex path("(/[^\\s:,\"']+)+"), address("0x[0-9a-fA-F]+"),
      number("[0-9]+(\\.[0-9]+)?(e[-+]?[0-9]+)?");
  std::string text = std::regex_replace(error.substr(0, kMostBytes), address, "#");
  text = std::regex_replace(text, path, "/...");
  text = std::regex_replace(text, number, "#");
  return fmt::format("{:08x}", crc32_z(0, reinterpret_cast<const unsigned char*>(text.data()), text.size()));
}

}  // namespace umm::results
