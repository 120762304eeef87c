#include "train/optimizer.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numbers>
#include <utility>

#include "umm/error.h"

namespace umm {
namespace {

// The fused kernel walks memory, so a gradient must lie as its weight does.
Tensor gradient_like(const Tensor& weight, const Tensor& gradient) {
  if (gradient.scalar_type() == weight.scalar_type() && gradient.strides() == weight.strides())
    return gradient;
  return at::empty_like(weight).copy_(gradient);
}

Tensor new_state(const Tensor& weight) {
  return at::zeros_like(weight);
}

}  // namespace

double learning_rate_at(const TrainConfig& config, int64_t update) {
  if (update < config.warmup_updates) {
    return config.learning_rate * static_cast<double>(update + 1) /
           static_cast<double>(config.warmup_updates);
  }
  const int64_t horizon = config.horizon_updates > 0 ? config.horizon_updates : config.updates;
  const auto span = static_cast<double>(std::max<int64_t>(horizon - config.warmup_updates, 1));
  const double progress = std::min(static_cast<double>(update - config.warmup_updates) / span, 1.0);
  const double end = config.final_learning_rate_ratio;
  if (config.schedule == "constant") return config.learning_rate;
  if (config.schedule == "linear") return config.learning_rate * (1 + (end - 1) * progress);
  UMM_CHECK_INPUT(config.schedule == "cosine", "unknown schedule \"", config.schedule,
                  "\", expected constant, cosine or linear");
  const double cosine = 0.5 * (1 + std::cos(std::numbers::pi * progress));
  return config.learning_rate * (end + (1 - end) * cosine);
}

Optimizer::Optimizer(std::vector<Parameter> trained, const TrainConfig& config)
    : trained_(std::move(trained)), config_(config) {
  const at::NoGradGuard no_grad;
  for (const auto& parameter : trained_) {
    const Tensor& value = parameter.value;
    UMM_CHECK(value.is_floating_point() && value.is_non_overlapping_and_dense(), "parameter `",
              parameter.name, "` cannot be trained: expected a dense floating-point tensor, found ",
              value.toString(), " ", value.sizes());
    weights_.push_back(value.scalar_type() == at::kFloat ? value.detach() : value.detach().to(at::kFloat));
    exp_avg_.push_back(new_state(weights_.back()));
    exp_avg_sq_.push_back(new_state(weights_.back()));
    steps_.push_back(at::zeros({}, weights_.back().options()));
    if (config_.ema_decay > 0) ema_.push_back(weights_.back().clone());
  }
}

bool Optimizer::is_decayed(const Parameter& parameter) const {
  const auto& undecayed = config_.undecayed_groups;
  if (std::find(undecayed.begin(), undecayed.end(), parameter.group) != undecayed.end()) return false;
  return config_.weight_decay_on == "all" || parameter.value.dim() > 1;
}

double Optimizer::step(double learning_rate) {
  const at::NoGradGuard no_grad;
  struct Tensors {
    double decay;
    std::vector<Tensor> weights, gradients, exp_avg, exp_avg_sq, steps;
  };
  std::array<Tensors, 2> kinds{Tensors{config_.weight_decay, {}, {}, {}, {}, {}}, {0, {}, {}, {}, {}, {}}};
  std::vector<Tensor> gradients;
  for (size_t i = 0; i < trained_.size(); ++i) {
    Tensor& gradient = trained_[i].value.mutable_grad();
    if (!gradient.defined()) continue;
    Tensors& kind = kinds[is_decayed(trained_[i]) ? 0 : 1];
    gradients.push_back(gradient_like(weights_[i], std::exchange(gradient, Tensor())));
    kind.gradients.push_back(gradients.back());
    kind.weights.push_back(weights_[i]);
    kind.exp_avg.push_back(exp_avg_[i]);
    kind.exp_avg_sq.push_back(exp_avg_sq_[i]);
    kind.steps.push_back(steps_[i]);
  }
  double norm = 0;
  if (!gradients.empty()) {
    norm = at::stack(at::_foreach_norm(gradients)).norm().item<double>();
    if (!std::isfinite(norm)) return norm;
    const double scale = config_.clip_norm > 0 ? config_.clip_norm / (norm + 1e-6) : 1;
    if (scale < 1) at::_foreach_mul_(gradients, scale);
    for (auto& kind : kinds) {
      if (kind.weights.empty()) continue;
      at::_foreach_add_(kind.steps, 1);
      at::_fused_adamw_(kind.weights, kind.gradients, kind.exp_avg, kind.exp_avg_sq, /*max_exp_avg_sqs=*/{},
                        kind.steps, learning_rate, config_.beta1, config_.beta2, kind.decay, config_.epsilon,
                        /*amsgrad=*/false, /*maximize=*/false);
    }
  }
  copy_masters_to_model();
  if (!ema_.empty()) at::_foreach_lerp_(ema_, weights_, 1 - config_.ema_decay);
  return norm;
}

void Optimizer::copy_masters_to_model() {
  for (size_t i = 0; i < trained_.size(); ++i) {
    if (trained_[i].value.scalar_type() != at::kFloat) trained_[i].value.copy_(weights_[i]);
  }
}

std::vector<NamedTensor> Optimizer::owned_state() const {
  std::vector<NamedTensor> state;
  const auto add = [&](const char* kind, const std::vector<Tensor>& values) {
    for (size_t i = 0; i < values.size(); ++i) {
      state.push_back({detail::concat(kind, "/", trained_[i].component, "/", trained_[i].name), values[i]});
    }
  };
  add("weight", weights_);
  add("exp_avg", exp_avg_);
  add("exp_avg_sq", exp_avg_sq_);
  add("step", steps_);
  add("ema", ema_);
  return state;
}

std::vector<NamedTensor> Optimizer::state() const {
  auto state = owned_state();
  for (auto& entry : state) entry.value = entry.value.cpu();
  return state;
}

void Optimizer::restore(const std::vector<NamedTensor>& state) {
  const at::NoGradGuard no_grad;
  std::map<std::string, Tensor> saved;
  for (const auto& [name, value] : state) saved[name] = value;
  const auto own = owned_state();
  UMM_CHECK(saved.size() == own.size(), "the saved optimizer state has ", saved.size(), " tensors, expected ",
            own.size());
  for (const auto& [name, value] : own) {
    const auto found = saved.find(name);
    UMM_CHECK(found != saved.end() && found->second.sizes() == value.sizes() &&
                  found->second.scalar_type() == value.scalar_type(),
              "the saved optimizer state does not fit the model at `", name, "`");
    Tensor(value).copy_(found->second);
  }
  copy_masters_to_model();
}

int64_t Optimizer::state_bytes() const {
  int64_t bytes = 0;
  for (const auto* values : {&exp_avg_, &exp_avg_sq_, &steps_, &ema_}) {
    for (const auto& value : *values) bytes += static_cast<int64_t>(value.nbytes());
  }
  for (size_t i = 0; i < trained_.size(); ++i) {
    if (!weights_[i].is_alias_of(trained_[i].value)) bytes += static_cast<int64_t>(weights_[i].nbytes());
  }
  return bytes;
}

// Gradients become fp32 one after the other, so that the largest is there twice.
int64_t Optimizer::step_bytes() const {
  int64_t all = 0, largest = 0;
  for (size_t i = 0; i < trained_.size(); ++i) {
    all += static_cast<int64_t>(weights_[i].nbytes());
    if (trained_[i].value.scalar_type() != at::kFloat)
      largest = std::max(largest, static_cast<int64_t>(trained_[i].value.nbytes()));
  }
  return all + largest;
}

std::vector<Parameter> Optimizer::with_values(const std::vector<Tensor>& values) const {
  std::vector<Parameter> parameters(trained_.begin(), trained_.begin() + static_cast<int64_t>(values.size()));
  for (size_t i = 0; i < values.size(); ++i) parameters[i].value = values[i];
  return parameters;
}

std::vector<Parameter> Optimizer::weights() const {
  return with_values(weights_);
}
std::vector<Parameter> Optimizer::ema() const {
  return with_values(ema_);
}

}  // namespace umm
