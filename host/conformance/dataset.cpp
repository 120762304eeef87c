// What datasets promise.
#include <algorithm>
#include <thread>

#include "conformance/checks.h"
#include "conformance/expect.h"

namespace umm::conformance {
namespace {

void expect_same(const Sample& a, const Sample& b, const std::string& what) {
  expect_equal(a.image, b.image, "image of " + what);
  expect_equal(a.source_image, b.source_image, "source_image of " + what);
  const auto texts = [](const Sample& s) {
    return std::vector{s.caption, s.question, s.answer, s.instruction};
  };
  UMM_CHECK(texts(a) == texts(b), "texts of ", what, " differ between two times");
}

void expect_picture(const Tensor& picture, const std::string& what) {
  if (!picture.defined()) return;
  expect_shape(picture, {3, -1, -1}, what);
  UMM_CHECK(picture.scalar_type() == at::kFloat, what, " must be float32, found ", picture.scalar_type());
  const float least = picture.min().item<float>(), most = picture.max().item<float>();
  UMM_CHECK(least >= -1 && most <= 1, what, " must lie in [-1, 1]; it lies in [", least, ", ", most, "]");
}

void depends_on_the_index_alone(const Subject& subject) {
  const auto dataset = subject.entry().make_dataset(subject.options());
  const auto again = subject.entry().make_dataset(subject.options());
  const int64_t count = std::min<int64_t>(5, dataset->size().value_or(5));
  for (int64_t index = count - 1; index >= 0; --index) {
    const std::string what = "sample " + std::to_string(index);
    disturb_global_generator(1);
    const Sample sample = dataset->sample(index);
    disturb_global_generator(2);
    expect_same(sample, dataset->sample(index), what);
    expect_same(sample, again->sample(index), what + " of another instance");
    Sample elsewhere;
    std::thread([&] { elsewhere = dataset->sample(index); }).join();
    expect_same(sample, elsewhere, what + " on another thread");
    expect_picture(sample.image, "image of " + what);
    expect_picture(sample.source_image, "source_image of " + what);
  }
}

void keeps_to_its_size(const Subject& subject) {
  const auto dataset = subject.entry().make_dataset(subject.options());
  expect_refusal("sample -1", [&] { dataset->sample(-1); });
  if (!dataset->size()) {
    dataset->sample(int64_t{1} << 40);
    return;
  }
  const int64_t size = *dataset->size();
  UMM_CHECK(size > 0, "size() is ", size);
  dataset->sample(size - 1);
  expect_refusal("a sample beyond its size", [&] { dataset->sample(size); });
}

}  // namespace

std::vector<Check> dataset_checks() {
  return {{"samples", "a sample depends on its index alone, on any thread", depends_on_the_index_alone},
          {"size", "it gives the samples that it announces, and no other", keeps_to_its_size}};
}

}  // namespace umm::conformance
