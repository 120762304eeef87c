#include "process/owner.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <optional>
#include <sstream>
#include <thread>

namespace umm {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

constexpr seconds kRenewEvery{10};
constexpr seconds kLeaseEnds{120};  // network file systems show another machine's writes late

std::string first_line(const char* file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return line;
}

// Field 22 of /proc/<process>/stat; 0: there is no such process.
int64_t start_ticks(int64_t process) {
  const std::string line = first_line(("/proc/" + std::to_string(process) + "/stat").c_str());
  const auto name_end = line.rfind(')');  // the name may hold anything
  if (name_end == std::string::npos) return 0;
  std::istringstream fields(line.substr(name_end + 2));
  std::string state;
  fields >> state;
  if (state == "Z" || state == "X") return 0;  // dead, though not buried
  int64_t value = 0;
  for (int field = 4; field <= 22; ++field) fields >> value;
  return fields ? value : 0;
}

void touch(const fs::path& file) {
  utimensat(AT_FDCWD, file.c_str(), nullptr, 0);
}

// Age by the file system's own clock: that of a file which is written now.
std::optional<double> age_seconds(const fs::path& file) {
  struct stat lease {
  }, now{};
  const fs::path probe = file.parent_path() / (".clock-" + std::to_string(getpid()));
  const bool written = static_cast<bool>(std::ofstream(probe) << ' ');
  const bool known = written && stat(probe.c_str(), &now) == 0 && stat(file.c_str(), &lease) == 0;
  unlink(probe.c_str());
  if (!known) return std::nullopt;
  return difftime(now.st_mtim.tv_sec, lease.st_mtim.tv_sec);
}

}  // namespace

ProcessOwner ProcessOwner::of_this_process() {
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  return {host.data(), first_line("/proc/sys/kernel/random/boot_id"), getpid(), umm::start_ticks(getpid())};
}

std::string ProcessOwner::to_text() const {
  std::ostringstream text;
  text << host << '\n' << boot << '\n' << process << '\n' << start_ticks << '\n';
  return text.str();
}

ProcessOwner ProcessOwner::from_text(const std::string& text) {
  ProcessOwner owner;
  std::istringstream in(text);
  std::getline(in, owner.host);
  std::getline(in, owner.boot);
  in >> owner.process >> owner.start_ticks;
  return in ? owner : ProcessOwner();
}

std::string ProcessOwner::name() const {
  return "process " + std::to_string(process) + " on " + host;
}

bool is_alive(const ProcessOwner& owner, const fs::path& lease) {
  if (owner.process == 0) return false;
  const auto here = ProcessOwner::of_this_process();
  if (owner.host == here.host)
    return owner.boot == here.boot && start_ticks(owner.process) == owner.start_ticks;
  const auto age = age_seconds(lease);
  return age && *age < static_cast<double>(kLeaseEnds.count());
}

struct Lease::Renewal {
  explicit Renewal(fs::path file) : file_(std::move(file)), thread_([this] { renew(); }) {}

  ~Renewal() {
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
    }
    wake_.notify_all();
    thread_.join();
  }

 private:
  void renew() {
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, kRenewEvery, [this] { return ended_; })) touch(file_);
  }

  fs::path file_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool ended_ = false;
  std::thread thread_;  // last: it uses the others
};

Lease::Lease(fs::path file) : renewal_(std::make_unique<Renewal>(std::move(file))) {}
Lease::~Lease() = default;

}  // namespace umm
