// The tensors of a pickled state dict, whatever dictionaries it is wrapped in.
#pragma once

#include <string>
#include <vector>

#include "checkpoint/pickle.h"

namespace umm::checkpoint {

struct StateDictEntry {
  std::string name;
  const PickledTensor* tensor = nullptr;  // [borrowed from the document]
};

// Tensors of nested dictionaries, in order, by their keys joined with dots. Leaves of other kinds (step
// counts, options) are left out. Throws InputError unless the document is a dictionary.
UMM_API std::vector<StateDictEntry> state_dict_of(const PickledDocument& document);

}  // namespace umm::checkpoint
