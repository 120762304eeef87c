#include "meter/work_meter.h"

#include <ATen/core/List.h>
#include <ATen/core/Tensor.h>
#include <c10/core/Allocator.h>

#include <algorithm>
#include <string_view>

#include "umm/error.h"
#include "umm/work.h"

namespace umm {
namespace {

// LibTorch calls back on the metered thread, and on those that compute its gradients.
std::atomic<bool> counting = false;
std::atomic<double> counted_flops = 0;

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

// Values of aten::convolution's output. LibTorch would tell, but outputs cost every operation that is seen.
double num_outputs(c10::ArrayRef<const c10::IValue> inputs) {
  const auto& input = tensor_at(inputs, 0);
  const auto& weight = tensor_at(inputs, 1);
  const auto strides = inputs.at(3).toIntVector(), paddings = inputs.at(4).toIntVector(),
             dilations = inputs.at(5).toIntVector();
  const auto at = [](const std::vector<int64_t>& values, size_t axis) {  // one for all axes, or each its own
    return values.size() == 1 ? values[0] : values[axis];
  };
  double values = static_cast<double>(weight.size(0));
  if (input.dim() == weight.dim()) values *= static_cast<double>(input.size(0));  // else there is no batch
  const int64_t num_axes = weight.dim() - 2;
  for (int64_t axis = 0; axis < num_axes; ++axis) {
    const auto i = static_cast<size_t>(axis);
    const int64_t window = at(dilations, i) * (weight.size(2 + axis) - 1) + 1;
    const int64_t room = input.size(input.dim() - num_axes + axis) + 2 * at(paddings, i) - window;
    values *= static_cast<double>(room / at(strides, i) + 1);
  }
  return values;
}

// Query [B, H, L, D] against keys [B, H, S, D] and values [B, H, S, D].
double attention_flops(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value) {
  const auto pairs = static_cast<double>(query.numel() / query.size(-1)) * static_cast<double>(key.size(-2));
  return 2.0 * pairs * static_cast<double>(query.size(-1) + value.size(-1));
}

double flops_of(std::string_view name, c10::ArrayRef<const c10::IValue> inputs) {
  if (name == "aten::mm" || name == "aten::bmm")
    return product_flops(tensor_at(inputs, 0), tensor_at(inputs, 1));
  if (name == "aten::addmm" || name == "aten::baddbmm")
    return product_flops(tensor_at(inputs, 1), tensor_at(inputs, 2));
  if (name == "aten::convolution") {
    const bool transposed = inputs.at(6).toBool();
    const double num_values =
        transposed ? static_cast<double>(tensor_at(inputs, 0).numel()) : num_outputs(inputs);
    return convolution_flops(tensor_at(inputs, 1), num_values);
  }
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

std::unique_ptr<at::ObserverContext> count(const at::RecordFunction& call) {
  if (const double flops = flops_of(call.name(), call.inputs()); flops > 0) counted_flops += flops;
  return nullptr;
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

WorkMeter::WorkMeter() : tokens_before_(tokens_counted()) {
  UMM_CHECK(!counting.exchange(true), "this process's work is being counted already");
  counted_flops = 0;
  callback_ = at::addThreadLocalCallback(
      at::RecordFunctionCallback(count).needsInputs(true).scopes({at::RecordScope::FUNCTION}));
}

WorkMeter::~WorkMeter() {
  at::removeCallback(callback_);
  counting = false;
}

Work WorkMeter::done() const {
  return {counted_flops, tokens_counted() - tokens_before_};
}

class MemoryMeter::Held final : public c10::MemoryReportingInfoBase {
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

MemoryMeter::MemoryMeter()
    : held_(std::make_shared<Held>()), guard_(c10::DebugInfoKind::PROFILER_STATE, held_) {}

int64_t MemoryMeter::peak_bytes() const {
  return held_->peak;
}

void count_meta_memory() {
  static MetaAllocator allocator;
  c10::SetAllocator(c10::kMeta, &allocator, /*priority=*/1);
}

}  // namespace umm
