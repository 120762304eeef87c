// ELF64 layout: System V ABI, "Object Files". Every offset is checked against the file's size
// before it is used.
#include "loader/identity.h"

#include <elf.h>

#include <cstring>
#include <fstream>
#include <sstream>
#include <vector>

#include "umm/build_identity.h"
#include "umm/error.h"

namespace umm {
namespace {

constexpr const char* kMagic = "UMMPLUG1\n";

std::string read_whole(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  UMM_CHECK_INPUT(in.is_open(), "P001 ", file.string(), ": cannot be opened");
  std::ostringstream content;
  content << in.rdbuf();
  return content.str();
}

template <typename Record>
bool copy_record(const std::string& bytes, uint64_t offset, Record& record) {
  if (offset > bytes.size() || bytes.size() - offset < sizeof(Record)) return false;
  std::memcpy(&record, bytes.data() + offset, sizeof(Record));
  return true;
}

// Contents of the section `name`, or "" where the file has none or its tables are damaged.
std::string find_section(const std::string& bytes, const Elf64_Ehdr& header, const std::string& name) {
  Elf64_Shdr names{};
  if (header.e_shentsize != sizeof(Elf64_Shdr) ||
      !copy_record(bytes, header.e_shoff + uint64_t{header.e_shstrndx} * sizeof(Elf64_Shdr), names)) {
    return "";
  }
  for (uint64_t index = 0; index < header.e_shnum; ++index) {
    Elf64_Shdr section{};
    if (!copy_record(bytes, header.e_shoff + index * sizeof(Elf64_Shdr), section)) return "";
    const uint64_t at = names.sh_offset + section.sh_name;
    if (at >= bytes.size() || bytes.compare(at, name.size() + 1, name.c_str(), name.size() + 1) != 0)
      continue;
    if (section.sh_offset > bytes.size() || bytes.size() - section.sh_offset < section.sh_size) return "";
    return bytes.substr(section.sh_offset, section.sh_size);
  }
  return "";
}

Identity parse_identity(const std::string& text) {
  Identity identity;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const auto equals = line.find('=');
    if (equals != std::string::npos) identity[line.substr(0, equals)] = line.substr(equals + 1);
  }
  return identity;
}

}  // namespace

Identity read_identity(const std::filesystem::path& file) {
  const std::string bytes = read_whole(file);
  Elf64_Ehdr header{};
  UMM_CHECK_INPUT(copy_record(bytes, 0, header) && std::memcmp(header.e_ident, ELFMAG, SELFMAG) == 0 &&
                      header.e_ident[EI_CLASS] == ELFCLASS64 && header.e_machine == EM_X86_64 &&
                      header.e_type == ET_DYN,
                  "P001 ", file.string(), ": not a shared library for this machine (64-bit x86-64 ELF)");
  std::string text = find_section(bytes, header, "umm_plugin_meta");
  text = text.c_str();  // up to the NUL
  UMM_CHECK_INPUT(text.rfind(kMagic, 0) == 0, "P002 ", file.string(),
                  ": carries no ummbench identity; build it with umm_add_plugin()");
  return parse_identity(text);
}

Identity host_identity() {
  return parse_identity(UMM_BUILD_IDENTITY_TEXT);
}

std::string identity_mismatch(const Identity& plugin, const Identity& host) {
  std::string lines;
  for (const auto& [key, expected] : host) {
    const auto found = plugin.find(key);
    const std::string value = found == plugin.end() ? "(absent)" : found->second;
    if (value != expected) lines += detail::concat("  ", key, ": plugin ", value, ", host ", expected, "\n");
  }
  return lines;
}

}  // namespace umm
