#include "file_in_memory.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  umm::read_all(data, size,
                [](const std::string& path) { return std::make_shared<umm::SafetensorsFile>(path); });
  return 0;
}
