#include "results/network_files.h"

#include <fmt/format.h>
#include <sys/vfs.h>

#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "results/store.h"

namespace umm::results {
namespace {

constexpr const char* kAllow = "UMM_ALLOW_NETWORK_DATABASE";

struct FileSystem {
  uint32_t f_type;
  const char* name;
};

// From linux/magic.h and the file systems' own sources; f_type is negative in some kernels' words.
constexpr FileSystem kNetwork[] = {
    {0x00006969, "NFS"},    {0x0000517B, "SMB"},   {0xFF534D42, "CIFS"},     {0xFE534D42, "SMB2"},
    {0x0BD00BD0, "Lustre"}, {0x47504653, "GPFS"},  {0x65735546, "FUSE"},     {0x01021997, "9p"},
    {0x00C36400, "Ceph"},   {0x5346414F, "AFS"},   {0x6B414653, "AFS"},      {0x73757245, "Coda"},
    {0x19830326, "BeeGFS"}, {0xAAD7AAEA, "PanFS"}, {0x20030528, "OrangeFS"},
};

}  // namespace

std::string network_file_system(int64_t f_type) {
  for (const auto& system : kNetwork)
    if (system.f_type == static_cast<uint32_t>(f_type)) return system.name;
  return "";
}

void expect_local_files(const std::string& database_path, int64_t f_type) {
  const std::string name = network_file_system(f_type);
  if (name.empty()) return;
  const char* allow = std::getenv(kAllow);
  if (allow != nullptr && std::string_view(allow) == "1") return;
  throw StoreError(fmt::format(
      "{}: its folder lies on {}, where the locks that keep two writers of a database apart may not work. "
      "Choose an output folder on a local disk. If only one machine ever writes there, {}=1 allows it. "
      "Journals "
      "are safe where they are: a database is made from them at any time.",
      database_path, name, kAllow));
}

void expect_local_files(const std::string& database_path) {
  auto folder = std::filesystem::path(database_path).parent_path();
  if (folder.empty()) folder = ".";
  struct statfs status {};
  // What cannot be asked cannot be opened either; that error names the reason.
  if (statfs(folder.c_str(), &status) == 0) expect_local_files(database_path, status.f_type);
}

}  // namespace umm::results
