#include "meter/work_meter.h"

#include <ATen/core/List.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/stack.h>
#include <c10/core/Allocator.h>
#include <torch/library.h>

#include <algorithm>
#include <atomic>
#include <string_view>

#include "umm/error.h"
#include "umm/work.h"

namespace umm {
namespace {

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

// Query [B, H, L, D] against keys [B, H, S, D] and values [B, H, S, D].
double attention_flops(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value) {
  const auto pairs = static_cast<double>(query.numel() / query.size(-1)) * static_cast<double>(key.size(-2));
  return 2.0 * pairs * static_cast<double>(query.size(-1) + value.size(-1));
}

bool is_per_output(std::string_view name, c10::ArrayRef<const c10::IValue> inputs) {
  return name == "aten::convolution" && !inputs.at(6).toBool();
}

// Of the call, or of each value of its output where is_per_output().
double flops_of(std::string_view name, c10::ArrayRef<const c10::IValue> inputs) {
  if (name == "aten::mm" || name == "aten::bmm")
    return product_flops(tensor_at(inputs, 0), tensor_at(inputs, 1));
  if (name == "aten::addmm" || name == "aten::baddbmm")
    return product_flops(tensor_at(inputs, 1), tensor_at(inputs, 2));
  if (name == "aten::convolution") {
    const double num_values =
        is_per_output(name, inputs) ? 1.0 : static_cast<double>(tensor_at(inputs, 0).numel());
    return convolution_flops(tensor_at(inputs, 1), num_values);
  }
  if (name == "aten::convolution_backward") {
    const bool transposed = inputs.at(7).toBool();
    const auto asked = inputs.at(10).toBoolList();
    const auto num_values = static_cast<double>(tensor_at(inputs, transposed ? 1 : 0).numel());
    return (asked.get(0) + asked.get(1)) * convolution_flops(tensor_at(inputs, 2), num_values);
  }
  // The fused kernels: two products forward; backward five, as the scores are computed again.
  if (name.find("_backward") == std::string_view::npos)
    return attention_flops(tensor_at(inputs, 0), tensor_at(inputs, 1), tensor_at(inputs, 2));
  return 2.5 * attention_flops(tensor_at(inputs, 1), tensor_at(inputs, 2), tensor_at(inputs, 3));
}

// Operations pass this key first where a meter lives, and only those below stop there. The others cost
// nothing more; a callback for each, as profilers have it, slowed small models by 5 %. The key goes with a
// thread's state to the threads that compute gradients for it.
constexpr c10::DispatchKey kMetered = c10::DispatchKey::TESTING_ONLY_GenericWrapper;

void count(const c10::OperatorHandle& operation, c10::DispatchKeySet keys, torch::jit::Stack* stack) {
  const std::string_view name = operation.schema().name();
  const auto inputs = torch::jit::last(*stack, operation.schema().arguments().size());
  const bool per_output = is_per_output(name, inputs);
  double flops = flops_of(name, inputs);
  {
    const c10::impl::ExcludeDispatchKeyGuard whole(kMetered);  // what it is made of is not counted again
    operation.redispatchBoxed(keys & c10::DispatchKeySet(c10::DispatchKeySet::FULL_AFTER, kMetered), stack);
  }
  if (per_output) flops *= static_cast<double>(stack->back().toTensor().numel());
  counted_flops += flops;
}

void register_counted(torch::Library& library) {
  for (const char* operation : {
           "mm",
           "mm.out",
           "bmm",
           "bmm.out",
           "addmm",
           "addmm.out",
           "baddbmm",
           "baddbmm.out",
           "convolution",
           "convolution_backward",
           "_scaled_dot_product_flash_attention",
           "_scaled_dot_product_flash_attention_backward",
           "_scaled_dot_product_flash_attention_for_cpu",
           "_scaled_dot_product_flash_attention_for_cpu_backward",
           "_scaled_dot_product_efficient_attention",
           "_scaled_dot_product_efficient_attention_backward",
           "_scaled_dot_product_cudnn_attention",
           "_scaled_dot_product_cudnn_attention_backward",
       })
    library.impl(operation, torch::CppFunction::makeFromBoxedFunction<&count>());
}

// Once in a process.
void register_meter() {
  static torch::Library others(torch::Library::IMPL, "_", kMetered, __FILE__, __LINE__);
  static torch::Library counted(torch::Library::IMPL, "aten", kMetered, __FILE__, __LINE__);
  static const bool done = [] {
    others.fallback(torch::CppFunction::makeFallthrough());
    register_counted(counted);
    return true;
  }();
  static_cast<void>(done);
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
  register_meter();
  UMM_CHECK(!counting.exchange(true), "this process's work is being counted already");
  counted_flops = 0;
  guard_.emplace(kMetered);
}

WorkMeter::~WorkMeter() {
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
