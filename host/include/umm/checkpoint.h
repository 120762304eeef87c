// Weights on disk. The harness writes safetensors and nothing else; readers of other formats are TensorFiles
// of the shared blocks: checkpoint/tensor_file.h.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "umm/tensor.h"
#include "umm/version.h"

namespace umm {

using Metadata = std::map<std::string, std::string>;

// What a file says of a tensor before its numbers are read.
struct TensorInfo {
  std::string name;
  at::ScalarType dtype = at::kFloat;
  std::vector<int64_t> shape;
};

// A file (or several that belong together) of named tensors, of which only the names have been read.
class UMM_API TensorFile {
 public:
  virtual ~TensorFile();
  virtual const std::vector<TensorInfo>& tensors() const = 0;  // in file order
  virtual Tensor read(size_t index) = 0;  // on the CPU; throws Error on an index out of range
};

// A safetensors file mapped into memory. What read() gives aliases it, privately: writing to a tensor changes
// no file, and tensors may outlive this object.
// Throws InputError that names the file and what is wrong (truncated, header too long, overlapping ranges,
// unknown dtype, ...). Executes nothing, trusts no length.
class UMM_API SafetensorsFile final : public TensorFile {
 public:
  explicit SafetensorsFile(const std::string& path);

  const std::vector<TensorInfo>& tensors() const override { return tensors_; }
  Tensor read(size_t index) override;
  const Metadata& metadata() const { return metadata_; }

 private:
  std::string path_;
  std::vector<TensorInfo> tensors_;
  std::vector<uint64_t> begins_;  // bytes from the file's start
  Metadata metadata_;
  std::shared_ptr<void> mapping_;
};

// Copies the tensors of files into those of a model: all of them, or none.
//   WeightLoader loader;
//   loader.add("model.safetensors", file, targets);
//   UMM_CHECK_INPUT(loader.problems().empty(), ...);
//   loader.copy();
class UMM_API WeightLoader {
 public:
  // The name in the model of a tensor in the file; "" for one that the model does without.
  using KeyMap = std::function<std::string(const std::string& key)>;

  // Matches by name; adds a line to problems() for each tensor that is missing, unexpected, of another shape
  // or of another kind of number. `path` is what messages call the file.
  void add(const std::string& path, std::shared_ptr<TensorFile> file, const std::vector<NamedTensor>& targets,
           const KeyMap& key_map = nullptr);
  void add_problem(std::string problem) { problems_.push_back(std::move(problem)); }

  const std::vector<std::string>& problems() const { return problems_; }

  // Reads one tensor at a time, converted to its target's dtype and device. Throws Error on problems.
  void copy();

 private:
  struct Copy {
    std::shared_ptr<TensorFile> file;
    size_t index = 0;
    Tensor target;
  };
  std::vector<Copy> copies_;
  std::vector<std::string> problems_;
};

// All of a file's tensors in file order, each in memory of its own.
UMM_API std::vector<NamedTensor> read_safetensors(const std::string& path, Metadata* metadata = nullptr);

// Written beside the target, synced, then renamed: complete or absent. Bytes depend on the arguments only.
UMM_API void write_safetensors(const std::string& path, const std::vector<NamedTensor>& tensors,
                               const Metadata& metadata = {});

}  // namespace umm
