#include "evaluate/judge_connection.h"

#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "umm/error.h"
#include "umm/file.h"

namespace umm {
namespace {

constexpr const char* kWhitespace = " \t\r\n";
constexpr const char* kNoKeyInFile = ": expected the judge's key in the first line, found none";

std::string first_line(const std::string& text) {
  const std::string line = text.substr(0, text.find('\n'));
  const size_t first = line.find_first_not_of(kWhitespace);
  return first == std::string::npos ? "" : line.substr(first, line.find_last_not_of(kWhitespace) - first + 1);
}

const char* key_in_environment(const JudgeServerConfig& server) {
  const char* key = std::getenv(server.key_variable.c_str());
  // Its name is not shown: somebody may have put the key itself there.
  UMM_CHECK_INPUT(
      key != nullptr && *key != '\0',
      "the judge's key is looked for in the variable that resources.judge.key_variable names, and it "
      "is not set; set it, or name another");
  return key;
}

std::string key_of(const JudgeServerConfig& server) {
  if (!server.key_file.empty()) {
    std::string key = first_line(read_file(server.key_file));
    UMM_CHECK_INPUT(!key.empty(), server.key_file, kNoKeyInFile);
    return key;
  }
  return server.key_variable.empty() ? "" : key_in_environment(server);
}

// What a process holds in memory would stand in its core dump.
void dump_no_core() {
  prctl(PR_SET_DUMPABLE, 0);
}

}  // namespace

// Rationale: a key that is read stays in memory, and this process may still leave a core dump.
void expect_key(const JudgeServerConfig& server) {
  if (server.replay_only) return;
  if (server.key_file.empty()) {
    if (!server.key_variable.empty()) key_in_environment(server);
    return;
  }
  const std::filesystem::path file = server.key_file;
  UMM_CHECK_INPUT(access(file.c_str(), R_OK) == 0, file.string(),
                  ": the judge's key cannot be read: ", std::strerror(errno));
  const bool empty = std::filesystem::is_regular_file(file) && std::filesystem::file_size(file) == 0;
  UMM_CHECK_INPUT(!empty && !std::filesystem::is_directory(file), file.string(), kNoKeyInFile);
}

JudgeConnection connection_without_key(const JudgeServerConfig& server, const std::filesystem::path& output) {
  return {.url = server.url,
          .folder = (output / "judge_replies").string(),
          .replay_only = server.replay_only,
          .parallel = server.parallel,
          .requests_per_minute = server.requests_per_minute,
          .max_tokens = server.max_tokens,
          .max_cost = server.max_cost,
          .price_in = server.price_in,
          .price_out = server.price_out};
}

JudgeConnection judge_connection(const JudgeServerConfig& server, const std::filesystem::path& output) {
  auto connection = connection_without_key(server, output);
  if (!server.replay_only) connection.key = key_of(server);
  if (!connection.key.empty()) dump_no_core();
  return connection;
}

}  // namespace umm
