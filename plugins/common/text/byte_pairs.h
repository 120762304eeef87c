// Byte pair merging: pieces of bytes to token ids, by a ranked list of merges.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "umm/version.h"

namespace umm::text {

class UMM_API BytePairs {
 public:
  // `tokens`: the bytes of each id, "" for ids that no text becomes. `merges`: pairs of tokens' bytes, the
  // first merged first. Throws InputError where a byte or a merge's part or whole is no token.
  BytePairs(const std::vector<std::string>& tokens,
            const std::vector<std::pair<std::string, std::string>>& merges);

  // Appends the ids of one piece: single bytes, of which the pair with the lowest rank is merged, and again.
  void encode(std::string_view piece, std::vector<int64_t>& ids) const;

 private:
  struct Merge {
    uint64_t pair = kNoPair;  // left id << 32 | right id
    uint32_t rank = 0;
    int32_t merged = 0;
  };
  struct Part {
    int32_t id;
    uint32_t rank;  // of merging it with the next
  };
  static constexpr uint64_t kNoPair = ~uint64_t{0};
  static constexpr uint32_t kNoRank = ~uint32_t{0};

  const Merge* find(int32_t left, int32_t right) const;
  uint32_t rank(int32_t left, int32_t right) const;
  void merge_short(std::vector<Part>& parts) const;
  void merge_long(std::vector<Part>& parts) const;

  int32_t byte_ids_[256];
  std::vector<Merge> table_;  // open addressing, a power of two
  mutable std::unordered_map<std::string, std::vector<int32_t>> cache_;
};

}  // namespace umm::text
