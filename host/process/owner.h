// Which process something belongs to, so that another one can tell whether it still lives.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace umm {

struct ProcessOwner {
  std::string host;
  std::string boot;  // of that machine: processes of an earlier one are dead
  int64_t process = 0;
  int64_t start_ticks = 0;  // since the boot: numbers of processes are used again

  static ProcessOwner of_this_process();
  static ProcessOwner from_text(const std::string& text);  // an empty one where the text is none
  std::string to_text() const;

  std::string name() const;  // "process 4711 on node-3"

  friend bool operator==(const ProcessOwner&, const ProcessOwner&) = default;
};

// On this machine it is known. Elsewhere the owner lives as long as it renews `lease`: judged by the clock of
// the file system that holds it, which all machines share, never by that of a machine.
bool is_alive(const ProcessOwner& owner, const std::filesystem::path& lease);

// Touches files while it lives, from a thread of its own, so that other machines see that this process does.
class Lease {
 public:
  explicit Lease(std::filesystem::path file);
  ~Lease();
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

 private:
  struct Renewal;
  std::unique_ptr<Renewal> renewal_;
};

}  // namespace umm
