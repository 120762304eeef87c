#include "meter/work_meter.h"

#include <ATen/core/List.h>
#include <ATen/core/Tensor.h>
#include <c10/core/Allocator.h>

#include <algorithm>
#include <string_view>

#include "umm/error.h"

namespace umm {
namespace {

thread_local double* counted_flops = nullptr;

const at::Tensor& tensor_at(c10::ArrayRef<const c10::IValue> values, size_t index) {
  return values.at(index).toTensor();
}

double product_flops(const at::Tensor& left, const at::Tensor& right) {
  return 2.0 * static_cast<double>(left.numel()) * static_cast<double>(right.size(-1));
}

// Each value on the side with the window's sums (the output; the input where transposed) is such a sum.
double convolution_flops(const at::Tensor& weight, double num_values) {
  return 2.0 * num_values * static_cast<double>(weight.numel() / weight.size(0));
}

// Query [B, H, L, D] against keys [B, H, S, D] and values [B, H, S, D].
double attention_flops(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value) {
  const auto pairs = static_cast<double>(query.numel() / query.size(-1)) * static_cast<double>(key.size(-2));
  return 2.0 * pairs * static_cast<double>(query.size(-1) + value.size(-1));
}

// What is known before the call.
double flops_of(std::string_view name, c10::ArrayRef<const c10::IValue> inputs) {
  if (name == "aten::mm" || name == "aten::bmm")
    return product_flops(tensor_at(inputs, 0), tensor_at(inputs, 1));
  if (name == "aten::addmm" || name == "aten::baddbmm")
    return product_flops(tensor_at(inputs, 1), tensor_at(inputs, 2));
  if (name == "aten::convolution_backward") {
    const bool transposed = inputs.at(7).toBool();
    const auto asked = inputs.at(10).toBoolList();
    const auto num_values = static_cast<double>(tensor_at(inputs, transposed ? 1 : 0).numel());
    return (asked.get(0) + asked.get(1)) * convolution_flops(tensor_at(inputs, 2), num_values);
  }
  // The fused kernels: two products forward; backward five, as the scores are computed again.
  if (!name.starts_with("aten::_scaled_dot_product_") || name.ends_with("_math")) return 0;
  if (name.find("_backward") == std::string_view::npos)
    return attention_flops(tensor_at(inputs, 0), tensor_at(inputs, 1), tensor_at(inputs, 2));
  return 2.5 * attention_flops(tensor_at(inputs, 1), tensor_at(inputs, 2), tensor_at(inputs, 3));
}

struct Convolution final : at::ObserverContext {
  explicit Convolution(double each) : flops_per_output(each) {}
  double flops_per_output;
};

std::unique_ptr<at::ObserverContext> begin(const at::RecordFunction& call) {
  if (counted_flops == nullptr) return nullptr;
  const std::string_view name = call.name();
  const auto inputs = call.inputs();
  if (name == "aten::convolution") {
    const auto& weight = tensor_at(inputs, 1);
    if (!inputs.at(6).toBool()) return std::make_unique<Convolution>(convolution_flops(weight, 1));
    *counted_flops += convolution_flops(weight, static_cast<double>(tensor_at(inputs, 0).numel()));
  } else {
    *counted_flops += flops_of(name, inputs);
  }
  return nullptr;
}

// LibTorch has dropped the inputs by now.
void end(const at::RecordFunction& call, at::ObserverContext* context) {
  if (const auto* convolution = dynamic_cast<Convolution*>(context); convolution && counted_flops)
    *counted_flops +=
        convolution->flops_per_output * static_cast<double>(call.outputs().at(0).toTensor().numel());
}

struct MetaBlock {
  size_t size;
};

void report(MetaBlock* block, int64_t change) {
  c10::reportMemoryUsageToProfiler(block, change, 0, 0, c10::Device(c10::kMeta));
}

struct MetaAllocator final : c10::Allocator {
  c10::DataPtr allocate(size_t size) override {
    auto* block = new MetaBlock{size};
    report(block, static_cast<int64_t>(size));
    const auto release = [](void* context) {
      auto* released = static_cast<MetaBlock*>(context);
      report(released, -static_cast<int64_t>(released->size));
      delete released;
    };
    return {nullptr, block, release, c10::Device(c10::kMeta)};
  }
  void copy_data(void*, const void*, size_t) const override {}
};

}  // namespace

class WorkMeter::Memory final : public c10::MemoryReportingInfoBase {
 public:
  void reportMemoryUsage(void*, int64_t size, size_t, size_t, c10::Device) override {
    held_ += size;
    peak = std::max(peak, held_);
  }
  bool memoryProfilingEnabled() const override { return true; }

  int64_t peak = 0;

 private:
  int64_t held_ = 0;
};

WorkMeter::WorkMeter()
    : memory_(std::make_shared<Memory>()),
      guard_(c10::DebugInfoKind::PROFILER_STATE, memory_),
      callback_(at::addThreadLocalCallback(at::RecordFunctionCallback(begin, end)
                                               .needsInputs(true)
                                               .needsOutputs(true)
                                               .scopes({at::RecordScope::FUNCTION}))) {
  UMM_CHECK(counted_flops == nullptr, "this thread's work is being counted already");
  counted_flops = &flops_;
}

WorkMeter::~WorkMeter() {
  counted_flops = nullptr;
  at::removeCallback(callback_);
}

double WorkMeter::flops() const {
  return flops_;
}

int64_t WorkMeter::peak_bytes() const {
  return memory_->peak;
}

void count_meta_memory() {
  static MetaAllocator allocator;
  c10::SetAllocator(c10::kMeta, &allocator, /*priority=*/1);
}

}  // namespace umm
