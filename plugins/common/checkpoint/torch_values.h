// What the few names mean that torch.save imports: dictionaries, tensors over storages, and nothing else.
#pragma once

#include <string>
#include <vector>

#include "checkpoint/pickle.h"

namespace umm::checkpoint {

bool is_known_global(const std::string& name);

// The value that calling `name` with these arguments stands for; nothing is called.
PickledValue value_of_call(const PickledDocument& document, const std::string& name,
                           const std::vector<ValueId>& arguments);

// ("storage", type, key, device, number of elements[, view]) as torch.save names the bytes of a tensor.
PickledStorage storage_of(const PickledDocument& document, const std::vector<ValueId>& items);

}  // namespace umm::checkpoint
