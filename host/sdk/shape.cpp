#include "umm/error.h"

namespace umm {

void expect_shape(const Tensor& tensor, std::initializer_list<int64_t> sizes, std::string_view name) {
  UMM_CHECK(tensor.defined(), name, ": expected a tensor of ", sizes.size(), " dimensions, found none");
  bool equal = tensor.dim() == static_cast<int64_t>(sizes.size());
  int64_t dim = 0;
  for (int64_t size : sizes) {
    equal = equal && (size == -1 || tensor.size(dim) == size);
    ++dim;
  }
  if (equal) return;
  std::ostringstream expected;
  for (int64_t size : sizes) {
    expected << (expected.tellp() > 0 ? ", " : "");
    if (size == -1)
      expected << "any";
    else
      expected << size;
  }
  throw Error(detail::concat(name, ": expected shape [", expected.str(), "], found ", tensor.sizes()));
}

}  // namespace umm
