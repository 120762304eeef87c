#include "train/device.h"

#include <ATen/ATen.h>
#include <dlfcn.h>

#include <charconv>
#include <filesystem>

#include "cuda/cuda_driver.h"
#include "umm/error.h"
#include "umm/log.h"

namespace umm {
namespace {

namespace fs = std::filesystem;

fs::path torch_folder() {
  Dl_info info{};
  const bool found =
      dladdr(reinterpret_cast<const void*>(&at::get_num_threads), &info) != 0 && info.dli_fname;
  return found ? fs::path(info.dli_fname).parent_path() : fs::path();
}

// "" if the CUDA backend is loaded and sees a device, else what is missing.
std::string load_cuda() {
  if (cuda_driver_device_count() == 0) {
    return "no NVIDIA driver answers with a device (libcuda.so.1, CUDA_VISIBLE_DEVICES)";
  }
  const fs::path backend = torch_folder() / "libtorch_cuda.so";
  if (!fs::exists(backend)) return backend.string() + " is not there";
  if (!dlopen(backend.c_str(), RTLD_NOW | RTLD_GLOBAL)) {
    const std::string reason = dlerror();
    log_warning("a GPU is there, but " + backend.string() + " cannot be loaded: " + reason);
    return reason;
  }
  if (!at::hasCUDA() || at::detail::getCUDAHooks().deviceCount() == 0) {
    return "LibTorch's CUDA backend is loaded but sees no device";
  }
  return "";
}

const std::string& cuda_problem() {
  static const std::string problem = load_cuda();
  return problem;
}

}  // namespace

c10::Device choose_device(const std::string& name) {
  if (name == "cpu") return {c10::kCPU};
  if (name == "auto") return cuda_problem().empty() ? c10::Device(c10::kCUDA, 0) : c10::Device(c10::kCPU);
  int index = 0;
  const bool numbered = name.starts_with("cuda:");
  if (numbered) {
    const char* end = name.data() + name.size();
    const auto parsed = std::from_chars(name.data() + 5, end, index);
    UMM_CHECK_INPUT(parsed.ec == std::errc() && parsed.ptr == end && index >= 0, "device \"", name,
                    "\": expected cuda:N with a number from 0");
  }
  UMM_CHECK_INPUT(numbered || name == "cuda", "device \"", name, "\": expected auto, cpu or cuda:N");
  UMM_CHECK_INPUT(cuda_problem().empty(), "device \"", name, "\" cannot be used: ", cuda_problem(),
                  "; use \"cpu\" or \"auto\", or install what is missing");
  const int count = at::detail::getCUDAHooks().deviceCount();
  UMM_CHECK_INPUT(index < count, "device \"", name, "\": this machine has ", count,
                  " CUDA devices, numbered from 0");
  return {c10::kCUDA, static_cast<c10::DeviceIndex>(index)};
}

c10::ScalarType precision_dtype(const std::string& precision) {
  if (precision == "fp32") return at::kFloat;
  UMM_CHECK_INPUT(precision == "bf16", "unknown precision \"", precision, "\", expected fp32 or bf16");
  return at::kBFloat16;
}

void place_model(Architecture& model, const c10::Device& device, c10::ScalarType dtype) {
  const at::NoGradGuard no_grad;
  for (auto& parameter : model.parameters()) {
    Tensor& value = parameter.value;
    const auto wanted = value.is_floating_point() ? dtype : value.scalar_type();
    value.mutable_grad() = Tensor();
    value.set_data(value.detach().to(device, wanted));
  }
}

}  // namespace umm
