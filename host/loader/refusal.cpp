#include "loader/refusal.h"

#include <fmt/format.h>

namespace umm {

std::string Refusal::summary() const {
  std::string text = fmt::format("{}: {} {}", file.filename().string(), code, what);
  if (code == "P011")
    for (const auto& [label, value] : facts) text += fmt::format(", {} {}", label, value);
  return text;
}

std::string to_text(const Refusal& refusal) {
  std::string text = fmt::format("error[{}]: {}\n", refusal.code, refusal.what);
  const auto line = [&](const std::string& label, const std::string& value) {
    if (!value.empty()) text += fmt::format("  {:<7} {}\n", label, value);
  };
  const std::string name = refusal.plugin.empty() ? "" : "  (" + refusal.plugin + ")";
  line("plugin", refusal.file.string() + name);
  for (const auto& [label, value] : refusal.facts) line(label, value);
  line("fix", refusal.fix);
  line("note", refusal.has_run ? "" : "nothing from the plugin was executed");
  text.pop_back();
  return text;
}

}  // namespace umm
