#include "loader/elf_file.h"

#include <elf.h>

#include <cstring>

namespace umm {
namespace {

template <typename Record>
std::optional<Record> record_at(std::string_view bytes, uint64_t offset) {
  if (offset > bytes.size() || bytes.size() - offset < sizeof(Record)) return std::nullopt;
  Record record;
  std::memcpy(&record, bytes.data() + offset, sizeof(Record));
  return record;
}

// NUL-terminated text in a table of names; "" outside of it.
std::string_view name_at(std::string_view table, uint64_t offset) {
  if (offset >= table.size()) return "";
  const auto end = table.find('\0', offset);
  return end == std::string_view::npos ? "" : table.substr(offset, end - offset);
}

}  // namespace

// The section headers stand at the end: where they are cut off, so is the file.
std::optional<ElfFile> ElfFile::parse(std::string bytes) {
  const auto header = record_at<Elf64_Ehdr>(bytes, 0);
  if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
      header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_machine != EM_X86_64 || header->e_type != ET_DYN ||
      header->e_shentsize != sizeof(Elf64_Shdr) || header->e_shoff > bytes.size())
    return std::nullopt;
  const auto section_at = [&](uint64_t index) {
    return record_at<Elf64_Shdr>(bytes, header->e_shoff + index * sizeof(Elf64_Shdr));
  };
  const auto content = [&](const Elf64_Shdr& section) -> std::string_view {
    if (section.sh_type == SHT_NOBITS || section.sh_offset > bytes.size()) return "";
    const auto rest = std::string_view(bytes).substr(section.sh_offset);
    return section.sh_size > rest.size() ? "" : rest.substr(0, section.sh_size);
  };
  ElfFile file;
  const auto table = section_at(header->e_shstrndx);
  for (uint64_t index = 0; index < header->e_shnum; ++index) {
    const auto section = section_at(index);
    if (!table || !section) return std::nullopt;
    if (content(*section).empty()) continue;
    file.sections_.emplace(name_at(content(*table), section->sh_name),
                           Extent{section->sh_offset, section->sh_size});
  }
  file.bytes_ = std::move(bytes);
  return file;
}

std::string_view ElfFile::section(std::string_view name) const {
  const auto found = sections_.find(name);
  if (found == sections_.end()) return "";
  return std::string_view(bytes_).substr(found->second.offset, found->second.size);
}

std::vector<std::string> ElfFile::needed_libraries() const {
  const std::string_view entries = section(".dynamic"), names = section(".dynstr");
  std::vector<std::string> libraries;
  for (uint64_t at = 0; const auto entry = record_at<Elf64_Dyn>(entries, at); at += sizeof(Elf64_Dyn)) {
    if (entry->d_tag == DT_NULL) break;
    if (entry->d_tag == DT_NEEDED) libraries.emplace_back(name_at(names, entry->d_un.d_val));
  }
  return libraries;
}

std::vector<std::string> ElfFile::exported_symbols() const {
  const std::string_view symbols = section(".dynsym"), names = section(".dynstr");
  std::vector<std::string> exported;
  for (uint64_t at = 0; const auto symbol = record_at<Elf64_Sym>(symbols, at); at += sizeof(Elf64_Sym)) {
    if (symbol->st_shndx != SHN_UNDEF && ELF64_ST_BIND(symbol->st_info) == STB_GLOBAL)
      exported.emplace_back(name_at(names, symbol->st_name));
  }
  return exported;
}

std::vector<std::string> ElfFile::imported_symbols() const {
  const std::string_view symbols = section(".dynsym"), names = section(".dynstr");
  std::vector<std::string> imported;
  for (uint64_t at = 0; const auto symbol = record_at<Elf64_Sym>(symbols, at); at += sizeof(Elf64_Sym)) {
    if (symbol->st_shndx == SHN_UNDEF) imported.emplace_back(name_at(names, symbol->st_name));
  }
  return imported;
}

}  // namespace umm
