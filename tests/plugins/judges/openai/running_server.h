// The fake server in a process of its own, and clients of it that wait milliseconds where real ones wait
// seconds.
#pragma once

#include <gmock/gmock.h>
#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "client.h"

namespace umm::openai {

// With characters that JSON may, and URLs must escape.
constexpr const char* kKey = "sk-secret/0123456789+abcdef";

struct Counts {
  int asked = 0;
  std::vector<int> billed;  // of each request that was
  int most_at_once = 0;
  int stolen = 0, visits_to_thief = 0;

  int total_billed() const;
  int billed_twice() const;
};

class RunningServer {
 public:
  explicit RunningServer(const std::string& certificate_file = "");
  ~RunningServer();
  std::string url() const {
    return "http" + std::string(is_tls_ ? "s" : "") + "://127.0.0.1:" + port_ + "/v1";
  }
  const std::string& port() const { return port_; }
  Counts counts() const;

 private:
  pid_t process_ = 0;
  int to_ = -1, from_ = -1;
  std::string port_;
  bool is_tls_;
};

inline Patience impatience() {
  return {.base_seconds = 0.002,
          .cap_seconds = 0.02,
          .longest_pause_seconds = 300,
          .seconds_per_second = 0.01,
          .connect_seconds = 5,
          .request_seconds = 3,
          .grace_seconds = 0.2};
}

// {"id": 7, "script": ["429"]}
JudgeRequest scripted(int id, const std::vector<std::string>& script = {}, int milliseconds = 0);

class WithServer : public ::testing::Test {
 protected:
  WithServer();
  ~WithServer() override;

  std::unique_ptr<Client> client(const JudgeConnection& connection,
                                 const Patience& patience = impatience()) const;
  JudgeConnection connection() const;  // to the server, with its key and a folder
  std::filesystem::path folder() const { return folder_; }

  // What ask() of the client throws as InputError.
  static std::string refusal(Client& client, const JudgeRequest& request);

  std::filesystem::path folder_;
  RunningServer server_;
};

std::string everything_in(const std::filesystem::path& folder);  // names and contents of all files

}  // namespace umm::openai
