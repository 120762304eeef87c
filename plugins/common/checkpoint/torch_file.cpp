#include "checkpoint/torch_file.h"

#include <ATen/ATen.h>

#include "checkpoint/state_dict.h"
#include "umm/error.h"

namespace umm::checkpoint {

TorchFile::TorchFile(std::string path, const PickledDocument& document) : path_(std::move(path)) {
  for (const auto& [name, tensor] : state_dict_of(document)) {
    infos_.push_back({name, tensor->storage.dtype, tensor->shape});
    stored_.push_back(*tensor);
  }
}

Tensor TorchFile::read(size_t index) {
  UMM_CHECK(index < stored_.size(), path_, ": tensor ", index, " of ", stored_.size());
  const PickledTensor& tensor = stored_[index];
  if (!last_storage_.defined() || last_key_ != tensor.storage.key ||
      last_storage_.scalar_type() != tensor.storage.dtype) {
    last_storage_ = Tensor();  // freed before the next is read
    last_storage_ = read_storage(tensor.storage);
    last_key_ = tensor.storage.key;
    UMM_CHECK_INPUT(last_storage_.numel() == tensor.storage.num_elements, path_, ": storage ", last_key_,
                    " holds ", last_storage_.numel(), " elements, expected ", tensor.storage.num_elements);
  }
  const Tensor view = last_storage_.as_strided(tensor.shape, tensor.stride, tensor.offset);
  return view.is_contiguous() ? view : view.contiguous();
}

}  // namespace umm::checkpoint
