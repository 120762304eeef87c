// The part of Python's pickle format (protocol 2) that torch.save needs for weights, read as data.
//
// A pickle is a program for a stack machine; unpickling runs it, importing modules and calling what it names.
// This reader calls nothing. It knows dictionaries, lists, tuples, numbers, texts, storages and tensors; any
// other opcode or imported name is refused, by its name.
#pragma once

#include <c10/core/ScalarType.h>

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "umm/version.h"

namespace umm::checkpoint {

// A value is known by its place in the document: values may be shared, and even hold themselves.
using ValueId = size_t;

struct PickledGlobal {
  std::string name;  // "collections.OrderedDict"
};

struct PickledSequence {
  std::vector<ValueId> items;
  bool is_tuple = false;
};

struct PickledDict {
  std::vector<std::pair<ValueId, ValueId>> items;
};

struct PickledStorage {
  std::string key;
  at::ScalarType dtype = at::kFloat;
  int64_t num_elements = 0;
};

struct PickledTensor {
  PickledStorage storage;
  int64_t offset = 0;  // elements
  std::vector<int64_t> shape, stride;
};

using PickledValue = std::variant<std::monostate, bool, int64_t, double, std::string, PickledSequence,
                                  PickledDict, PickledGlobal, PickledStorage, PickledTensor>;

struct PickledDocument {
  std::deque<PickledValue> values;
  ValueId root = 0;
  size_t num_bytes = 0;  // that it took of the input

  template <typename T>
  const T* get(ValueId id) const {
    return std::get_if<T>(&values[id]);
  }
};

// Reads one pickle from the front of `bytes`. Memory stays proportional to its length; every tensor lies
// within its storage. Throws InputError naming the byte and what is wrong or refused.
UMM_API PickledDocument read_pickle(std::string_view bytes);

}  // namespace umm::checkpoint
