#include "serve/admission.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <sys/random.h>

#include "umm/error.h"

namespace umm {

bool is_loopback(const std::string& address) {
  if (address == "localhost") return true;
  in_addr four{};
  if (inet_pton(AF_INET, address.c_str(), &four) == 1) return ntohl(four.s_addr) >> 24 == 127;
  in6_addr six{};
  return inet_pton(AF_INET6, address.c_str(), &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

std::string random_token() {
  unsigned char bytes[16];
  UMM_CHECK(getrandom(bytes, sizeof bytes, 0) == sizeof bytes, "the system gives no random numbers");
  std::string token;
  for (const unsigned char byte : bytes) token += fmt::format("{:02x}", byte);
  return token;
}

bool equal_secrets(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (size_t i = 0; i < a.size(); ++i)
    difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
  return difference == 0;
}

std::string host_name(std::string_view host_header) {
  if (host_header.starts_with('[')) return std::string(host_header.substr(1, host_header.find(']') - 1));
  return std::string(host_header.substr(0, host_header.find(':')));
}

bool names_this_machine(std::string_view host_header) {
  return is_loopback(host_name(host_header));
}

std::string cookie(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    const size_t end = header.find(';');
    std::string_view one = header.substr(0, end);
    header = end == std::string_view::npos ? "" : header.substr(end + 1);
    while (one.starts_with(' ')) one.remove_prefix(1);
    if (one.size() > name.size() && one.starts_with(name) && one[name.size()] == '=')
      return std::string(one.substr(name.size() + 1));
  }
  return "";
}

}  // namespace umm
