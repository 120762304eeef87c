#include "text/byte_pairs.h"

#include <algorithm>
#include <bit>
#include <queue>

#include "umm/error.h"

namespace umm::text {
namespace {

constexpr size_t kMaxCachedPieces = 1 << 17;
constexpr size_t kMaxCachedLength = 64;  // bytes; longer pieces are rarely met twice
constexpr size_t kShort = 48;            // bytes; below, a scan is faster than a queue

uint64_t pair_of(int32_t left, int32_t right) {
  return uint64_t{static_cast<uint32_t>(left)} << 32 | static_cast<uint32_t>(right);
}

size_t slot_of(uint64_t pair) {
  return static_cast<size_t>((pair * 0x9E3779B97F4A7C15U) >> 17);
}

}  // namespace

BytePairs::BytePairs(const std::vector<std::string>& tokens,
                     const std::vector<std::pair<std::string, std::string>>& merges) {
  std::unordered_map<std::string_view, int32_t> ids;
  for (size_t id = 0; id < tokens.size(); ++id)
    if (!tokens[id].empty()) ids.emplace(tokens[id], static_cast<int32_t>(id));
  for (int byte = 0; byte < 256; ++byte) {
    const char text = static_cast<char>(byte);
    const auto found = ids.find(std::string_view(&text, 1));
    UMM_CHECK_INPUT(found != ids.end(), "the vocabulary lacks a token for the byte ", byte);
    byte_ids_[byte] = found->second;
  }
  table_.resize(std::bit_ceil(merges.size() * 2 + 1));
  for (size_t rank = 0; rank < merges.size(); ++rank) {
    const auto& [left, right] = merges[rank];
    const auto a = ids.find(left), b = ids.find(right), whole = ids.find(left + right);
    UMM_CHECK_INPUT(a != ids.end() && b != ids.end() && whole != ids.end(), "merge ", rank + 1,
                    " is of parts or to a whole that the vocabulary lacks");
    const uint64_t pair = pair_of(a->second, b->second);
    size_t slot = slot_of(pair) & (table_.size() - 1);
    while (table_[slot].pair != kNoPair && table_[slot].pair != pair) slot = (slot + 1) & (table_.size() - 1);
    if (table_[slot].pair == kNoPair) table_[slot] = {pair, static_cast<uint32_t>(rank), whole->second};
  }
}

const BytePairs::Merge* BytePairs::find(int32_t left, int32_t right) const {
  const uint64_t pair = pair_of(left, right);
  for (size_t slot = slot_of(pair) & (table_.size() - 1);; slot = (slot + 1) & (table_.size() - 1)) {
    if (table_[slot].pair == pair) return &table_[slot];
    if (table_[slot].pair == kNoPair) return nullptr;
  }
}

uint32_t BytePairs::rank(int32_t left, int32_t right) const {
  const Merge* merge = find(left, right);
  return merge == nullptr ? kNoRank : merge->rank;
}

void BytePairs::merge_short(std::vector<Part>& parts) const {
  for (;;) {
    size_t best = 0;
    for (size_t i = 1; i + 1 < parts.size(); ++i)
      if (parts[i].rank < parts[best].rank) best = i;
    if (parts.size() < 2 || parts[best].rank == kNoRank) return;
    parts[best].id = find(parts[best].id, parts[best + 1].id)->merged;
    parts.erase(parts.begin() + static_cast<ptrdiff_t>(best) + 1);
    const bool has_next = best + 1 < parts.size();
    parts[best].rank = has_next ? rank(parts[best].id, parts[best + 1].id) : kNoRank;
    if (best > 0) parts[best - 1].rank = rank(parts[best - 1].id, parts[best].id);
  }
}

// The same in n log n: candidates wait in a queue, and those that a merge has overtaken are passed over.
void BytePairs::merge_long(std::vector<Part>& parts) const {
  constexpr size_t kNone = ~size_t{0};
  struct Candidate {
    uint32_t rank;
    size_t left, right;
    uint64_t pair;
    bool operator<(const Candidate& other) const {  // the queue gives its largest first
      return rank != other.rank ? rank > other.rank : left > other.left;
    }
  };
  std::vector<size_t> next(parts.size()), previous(parts.size());
  std::priority_queue<Candidate> queue;
  const auto propose = [&](size_t left, size_t right) {
    if (const Merge* merge = find(parts[left].id, parts[right].id))
      queue.push({merge->rank, left, right, merge->pair});
  };
  for (size_t i = 0; i < parts.size(); ++i) {
    previous[i] = i == 0 ? kNone : i - 1;
    next[i] = i + 1 == parts.size() ? kNone : i + 1;
    if (next[i] != kNone) propose(i, i + 1);
  }
  while (!queue.empty()) {
    const auto [rank, left, right, pair] = queue.top();
    queue.pop();
    const bool stands = parts[left].id >= 0 && parts[right].id >= 0 && next[left] == right &&
                        pair_of(parts[left].id, parts[right].id) == pair;
    if (!stands) continue;
    parts[left].id = find(parts[left].id, parts[right].id)->merged;
    parts[right].id = -1;
    next[left] = next[right];
    if (next[left] != kNone) {
      previous[next[left]] = left;
      propose(left, next[left]);
    }
    if (previous[left] != kNone) propose(previous[left], left);
  }
  std::erase_if(parts, [](const Part& part) { return part.id < 0; });
}

void BytePairs::encode(std::string_view piece, std::vector<int64_t>& ids) const {
  const bool may_cache = piece.size() <= kMaxCachedLength;
  const std::string key(may_cache ? piece : std::string_view());
  if (may_cache) {
    if (const auto known = cache_.find(key); known != cache_.end()) {
      ids.insert(ids.end(), known->second.begin(), known->second.end());
      return;
    }
  }
  std::vector<Part> parts;
  for (const char byte : piece) parts.push_back({byte_ids_[static_cast<uint8_t>(byte)], kNoRank});
  if (parts.size() < kShort) {
    for (size_t i = 0; i + 1 < parts.size(); ++i) parts[i].rank = rank(parts[i].id, parts[i + 1].id);
    merge_short(parts);
  } else {
    merge_long(parts);
  }
  for (const Part& part : parts) ids.push_back(part.id);
  if (!may_cache || cache_.size() >= kMaxCachedPieces) return;
  auto& kept = cache_[key];
  for (const Part& part : parts) kept.push_back(part.id);
}

}  // namespace umm::text
