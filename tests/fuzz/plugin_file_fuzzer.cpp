// What the loader reads of a plugin's file before anything of it may run.
#include "loader/elf_file.h"
#include "loader/identity.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto elf = umm::ElfFile::parse(std::string(reinterpret_cast<const char*>(data), size));
  if (!elf) return 0;
  elf->needed_libraries();
  elf->exported_symbols();
  elf->imported_symbols();
  umm::parse_identity(elf->section("umm_plugin_meta"));
  return 0;
}
