// What a shared library says of itself, read from its bytes: nothing of it runs, nothing is mapped. ELF64 as
// in the System V ABI, "Object Files". Every offset is checked against the file's size before it is used;
// tables that are damaged read as empty.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace umm {

class ElfFile {
 public:
  // Absent where the bytes are no shared library for this machine (64-bit x86-64).
  static std::optional<ElfFile> parse(std::string bytes);

  std::string_view section(std::string_view name) const;  // "" where there is none

  std::vector<std::string> needed_libraries() const;  // "libtorch_cpu.so", in the linker's order

  // Mangled names that the library exports with a definition of its own; weak ones (inline functions,
  // instances of templates) do not count.
  std::vector<std::string> exported_symbols() const;

  std::vector<std::string> imported_symbols() const;  // mangled names that others must define

 private:
  struct Extent {
    uint64_t offset = 0;
    uint64_t size = 0;
  };
  std::string bytes_;
  std::map<std::string, Extent, std::less<>> sections_;  // those that lie within the file
};

}  // namespace umm
