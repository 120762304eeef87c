#include <ATen/core/grad_mode.h>

#include <map>

#include "umm/checkpoint.h"
#include "umm/error.h"

namespace umm {
namespace {

const char* kind_of_number(at::ScalarType dtype) {
  if (at::isFloatingType(dtype)) return "floating point";
  return dtype == at::kBool ? "boolean" : "integer";
}

// What keeps this tensor of a file out of that one of a model; "" if nothing.
std::string misfit(const TensorInfo& info, const Tensor& target) {
  const at::IntArrayRef shape(info.shape);
  if (shape != target.sizes())
    return detail::concat(" has shape ", shape, ", the model has ", target.sizes());
  if (kind_of_number(info.dtype) != kind_of_number(target.scalar_type()))
    return detail::concat(" is ", kind_of_number(info.dtype), ", the model's is ",
                          kind_of_number(target.scalar_type()));
  return "";
}

}  // namespace

TensorFile::~TensorFile() = default;

void WeightLoader::add(const std::string& path, std::shared_ptr<TensorFile> file,
                       const std::vector<NamedTensor>& targets, const KeyMap& key_map) {
  std::map<std::string, const Tensor*> wanted;
  for (const auto& [name, tensor] : targets) wanted[name] = &tensor;
  std::map<std::string, std::string> keys;  // name in the model -> key in the file
  for (size_t i = 0; i < file->tensors().size(); ++i) {
    const TensorInfo& info = file->tensors()[i];
    const std::string name = key_map ? key_map(info.name) : info.name;
    if (name.empty()) continue;
    const auto target = wanted.find(name);
    if (target == wanted.end()) {
      add_problem(
          detail::concat(path, ": unexpected tensor `", info.name, "` ", at::IntArrayRef(info.shape)));
      continue;
    }
    const auto [first, is_new] = keys.emplace(name, info.name);
    if (!is_new) {
      add_problem(path + ": `" + first->second + "` and `" + info.name + "` are both the model's `" + name +
                  "`");
      continue;
    }
    if (const std::string problem = misfit(info, *target->second); !problem.empty())
      add_problem(path + ": `" + info.name + "`" + problem);
    copies_.push_back({file, i, *target->second});
  }
  for (const auto& [name, tensor] : wanted) {
    if (!keys.contains(name))
      add_problem(detail::concat(path, ": missing tensor `", name, "` ", tensor->sizes()));
  }
}

void WeightLoader::copy() {
  UMM_CHECK(problems_.empty(), "weights do not fit the model: ", problems_.size(),
            " problems were not looked at");
  const at::NoGradGuard no_gradient;
  for (auto& [file, index, target] : copies_) target.copy_(file->read(index));
}

}  // namespace umm
