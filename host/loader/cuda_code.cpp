#include "loader/cuda_code.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <set>
#include <sstream>

#include "cuda/cuda_driver.h"
#include "process/child_process.h"
#include "umm/error.h"
#include "umm/log.h"

namespace umm {
namespace {

constexpr std::chrono::seconds kTimeLimit(20);

bool runs_on_any(const std::string& architectures, int compute_capability) {
  std::istringstream list(architectures);
  for (std::string architecture; std::getline(list, architecture, ';');)
    if (runs_on(architecture, compute_capability)) return true;
  return false;
}

Refusal refusal_of(const PluginFile& plugin, std::string what, std::string fix) {
  return {.code = "P008",
          .what = std::move(what),
          .file = plugin.file,
          .plugin = plugin_name(plugin.identity),
          .fix = std::move(fix)};
}

// What to compile for: every GPU of the machine, so that curing one does not break another.
std::string configure_again(const std::vector<int>& gpus) {
  const std::string list = fmt::format("{}", fmt::join(std::set<int>(gpus.begin(), gpus.end()), ";"));
  return "configure it again with -DCMAKE_CUDA_ARCHITECTURES=" +
         (list.find(';') == std::string::npos ? list : "'" + list + "'");
}

}  // namespace

std::vector<int> gpus_of_this_machine() {
  static const std::vector<int> gpus = [] {
    const auto ask = [] {
      std::string text;
      for (int device = 0; device < cuda_driver_device_count(); ++device) {
        const int gpu = cuda_compute_capability(device);
        UMM_CHECK(gpu > 0, "GPU ", device, " has no compute capability");
        text += std::to_string(gpu) + " ";
      }
      return text;
    };
    try {
      std::istringstream told(in_child_process(ask, kTimeLimit));
      return std::vector<int>(std::istream_iterator<int>(told), {});
    } catch (const Error& error) {
      log_warning(
          fmt::format("the NVIDIA driver does not say which GPUs there are ({}); CUDA code of plugins is "
                      "loaded unchecked",
                      error.what()));
      return std::vector<int>();
    }
  }();
  return gpus;
}

bool runs_on(std::string_view architecture, int compute_capability) {
  int number = 0;
  const char* const end = architecture.data() + architecture.size();
  const auto [rest, error] = std::from_chars(architecture.data(), end, number);
  if (error != std::errc()) return false;
  std::string_view kind(rest, end - rest);
  char suffix = '\0';
  if (!kind.empty() && kind[0] != '-') {
    suffix = kind[0];
    kind.remove_prefix(1);
  }
  if (kind != "" && kind != "-real" && kind != "-virtual") return false;
  const bool not_older = compute_capability >= number;
  const bool same_major = compute_capability / 10 == number / 10;
  switch (suffix) {
    case '\0':
      return not_older && (same_major || kind != "-real");
    case 'a':
      return compute_capability == number;
    case 'f':
      return not_older && same_major;
    default:
      return false;
  }
}

void check_cuda(const PluginFile& plugin, const Identity& host, const AskGpus& gpus) {
  const std::string architectures = plugin.identity.at("cuda_architectures");
  const std::string version = plugin.identity.at("cuda_version"), major = host.at("torch_cuda_major");
  if (architectures == "none" && version == "none") return;
  if (version.substr(0, version.find('.')) != major) {
    Refusal refusal = refusal_of(plugin, "plugin was compiled by another CUDA than this program's LibTorch",
                                 "compile it with an nvcc of LibTorch's major version");
    refusal.facts = {{"needs", "cuda_version " + version}, {"host", "torch_cuda_major " + major}};
    throw PluginRefused(std::move(refusal));
  }
  const std::vector<int> all = gpus();
  Refusal refusal = refusal_of(plugin, "plugin's CUDA code does not run on every GPU of this machine",
                               configure_again(all));
  refusal.facts = {{"needs", "CUDA architectures " + architectures}};
  std::set<int> told;  // of several alike the first
  for (size_t device = 0; device < all.size(); ++device) {
    const int gpu = all[device];
    if (runs_on_any(architectures, gpu) || !told.insert(gpu).second) continue;
    refusal.facts.emplace_back("host",
                               fmt::format("GPU {}: compute capability {}.{}", device, gpu / 10, gpu % 10));
  }
  if (!told.empty()) throw PluginRefused(std::move(refusal));
}

}  // namespace umm
