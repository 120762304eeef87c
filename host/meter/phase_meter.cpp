#include "meter/phase_meter.h"

#include <ATen/Parallel.h>
#include <c10/core/CachingDeviceAllocator.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "cuda/cuda_driver.h"
#include "cuda/device_energy.h"

namespace umm {
namespace {

// Value of the first line "key : value" of a /proc file; "" where there is none.
std::string proc_value(const char* file, const std::string& key) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with(key)) continue;
    const auto begin = line.find_first_not_of(" \t:", key.size());
    return begin == std::string::npos ? "" : line.substr(begin);
  }
  return "";
}

// High-water mark of resident memory; the kernel prints kB.
int64_t peak_host_bytes() {
  const auto text = proc_value("/proc/self/status", "VmHWM");
  return text.empty() ? 0 : std::strtoll(text.c_str(), nullptr, 10) * 1024;
}

// Opened before main(): once a process leaves no core dump (judge_connection.cpp), only root may open it. -1:
// the system has none.
const int kClearRefs = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);

void forget_host_peak() {
  [[maybe_unused]] const ssize_t written = write(kClearRefs, "5", 1);
}

int64_t peak_device_bytes(const c10::Device& device) {
  auto* allocator = c10::getDeviceAllocator(device.type());
  if (!allocator->initialized()) return 0;
  const auto stats = allocator->getDeviceStats(device.index());
  return stats.reserved_bytes[static_cast<size_t>(c10::CachingAllocator::StatType::AGGREGATE)].peak;
}

std::optional<double> joules(const c10::Device& device) {
  return device.is_cpu() ? std::nullopt : cuda_device_joules(device.index());
}

}  // namespace

std::string device_name(const c10::Device& device) {
  if (!device.is_cpu()) return cuda_device_name(device.index());
  const auto model = proc_value("/proc/cpuinfo", "model name");
  return "cpu: " + (model.empty() ? "unnamed" : model) + " x" + std::to_string(at::get_num_threads()) +
         " threads";
}

int64_t memory_in_use(const c10::Device& device) {
  if (device.is_cpu()) {
    int64_t pages = 0;
    std::ifstream in("/proc/self/statm");
    in >> pages >> pages;  // all, resident
    return pages * sysconf(_SC_PAGESIZE);
  }
  auto* allocator = c10::getDeviceAllocator(device.type());
  if (!allocator->initialized()) return 0;
  const auto stats = allocator->getDeviceStats(device.index());
  return stats.reserved_bytes[static_cast<size_t>(c10::CachingAllocator::StatType::AGGREGATE)].current;
}

void set_work(results::CostRow& cost, const std::optional<Work>& work) {
  cost.tokens.reset();
  cost.model_flops.reset();
  if (!work) return;
  cost.model_flops = work->flops;
  if (work->tokens > 0 || work->flops == 0) cost.tokens = work->tokens;
}

PhaseMeter::PhaseMeter(std::string phase, const c10::Device& device)
    : phase_(std::move(phase)),
      device_(device),
      start_(std::chrono::steady_clock::now()),
      start_joules_(joules(device)) {
  forget_host_peak();
  if (!device_.is_cpu()) c10::getDeviceAllocator(device_.type())->resetPeakStats(device_.index());
}

double PhaseMeter::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

results::CostRow PhaseMeter::finish(int64_t images, const Work& work) const {
  if (!device_.is_cpu()) c10::impl::VirtualGuardImpl(device_.type()).synchronizeDevice(device_.index());
  results::CostRow cost;
  cost.phase = phase_;
  cost.device_seconds = seconds();
  cost.device_name = device_name(device_);
  cost.peak_host_bytes = peak_host_bytes();
  cost.peak_device_bytes = device_.is_cpu() ? 0 : peak_device_bytes(device_);
  cost.images = images;
  set_work(cost, work);
  if (const auto now = joules(device_); now && start_joules_ && *now >= *start_joules_)
    cost.energy_joules = *now - *start_joules_;
  return cost;
}

}  // namespace umm
