// Streams are SplitMix64 (Steele et al. 2014) over a key: next() hashes key + counter, so a stream is two
// integers and forks need no state. Tensors come from LibTorch's CPU generator, seeded from the stream.
#include "umm/random.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/ops/rand.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/randperm.h>

#include "umm/error.h"

namespace umm {
namespace {

constexpr uint64_t kGolden = 0x9e3779b97f4a7c15ULL;

uint64_t mix(uint64_t value) {
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
  return value ^ (value >> 31);
}

// FNV-1a, 64 bit: the same on every machine, unlike std::hash.
uint64_t hash_text(std::string_view text) {
  uint64_t hash = 0xcbf29ce484222325ULL;
  for (unsigned char byte : text) hash = (hash ^ byte) * 0x100000001b3ULL;
  return hash;
}

at::Generator generator_for(uint64_t seed) {
  return at::detail::createCPUGenerator(seed);
}

}  // namespace

Rng::Rng(uint64_t seed) : key_(mix(seed + kGolden)) {}

Rng Rng::fork(std::string_view purpose, uint64_t index) const {
  return Rng(mix(key_ ^ hash_text(purpose)) + index * kGolden);
}

uint64_t Rng::next() {
  return mix(key_ + kGolden * ++counter_);
}

double Rng::uniform() {
  return static_cast<double>(next() >> 11) * 0x1.0p-53;
}

int64_t Rng::integer(int64_t bound) {
  UMM_CHECK(bound > 0, "Rng::integer: bound must be positive, found ", bound);
  // Rejection keeps every value equally likely.
  const auto range = static_cast<uint64_t>(bound);
  const uint64_t limit = UINT64_MAX - UINT64_MAX % range;
  uint64_t draw = next();
  while (draw >= limit) draw = next();
  return static_cast<int64_t>(draw % range);
}

bool Rng::chance(double probability) {
  return uniform() < probability;
}

Tensor Rng::uniform(at::IntArrayRef sizes) {
  return at::rand(sizes, generator_for(next()), at::kFloat);
}
Tensor Rng::normal(at::IntArrayRef sizes) {
  return at::randn(sizes, generator_for(next()), at::kFloat);
}
Tensor Rng::permutation(int64_t length) {
  return at::randperm(length, generator_for(next()), at::kLong);
}

}  // namespace umm
