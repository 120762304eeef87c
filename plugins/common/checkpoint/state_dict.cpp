#include "checkpoint/state_dict.h"

#include "umm/error.h"

namespace umm::checkpoint {
namespace {

// A dictionary may hold another one many times over, or itself: depth and work are bounded.
class Flattener {
 public:
  explicit Flattener(const PickledDocument& document) : document_(document) {}

  std::vector<StateDictEntry> run() {
    UMM_CHECK_INPUT(document_.get<PickledDict>(document_.root), "expected a dictionary of tensors");
    visit(document_.root, "", 0);
    return std::move(entries_);
  }

 private:
  static constexpr int kMaxDepth = 8;
  static constexpr size_t kMaxNameLength = 512;
  static constexpr int64_t kMaxVisits = 1'000'000;

  void visit(ValueId id, const std::string& name, int depth) {
    const auto& dict = *document_.get<PickledDict>(id);
    UMM_CHECK_INPUT(depth < kMaxDepth, "dictionaries nested more than ", kMaxDepth, " deep");
    for (const auto& [key, value] : dict.items) {
      UMM_CHECK_INPUT(++num_visits_ <= kMaxVisits, "more than ", kMaxVisits, " entries");
      const auto* tensor = document_.get<PickledTensor>(value);
      const bool is_dict = document_.get<PickledDict>(value) != nullptr;
      if (tensor == nullptr && !is_dict) continue;
      const auto* text = document_.get<std::string>(key);
      if (text == nullptr && !tensor) continue;  // optimizer states are numbered
      UMM_CHECK_INPUT(text != nullptr, "a tensor whose key is not text");
      const std::string full = name.empty() ? *text : name + "." + *text;
      UMM_CHECK_INPUT(full.size() <= kMaxNameLength, "a key of ", full.size(), " bytes");
      if (tensor != nullptr)
        entries_.push_back({full, tensor});
      else
        visit(value, full, depth + 1);
    }
  }

  const PickledDocument& document_;
  std::vector<StateDictEntry> entries_;
  int64_t num_visits_ = 0;
};

}  // namespace

std::vector<StateDictEntry> state_dict_of(const PickledDocument& document) {
  return Flattener(document).run();
}

}  // namespace umm::checkpoint
