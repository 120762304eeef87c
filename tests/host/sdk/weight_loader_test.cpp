#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include "umm/checkpoint.h"
#include "umm/error.h"

namespace umm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

class TensorsInMemory final : public TensorFile {
 public:
  explicit TensorsInMemory(std::vector<NamedTensor> values) : values_(std::move(values)) {
    for (const auto& [name, value] : values_)
      infos_.push_back({name, value.scalar_type(), value.sizes().vec()});
  }
  const std::vector<TensorInfo>& tensors() const override { return infos_; }
  Tensor read(size_t index) override { return values_.at(index).value; }

 private:
  std::vector<NamedTensor> values_;
  std::vector<TensorInfo> infos_;
};

std::shared_ptr<TensorFile> file_of(std::vector<NamedTensor> values) {
  return std::make_shared<TensorsInMemory>(std::move(values));
}

TEST(WeightLoader, CopiesConvertedToTheTargetsDtype) {
  const Tensor weight = at::zeros({2, 3}), counts = at::zeros({2}, at::kLong);
  const Tensor stored = at::randn({2, 3}).to(at::kBFloat16);
  WeightLoader loader;
  loader.add("f", file_of({{"weight", stored}, {"counts", at::full({2}, 7, at::kInt)}}),
             {{"weight", weight}, {"counts", counts}});
  ASSERT_THAT(loader.problems(), ElementsAre());
  loader.copy();
  EXPECT_TRUE(weight.equal(stored.to(at::kFloat)));
  EXPECT_TRUE(counts.equal(at::full({2}, 7, at::kLong)));
}

TEST(WeightLoader, ListsEveryProblemAndThenCopiesNothing) {
  const Tensor a = at::zeros({2, 3}), b = at::zeros({2}), c = at::zeros({1});
  WeightLoader loader;
  loader.add("some.bin",
             file_of({{"a", at::ones({3, 2})}, {"b", at::ones({2}, at::kLong)}, {"d", at::ones({4})}}),
             {{"a", a}, {"b", b}, {"c", c}});
  EXPECT_THAT(
      loader.problems(),
      UnorderedElementsAre(HasSubstr("some.bin: `a` has shape [3, 2], the model has [2, 3]"),
                           HasSubstr("`b` is integer, the model's is floating point"),
                           HasSubstr("unexpected tensor `d` [4]"), HasSubstr("missing tensor `c` [1]")));
  EXPECT_THROW(loader.copy(), Error);
  EXPECT_EQ(a.sum().item<float>(), 0);
}

TEST(WeightLoader, KeysAreRenamedAndLeftOut) {
  const Tensor a = at::zeros({2});
  const auto key_map = [](const std::string& key) {
    return key == "text_model.a" ? "" : key.substr(std::string("model.").size());
  };
  WeightLoader loader;
  loader.add("f", file_of({{"model.a", at::ones({2})}, {"text_model.a", at::ones({5})}}), {{"a", a}},
             key_map);
  ASSERT_THAT(loader.problems(), ElementsAre());
  loader.copy();
  EXPECT_EQ(a.sum().item<float>(), 2);

  WeightLoader twice;
  twice.add("f", file_of({{"model.a", at::ones({2})}, {"model.a", at::ones({2})}}), {{"a", a}}, key_map);
  EXPECT_THAT(twice.problems(), ElementsAre(HasSubstr("are both the model's `a`")));
}

}  // namespace
}  // namespace umm
