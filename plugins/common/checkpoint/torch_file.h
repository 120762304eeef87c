// Files of torch.save: a pickled state dict over storages, which the two containers keep in their own ways.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "checkpoint/pickle.h"
#include "umm/checkpoint.h"

namespace umm::checkpoint {

class TorchFile : public TensorFile {
 public:
  const std::vector<TensorInfo>& tensors() const override { return infos_; }

  // Contiguous. The storage read last is kept, as neighbours in a file often share one.
  Tensor read(size_t index) override;

 protected:
  // `path` is for messages only.
  TorchFile(std::string path, const PickledDocument& document);

  virtual Tensor read_storage(const PickledStorage& storage) = 0;  // one-dimensional

  const std::string path_;

 private:
  std::vector<TensorInfo> infos_;
  std::vector<PickledTensor> stored_;
  std::string last_key_;
  Tensor last_storage_;
};

// Zip archives with stored entries, since torch 1.6.
std::unique_ptr<TensorFile> open_torch_zip(const std::string& path);

// A stream of pickles and then the storages, until torch 1.6.
std::unique_ptr<TensorFile> open_torch_stream(const std::string& path);

}  // namespace umm::checkpoint
