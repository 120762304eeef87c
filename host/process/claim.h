// The right to make something that several processes may want: a stage, the pictures of an evaluation.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

#include "process/owner.h"

namespace umm {

// Held from its making until it is destroyed or its process dies. In the folder of what is claimed lies
// .claim.<n> with the name of the holder; the next one makes .claim.<n+1>, exclusively, once that is given up
// or its holder is dead. Numbers only grow, so two who see the same dead holder cannot both succeed.
class Claim {
 public:
  // nullopt: somebody else holds it.
  static std::optional<Claim> try_make(const std::filesystem::path& folder);

  // The claim of a number that was free when the caller looked. nullopt: it is too late.
  static std::optional<Claim> take(const std::filesystem::path& folder, int64_t number);

  // Waits until it is given; nullopt: `give_up` said so.
  static std::optional<Claim> make(const std::filesystem::path& folder, const std::function<bool()>& give_up);

  Claim(Claim&&) noexcept;
  Claim& operator=(Claim&&) = delete;
  ~Claim();

 private:
  explicit Claim(std::filesystem::path file);
  std::filesystem::path file_;  // "": moved from
  std::unique_ptr<Lease> lease_;
};

// Who holds it; nullopt: nobody who lives.
std::optional<ProcessOwner> claim_holder(const std::filesystem::path& folder);

}  // namespace umm
