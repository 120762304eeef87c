// Shapes and dtypes of results. Only what an estimate has run into stands here; an operation that is missing
// still makes the estimate say so.
#include "estimate/meta_kernels.h"

#include <ATen/ATen.h>
#include <torch/library.h>

#include <array>
#include <tuple>

namespace umm {
namespace {

using at::Tensor;
using OptionalTensor = std::optional<Tensor>;
using Three = std::tuple<Tensor, Tensor, Tensor>;

Tensor index_select(const Tensor& self, int64_t dim, const Tensor& index) {
  auto sizes = self.sizes().vec();
  if (!sizes.empty()) sizes.at(static_cast<size_t>(at::maybe_wrap_dim(dim, self.dim()))) = index.numel();
  return at::empty(sizes, self.options());
}

Tensor where(const Tensor& condition, const Tensor& self, const Tensor& other) {
  const auto sizes = at::infer_size(condition.sizes(), at::infer_size(self.sizes(), other.sizes()));
  return at::empty(sizes, self.options().dtype(at::result_type(self, other)));
}

Tensor& where_out(const Tensor&, const Tensor&, const Tensor&, Tensor& out) {
  return out;
}

Tensor& logical_and_out(const Tensor& self, const Tensor& other, Tensor& out) {
  out.resize_(at::infer_size(self.sizes(), other.sizes()));
  return out;
}

Tensor& abs_out(const Tensor& self, Tensor& out) {
  out.resize_(self.sizes());
  return out;
}

Tensor flip(const Tensor& self, at::IntArrayRef) {
  return at::empty_like(self);
}

Tensor roll(const Tensor& self, at::IntArrayRef, at::IntArrayRef) {
  return at::empty_like(self);
}

Tensor searchsorted(const Tensor&, const Tensor& self, bool out_int32, bool, std::optional<c10::string_view>,
                    const OptionalTensor&) {
  return at::empty_like(self, self.options().dtype(out_int32 ? at::kInt : at::kLong));
}

Tensor embedding_dense_backward(const Tensor& grad, const Tensor&, int64_t num_weights, int64_t, bool) {
  return at::empty({num_weights, grad.size(-1)}, grad.options());
}

// What a backward pass was asked for, each like the tensor it belongs to.
Three asked(const std::array<bool, 3>& mask, const Tensor& first, const Tensor& second, const Tensor& third) {
  const auto like = [](bool wanted, const Tensor& tensor) {
    return wanted && tensor.defined() ? at::empty_like(tensor) : Tensor();
  };
  return {like(mask[0], first), like(mask[1], second), like(mask[2], third)};
}

Three native_layer_norm(const Tensor& input, at::IntArrayRef normalized, const OptionalTensor&,
                        const OptionalTensor&, double) {
  auto sizes = input.sizes().vec();
  for (size_t i = sizes.size() - normalized.size(); i < sizes.size(); ++i) sizes[i] = 1;
  const auto statistics = [&] { return at::empty(sizes, input.options().dtype(at::kFloat)); };
  return {at::empty_like(input, at::MemoryFormat::Contiguous), statistics(), statistics()};
}

Three native_layer_norm_backward(const Tensor&, const Tensor& input, at::IntArrayRef, const Tensor&,
                                 const Tensor&, const OptionalTensor& weight, const OptionalTensor& bias,
                                 std::array<bool, 3> mask) {
  return asked(mask, input, weight.value_or(Tensor()), bias.value_or(Tensor()));
}

Three native_group_norm(const Tensor& input, const OptionalTensor&, const OptionalTensor&, int64_t batch,
                        int64_t, int64_t, int64_t num_groups, double) {
  const auto statistics = [&] { return at::empty({batch, num_groups}, input.options().dtype(at::kFloat)); };
  return {at::empty_like(input), statistics(), statistics()};
}

Three native_group_norm_backward(const Tensor&, const Tensor& input, const Tensor&, const Tensor&,
                                 const OptionalTensor& weight, int64_t, int64_t, int64_t, int64_t,
                                 std::array<bool, 3> mask) {
  const Tensor like = weight.value_or(Tensor());
  return asked(mask, input, like, like);
}

// Meta tensors take LibTorch's route for backends of others.
Tensor convolution(const Tensor& input, const Tensor& weight, const OptionalTensor&, at::IntArrayRef stride,
                   at::IntArrayRef padding, at::IntArrayRef dilation, bool transposed,
                   at::IntArrayRef output_padding, int64_t groups) {
  std::vector<int64_t> sizes{input.size(0), transposed ? weight.size(1) * groups : weight.size(0)};
  for (size_t i = 0; i < stride.size(); ++i) {
    const auto axis = static_cast<int64_t>(i) + 2;
    const auto reach = dilation[i] * (weight.size(axis) - 1), side = input.size(axis);
    sizes.push_back(transposed ? (side - 1) * stride[i] - 2 * padding[i] + reach + output_padding[i] + 1
                               : (side + 2 * padding[i] - reach - 1) / stride[i] + 1);
  }
  return at::empty(sizes, input.options());
}

Three convolution_backward(const Tensor& grad, const Tensor& input, const Tensor& weight, at::IntArrayRef,
                           at::IntArrayRef, at::IntArrayRef, bool, at::IntArrayRef, int64_t,
                           std::array<bool, 3> mask) {
  return asked(mask, input, weight, mask[2] ? at::empty({grad.size(1)}, grad.options()) : Tensor());
}

// Attention as the fused kernels do it: nothing of [L, S] is kept.
int64_t fused_sdp_choice(const Tensor&, const Tensor&, const Tensor&, const OptionalTensor&, double, bool,
                         std::optional<double>, bool) {
  return static_cast<int64_t>(at::SDPBackend::flash_attention);
}

// Output as [B, L, H, D] in memory, so that merging heads moves nothing.
std::tuple<Tensor, Tensor> flash_attention(const Tensor& query, const Tensor&, const Tensor& value, double,
                                           bool, const OptionalTensor&, std::optional<double>) {
  const auto batch = query.size(0), heads = query.size(1), length = query.size(2);
  return {at::empty({batch, length, heads, value.size(3)}, query.options()).transpose(1, 2),
          at::empty({batch, length, heads}, query.options().dtype(at::kFloat)).transpose(1, 2)};
}

Three flash_attention_backward(const Tensor&, const Tensor& query, const Tensor& key, const Tensor& value,
                               const Tensor&, const Tensor&, double, bool, const OptionalTensor&,
                               std::optional<double>) {
  return {at::empty_like(query), at::empty_like(key), at::empty_like(value)};
}

}  // namespace

void register_meta_kernels() {
  static torch::Library library(torch::Library::IMPL, "aten", c10::DispatchKey::Meta, __FILE__, __LINE__);
  static const bool once = [] {
    library.impl("index_select", index_select);
    library.impl("where.self", where);
    library.impl("where.self_out", where_out);
    library.impl("logical_and.out", logical_and_out);
    library.impl("abs.out", abs_out);
    library.impl("flip", flip);
    library.impl("roll", roll);
    library.impl("searchsorted.Tensor", searchsorted);
    library.impl("embedding_dense_backward", embedding_dense_backward);
    library.impl("native_layer_norm", native_layer_norm);
    library.impl("native_layer_norm_backward", native_layer_norm_backward);
    library.impl("native_group_norm", native_group_norm);
    library.impl("native_group_norm_backward", native_group_norm_backward);
    library.impl("convolution_overrideable", convolution);
    library.impl("convolution_backward_overrideable", convolution_backward);
    library.impl("_fused_sdp_choice", fused_sdp_choice);
    library.impl("_scaled_dot_product_flash_attention_for_cpu", flash_attention);
    library.impl("_scaled_dot_product_flash_attention_for_cpu_backward", flash_attention_backward);
    return true;
  }();
  (void)once;
}

}  // namespace umm
