#include "checkpoint/pickle.h"
#include "checkpoint/state_dict.h"
#include "umm/error.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  try {
    const auto document = umm::checkpoint::read_pickle({reinterpret_cast<const char*>(data), size});
    umm::checkpoint::state_dict_of(document);
  } catch (const umm::InputError&) {
  }
  return 0;
}
