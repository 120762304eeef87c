// A sweep of a paper's size: 8 rows x 6 seeds, 553 prompts, 4 pictures each, and texts that try to be markup.
#pragma once

#include <filesystem>
#include <string>

namespace umm::results {

constexpr int kBigRows = 8, kBigSeeds = 6, kBigPrompts = 553, kBigPictures = 4;
constexpr const char* kHostile =
    R"(</script><script>document.title="owned"</script><img src=x onerror=alert(1)>"'&)";

// The folder of "results.sqlite", made once for the whole program. Seed 0 of each row has picture files; the
// other seeds' have been tidied away.
std::filesystem::path big_sweep();

// Its report, written once beside it.
std::filesystem::path big_report();

}  // namespace umm::results
