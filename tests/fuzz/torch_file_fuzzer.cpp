// Zip archives and streams of torch.save, told apart by their first bytes.
#include "checkpoint/tensor_file.h"
#include "file_in_memory.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  umm::read_all(data, size, umm::checkpoint::open_tensor_file);
  return 0;
}
