// The smallest model, method and data that the training loop can tell from real ones.
#pragma once

#include <ATen/ATen.h>

#include <csignal>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "spec/experiment.h"
#include "train/stop.h"
#include "umm/capabilities.h"
#include "umm/dataset.h"
#include "umm/error.h"
#include "umm/method.h"

namespace umm::testing {

// Removed with its content when the test ends.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "umm-test-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// Two linear layers that denoise a 4 x 4 picture, beside a frozen component with a float table and an integer
// count.
class FakeArchitecture : public Architecture, public GenerationObjective, public ImageGenerator {
 public:
  static constexpr int64_t kPixels = 3 * 4 * 4;

  int64_t image_size() const override { return 4; }

  std::vector<ParameterGroup> parameter_groups() const override {
    return {{"body", true, "first layer"}, {"head", true, "second layer"}, {"tokenizer", false, "table"}};
  }

  std::vector<Parameter> parameters() override {
    return {{"model", "body.weight", "body", body_},
            {"model", "head.weight", "head", head_},
            {"tokenizer", "table", "tokenizer", table_},
            {"tokenizer", "count", "", count_}};
  }

  void initialize(uint64_t seed) override {
    Rng rng(seed);
    body_.copy_(rng.normal({8, kPixels}) * 0.1);
    head_.copy_(rng.normal({kPixels, 8}) * 0.1);
    table_.copy_(rng.normal({5}));
  }

  void set_training(bool training) override { training_ = training; }

  TokenLoss generation_loss(const Condition&, const Tensor& images, Rng& rng) override {
    const auto dtype = body_.scalar_type();
    const Tensor target = images.flatten(1).to(dtype);  // [B, 48]
    const Tensor noisy = target + rng.normal({target.size(0), kPixels}).to(target.device(), dtype);
    Tensor hidden = at::tanh(at::linear(noisy, body_));  // [B, 8]
    hidden = at::dropout(hidden, 0.1, training_);
    const Tensor error = (at::linear(hidden, head_) - target).square().sum(1).to(at::kFloat);
    return {error, at::full_like(error, static_cast<double>(kPixels))};
  }

  Tensor generate(const Condition& condition, const Options&, std::span<Rng> rngs) override {
    ++generate_calls;
    std::vector<Tensor> pictures;
    for (size_t i = 0; i < rngs.size(); ++i) {
      const auto words = static_cast<double>(condition.segments.at(0).text.at(i).size());
      const Tensor noise = rngs[i].normal({1, kPixels}).to(body_.device());
      pictures.push_back(
          at::tanh(at::linear(at::linear(noise, body_), head_) + 0.05 * words).view({3, 4, 4}));
    }
    return at::stack(pictures);
  }

  inline static int generate_calls = 0;

 private:
  Tensor body_ = at::zeros({8, kPixels});
  Tensor head_ = at::zeros({kPixels, 8});
  Tensor table_ = at::zeros({5});
  Tensor count_ = at::full({1}, 7, at::kLong);
  bool training_ = false;
};

// What a method does to the process at a micro-iteration.
enum class Accident { none, stop, stop_within, kill, not_a_number, failure };

class FakeMethod : public Method {
 public:
  explicit FakeMethod(Accident accident = Accident::none, int64_t at = -1) : accident_(accident), at_(at) {}

  std::vector<Flow> flows() const override { return {{"pictures", "pictures"}, {"replay", "more of them"}}; }

  std::vector<LossTerm> loss(Architecture& model, const std::map<std::string, Batch>& batches,
                             Rng& rng) override {
    const int64_t call = calls_++;
    if (call == at_) happen();
    std::vector<LossTerm> terms;
    for (const auto& [flow, batch] : batches) {
      seen[flow] += batch.size();
      auto loss = require<GenerationObjective>(model).generation_loss({}, batch.images, rng);
      if (call == at_ && accident_ == Accident::not_a_number) loss.sum = loss.sum * NAN;
      terms.push_back({flow, flow == "replay" ? 0.5 : 1.0, loss});
    }
    return terms;
  }

  std::map<std::string, int64_t> seen;

 private:
  void happen() const {
    if (accident_ == Accident::stop || accident_ == Accident::stop_within) request_stop();
    if (accident_ == Accident::stop_within) throw Error("gave up waiting");
    if (accident_ == Accident::kill) raise(SIGKILL);
    if (accident_ == Accident::failure) throw Error("the method fell over");
  }

  Accident accident_;
  int64_t at_, calls_ = 0;
};

// Sample i is a function of i alone.
class FakeDataset : public Dataset {
 public:
  explicit FakeDataset(std::optional<int64_t> size = std::nullopt) : size_(size) {}
  std::optional<int64_t> size() const override { return size_; }
  Sample sample(int64_t index) const override {
    Sample sample;
    sample.image = Rng(static_cast<uint64_t>(index)).uniform({3, 4, 4}) * 2 - 1;
    sample.caption = std::to_string(index);
    return sample;
  }

 private:
  std::optional<int64_t> size_;
};

inline std::map<std::string, std::unique_ptr<Dataset>> fake_datasets() {
  std::map<std::string, std::unique_ptr<Dataset>> datasets;
  datasets["pictures"] = std::make_unique<FakeDataset>(10);
  datasets["replay"] = std::make_unique<FakeDataset>();
  return datasets;
}

inline StageConfig fake_stage(int64_t updates = 12) {
  StageConfig stage;
  stage.name = "denoise";
  stage.method.id = "fake_method";
  stage.identity = std::string(64, 'a');
  stage.flows["pictures"] = {{"fake_finite", {}}, 4};
  stage.flows["replay"] = {{"fake_infinite", {}}, 2};
  stage.train.updates = updates;
  stage.train.warmup_updates = 3;
  stage.train.accumulation = 2;
  stage.train.learning_rate = 1e-2;
  stage.train.schedule = "cosine";
  stage.train.weight_decay = 0.01;
  stage.train.clip_norm = 1;
  stage.train.precision = "fp32";
  return stage;
}

}  // namespace umm::testing
