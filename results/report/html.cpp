#include "results/report/html.h"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <algorithm>
#include <cmath>

namespace umm::results {

std::string json_element(const std::string& id, const std::string& json) {
  std::string out = fmt::format("<script type=\"application/json\" id=\"{}\">", escaped_html(id));
  out.reserve(out.size() + json.size() + 16);
  for (const char c : json) {
    if (c == '<')
      out += "\\u003c";
    else
      out += c;
  }
  return out + "</script>\n";
}

std::string base64(std::string_view bytes) {
  static constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t group = 0;
    for (size_t k = 0; k < 3; ++k)
      group = group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (size_t k = 0; k < 4; ++k) out += i + k > bytes.size() ? '=' : kDigits[group >> (18 - 6 * k) & 63];
  }
  return out;
}

std::string policy_hash(std::string_view text) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
  return "'sha256-" + base64({reinterpret_cast<const char*>(digest), sizeof digest}) + "'";
}

std::string encoded_path(const std::string& path) {
  std::string out;
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-_.~/").find(c) != std::string_view::npos;
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

std::string number_text(double value) {
  if (value == 0 || !std::isfinite(value)) return fmt::format("{}", value);
  const int decimals = std::clamp(2 - static_cast<int>(std::floor(std::log10(std::abs(value)))), 0, 6);
  std::string text = fmt::format("{:.{}f}", value, decimals);
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
  }
  return text;
}

std::string sorted_header(const std::string& text, bool number) {
  return fmt::format("<th scope=\"col\" class=\"{}\" data-sort>{}</th>", number ? "n" : "",
                     escaped_html(text));
}

std::string text_cell(const std::string& text) {
  return "<td>" + escaped_html(text) + "</td>";
}

std::string number_cell(double value, const std::string& html) {
  return fmt::format("<td class=\"n\" data-v=\"{:.9g}\">{}</td>", value, html);
}

std::string sortable_table(const std::string& name, const std::string& head, const std::string& rows,
                           const std::string& more_classes) {
  return fmt::format(
      "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{}\"><table class=\"sortable{}\">"
      "<thead><tr>{}</tr></thead><tbody>\n{}</tbody></table></div>\n",
      escaped_html(name), more_classes.empty() ? "" : " " + more_classes, head, rows);
}

std::string folded_text(const std::string& title, const std::string& text) {
  return fmt::format("<details><summary>{}</summary><pre tabindex=\"0\">{}</pre></details>\n", title,
                     escaped_html(text));
}

}  // namespace umm::results
