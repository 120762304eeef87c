#include "checkpoint/torch_values.h"

#include <algorithm>
#include <optional>

#include "umm/error.h"

namespace umm::checkpoint {
namespace {

constexpr const char* kOrderedDict = "collections.OrderedDict";
constexpr const char* kRebuildTensor = "torch._utils._rebuild_tensor_v2";
constexpr const char* kRebuildParameter = "torch._utils._rebuild_parameter";

// Values may be used many times over, so what a tensor copies of them is bounded.
constexpr size_t kMaxDimensions = 64, kMaxKeyLength = 256;

struct StorageType {
  const char* name;
  at::ScalarType dtype;
};
constexpr StorageType kStorageTypes[] = {
    {"torch.FloatStorage", at::kFloat},       {"torch.HalfStorage", at::kHalf},
    {"torch.BFloat16Storage", at::kBFloat16}, {"torch.DoubleStorage", at::kDouble},
    {"torch.LongStorage", at::kLong},         {"torch.IntStorage", at::kInt},
    {"torch.ShortStorage", at::kShort},       {"torch.CharStorage", at::kChar},
    {"torch.ByteStorage", at::kByte},         {"torch.BoolStorage", at::kBool}};

std::optional<at::ScalarType> dtype_of_storage(const std::string& global) {
  for (const auto& type : kStorageTypes)
    if (global == type.name) return type.dtype;
  return std::nullopt;
}

template <typename T>
const T& as(const PickledDocument& document, ValueId id, const char* wanted) {
  const auto* found = document.get<T>(id);
  UMM_CHECK_INPUT(found != nullptr, "expected ", wanted, ", found another kind of value");
  return *found;
}

std::vector<int64_t> integers(const PickledDocument& document, ValueId id) {
  const auto& items = as<PickledSequence>(document, id, "a tuple of integers").items;
  UMM_CHECK_INPUT(items.size() <= kMaxDimensions, "a tensor of ", items.size(), " dimensions");
  std::vector<int64_t> values;
  for (const ValueId item : items) values.push_back(as<int64_t>(document, item, "an integer"));
  return values;
}

// Whether every element lies within the storage. An expanded tensor may be larger than its storage; weights
// are not, so that memory stays bounded.
bool is_within_storage(const PickledTensor& tensor) {
  const auto available = tensor.storage.num_elements;
  const auto& shape = tensor.shape;
  if (shape.size() != tensor.stride.size() || tensor.offset < 0 || tensor.offset > available) return false;
  const auto is_negative = [](int64_t value) { return value < 0; };
  if (std::any_of(shape.begin(), shape.end(), is_negative) ||
      std::any_of(tensor.stride.begin(), tensor.stride.end(), is_negative))
    return false;
  if (std::find(shape.begin(), shape.end(), 0) != shape.end()) return true;
  int64_t last = tensor.offset, count = 1;
  for (size_t i = 0; i < shape.size(); ++i) {
    int64_t reach = 0;
    if (__builtin_mul_overflow(count, shape[i], &count) || count > available ||
        __builtin_mul_overflow(shape[i] - 1, tensor.stride[i], &reach) ||
        __builtin_add_overflow(last, reach, &last))
      return false;
  }
  return last < available;
}

// Arguments: storage, offset, size, stride, requires_grad, backward hooks.
PickledTensor tensor(const PickledDocument& document, const std::vector<ValueId>& arguments) {
  UMM_CHECK_INPUT(arguments.size() >= 4, "a tensor of ", arguments.size(), " arguments, expected 6");
  PickledTensor tensor{.storage = as<PickledStorage>(document, arguments[0], "a storage"),
                       .offset = as<int64_t>(document, arguments[1], "an integer"),
                       .shape = integers(document, arguments[2]),
                       .stride = integers(document, arguments[3])};
  UMM_CHECK_INPUT(is_within_storage(tensor), "a tensor reaches beyond its storage of ",
                  tensor.storage.num_elements, " elements");
  return tensor;
}

}  // namespace

bool is_known_global(const std::string& name) {
  return name == kOrderedDict || name == kRebuildTensor || name == kRebuildParameter ||
         dtype_of_storage(name).has_value();
}

PickledValue value_of_call(const PickledDocument& document, const std::string& name,
                           const std::vector<ValueId>& arguments) {
  if (name == kOrderedDict) {
    UMM_CHECK_INPUT(arguments.empty(), "refused: a dictionary that is made from a list");
    return PickledDict{};
  }
  if (name == kRebuildTensor) return tensor(document, arguments);
  UMM_CHECK_INPUT(name == kRebuildParameter, "refused: it calls `", name, "`; nothing was executed");
  UMM_CHECK_INPUT(!arguments.empty(), "a parameter without its tensor");
  return as<PickledTensor>(document, arguments[0], "a tensor");
}

PickledStorage storage_of(const PickledDocument& document, const std::vector<ValueId>& items) {
  UMM_CHECK_INPUT(items.size() >= 5 && as<std::string>(document, items[0], "text") == "storage",
                  "refused: a persistent object that is not a storage");
  const auto& type = as<PickledGlobal>(document, items[1], "a storage type").name;
  const auto dtype = dtype_of_storage(type);
  UMM_CHECK_INPUT(dtype, "refused: a storage of type `", type, "`");
  UMM_CHECK_INPUT(items.size() == 5 || document.get<std::monostate>(items[5]),
                  "refused: a storage that is a view of another");
  const PickledStorage storage{.key = as<std::string>(document, items[2], "text"),
                               .dtype = *dtype,
                               .num_elements = as<int64_t>(document, items[4], "an integer")};
  UMM_CHECK_INPUT(storage.key.size() <= kMaxKeyLength, "a storage key of ", storage.key.size(), " bytes");
  UMM_CHECK_INPUT(storage.num_elements >= 0 && storage.num_elements < (int64_t{1} << 56), "a storage of ",
                  storage.num_elements, " elements");
  return storage;
}

}  // namespace umm::checkpoint
